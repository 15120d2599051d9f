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

/** What a stage has shown so far. */
export type StageCounts = {
  readonly units: Arms<number>;
  readonly requests: Arms<number>;
  readonly excluded: {
    readonly forced: number;
    readonly otherUnit: number;
    readonly otherShare: number;
    readonly changedVariant: number;
    readonly beganEarlier: number;
  };
  /** Units by where their bucket puts them, whatever answered: inside the candidate's share, and outside. */
  readonly divided: { readonly inside: number; readonly outside: number };
  /** How many configurations have answered in each arm. */
  readonly configurations: Arms<number>;
  readonly metrics: ReadonlyMap<string, Arms<ArmCounts>>;
};
