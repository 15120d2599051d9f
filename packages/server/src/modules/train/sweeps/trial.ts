import type { SweepDimension, SweepSetting } from "@treadle/contract";

export type Settings = Readonly<Record<string, SweepSetting>>;
export type Space = Readonly<Record<string, SweepDimension>>;

/** The data of a trial for samplers and pruners. Values are losses: lower is better. */
export type Seen = {
  readonly params: Settings;
  readonly status: "running" | "done" | "pruned" | "failed";
  /** The best that was measured; null when nothing was. */
  readonly value: number | null;
  /** Steps with their measurements, in order. */
  readonly reports: readonly (readonly [step: number, value: number])[];
};

/** The best of the values up to a step, or null. */
export function bestUpTo({ reports }: Pick<Seen, "reports">, step: number): number | null {
  const values = reports.flatMap(([at, value]) => (at <= step ? [value] : []));
  return values.length === 0 ? null : Math.min(...values);
}
