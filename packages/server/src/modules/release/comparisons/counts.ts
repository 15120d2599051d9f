/** What the units of an arm have shown of a metric. A unit's value is the mean over its requests. */
export type ArmCounts = {
  /** Units with a value. */
  readonly units: number;
  readonly sum: number;
  readonly squares: number;
  /** Units with at least one bad request; for costs and scores 0. */
  readonly flagged: number;
  /** Units whose requests have no value. */
  readonly missing: number;
};
export type Arms<Value> = { readonly candidate: Value; readonly control: Value };

export const NO_COUNTS: ArmCounts = { units: 0, sum: 0, squares: 0, flagged: 0, missing: 0 };
