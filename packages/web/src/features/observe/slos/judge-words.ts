import { formatCount, formatPercent } from "../../../components/text/format.ts";
import type { Slo, SloJudge, SloStatus } from "./use-slos.ts";

type Share = NonNullable<SloJudge["weighted"]>;
export type EstimateRow = { readonly label: string; readonly note: string; readonly share: Share | null };
type Counts = Pick<
  SloStatus,
  "good" | "lower" | "upper" | "budgetLeft" | "budgetLower" | "budgetUpper" | "n" | "requests"
>;

/** From what was judged to what is estimated for all requests, one step per row. */
export function estimatesOf(status: Counts, judge: SloJudge): EstimateRow[] {
  const { n, requests } = status;
  return [
    {
      label: "Judged",
      note: `${formatCount(n)} of ${formatCount(requests)} requests, each with the same weight.`,
      share: judgedShare(status),
    },
    { label: "All, weighted", note: weightedNote(judge), share: judge.weighted },
    { label: "All, corrected", note: correctedNote(judge), share: judge.corrected },
  ];
}

function judgedShare({ good, lower, upper, budgetLeft, budgetLower, budgetUpper }: Counts): Share | null {
  if (good === null || lower === null || upper === null) return null;
  if (budgetLeft === null || budgetLower === null || budgetUpper === null) return null;
  return { good, lower, upper, budgetLeft, budgetLower, budgetUpper };
}

function weightedNote({ judged, effective, missingDays, weighted }: SloJudge): string {
  if (weighted === null) return "No request was judged by a scorer.";
  const missing =
    missingDays === 0
      ? ""
      : ` ${missingDays === 1 ? "One day" : `${missingDays} days`} without a judged request ${missingDays === 1 ? "is" : "are"} left out.`;
  return `Each day counts with all its requests. The sample is as exact as ${formatCount(Math.round(effective))} equally weighted requests of ${formatCount(judged)}.${missing}`;
}

function correctedNote({ corrected, reason, sensitivity, specificity }: SloJudge): string {
  if (corrected === null) return reason;
  if (sensitivity === null || specificity === null) return "";
  return `By Rogan and Gladen. The judge passes ${formatPercent(sensitivity.value)} of the answers that people pass (sensitivity), and fails ${formatPercent(specificity.value)} of the answers that people fail (specificity). The interval covers the sample and both rates.`;
}

/** What the correction changes for the objective. Empty if it changes nothing for certain. */
export function judgeVerdict({ status, judge, objective }: Pick<Slo, "status" | "judge" | "objective">): string {
  if (!judge?.corrected || status.good === null) return "";
  const { lower, upper } = judge.corrected;
  if (status.good < objective && lower >= objective)
    return "The judge's errors explain the bad requests: without them, the objective is met.";
  if (status.good >= objective && upper < objective)
    return "The judge passes too many requests: without its errors, the objective is missed.";
  return "";
}
