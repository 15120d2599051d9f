import type { CovariateSums } from "@treadle/metrics";
import type { ArmCounts } from "../../comparisons/index.ts";

/** What the units of an arm have shown, by the keys of the metrics. */
export type ArmData = {
  readonly units: number;
  readonly requests: number;
  readonly metrics: ReadonlyMap<string, ArmCounts>;
};

/** By variant. */
export type ArmsData = ReadonlyMap<string, ArmData>;

/** How the users' own past explains a metric. */
export type Past = {
  /** Until the report, by variant. */
  readonly sums: ReadonlyMap<string, CovariateSums>;
  /** Until the beginning of the day, over all arms: the slope comes from here, so that it does not change with each look. */
  readonly fitted: CovariateSums;
};

export const NO_DATA: ArmData = { units: 0, requests: 0, metrics: new Map() };
