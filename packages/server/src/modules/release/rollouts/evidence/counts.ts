import type { CovariateSums } from "@treadle/metrics";
import type { ArmCounts, Arms } from "../../comparisons/index.ts";

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
  /** How the units' own past goes with a metric, where it is looked at. */
  readonly covariates: ReadonlyMap<string, Arms<CovariateSums>>;
};
