import type { AbTestArmReport, AbTestReport } from "@treadle/contract";
import { RATIO_ALARM, sequentialRatioEValue } from "@treadle/metrics";
import { keyOf, type Measure, NO_COUNTS } from "../../comparisons/index.ts";
import { type ArmsData, NO_DATA, type Past } from "../stores/arm-data.ts";
import type { Plan } from "../stores/plan.ts";
import { compareArm, describeControl } from "./find-harm.ts";

/** A test as it is looked at. Its metrics have budgets. */
export type View = Pick<Plan, "arms" | "control" | "metrics" | "alpha" | "expectedUnits"> & {
  readonly abTestId: string;
  /** By the key of the metric. */
  readonly past: ReadonlyMap<string, Past>;
};

type Excluded = AbTestReport["excluded"];
export type ReportParts = {
  readonly arms: ArmsData;
  readonly excluded: Omit<Excluded, "changedVariant">;
  /** Units by the arm that their bucket lies in, in the order of the arms. */
  readonly divided: readonly number[];
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** How many intervals a report has: each metric of each arm against the control. */
export const comparisonsOf = ({ arms, metrics }: Pick<View, "arms" | "metrics">): number =>
  (arms.length - 1) * metrics.length;

/** The report of a test: Bonferroni over arms and metrics, so that any wrong verdict at any look has the probability alpha. */
export function buildReport(view: View, { arms, excluded, divided, now }: ReportParts): AbTestReport {
  const comparisons = comparisonsOf(view);
  const alpha = view.alpha / comparisons;
  const ratio = sequentialRatioEValue(
    divided,
    view.arms.map(({ share }) => share),
  );
  return {
    at: new Date(now).toISOString(),
    alpha,
    comparisons,
    arms: buildArms(view, arms, alpha),
    excluded: { ...excluded, changedVariant: arms.get("*")?.units ?? 0 },
    ratio: {
      evidence: Math.log10(Math.min(Math.max(ratio, 1e-300), 1e300)),
      line: Math.log10(RATIO_ALARM),
      isEven: ratio < RATIO_ALARM,
    },
  };
}

/** Each arm with its metrics, at this alpha of one comparison. */
export const buildArms = (view: View, data: ArmsData, alpha: number): AbTestArmReport[] =>
  view.arms.map(({ variant, share }) => {
    const { units, requests } = data.get(variant) ?? NO_DATA;
    return {
      variant,
      share,
      units,
      requests,
      metrics: view.metrics.map((measure) => findingOf(view, { data, variant, measure, alpha })),
      filter: `rollout:${view.abTestId} variant:${variant}`,
    };
  });

type Wanted = {
  readonly data: ArmsData;
  readonly variant: string;
  readonly measure: Measure;
  readonly alpha: number;
};

function findingOf(view: View, { data, variant, measure, alpha }: Wanted) {
  const { control, arms, expectedUnits: tunedFor, past } = view;
  const key = keyOf(measure.metric);
  const countsOf = (arm: string) => data.get(arm)?.metrics.get(key) ?? NO_COUNTS;
  if (variant === control) return describeControl(measure, countsOf(control));
  const shareOf = (arm: string) => arms.find((one) => one.variant === arm)?.share ?? 0;
  return compareArm({
    measure,
    arm: variant,
    control,
    counts: { arm: countsOf(variant), control: countsOf(control) },
    share: shareOf(variant) / (shareOf(variant) + shareOf(control)),
    alpha,
    tunedFor,
    past: past.get(key),
  });
}
