import type { SloInput, SloJudge, SloShare } from "@treadle/contract";
import { burnRate, type CorrectedRate, correctedRate } from "@treadle/metrics";
import { type DayCount, daysWithin, type SloCounts, startOfDay } from "./compute-status.ts";
import type { JudgeErrors, SloDeps } from "./deps.ts";

type Goal = Pick<SloInput, "objective" | "windowDays" | "indicator">;
type Measured = JudgeErrors | { readonly reason: string };

const NO_ERRORS = { truePositives: 0, falseNegatives: 0, trueNegatives: 0, falsePositives: 0 };

/** Estimates an SLO over scores for all requests, without the errors of the judge. Null for other indicators. */
export async function estimateJudge(
  { judgeErrorsOf }: Pick<SloDeps, "judgeErrorsOf">,
  projectId: string,
  { goal, counts, now }: { readonly goal: Goal; readonly counts: SloCounts; readonly now: number },
): Promise<SloJudge | null> {
  const { indicator, windowDays } = goal;
  if (indicator.kind !== "score") return null;
  const days = daysWithin(windowDays, counts.days, now);
  const from = new Date(startOfDay(days[0]?.day ?? new Date(now).toISOString().slice(0, 10)));
  const { score, least } = indicator;
  return computeJudge(goal.objective, days, await judgeErrorsOf(projectId, { score, least, from }));
}

/** The weighted and the corrected share of good requests. */
export function computeJudge(objective: number, days: readonly DayCount[], errors: Measured): SloJudge {
  const sample = weigh(days);
  const rate = correctedRate(sample, "counts" in errors ? errors.counts : NO_ERRORS);
  const isKnown = "counts" in errors && rate.corrected !== null;
  return {
    ...sample.counted,
    effective: sample.judged,
    weighted: toShare(objective, rate.raw),
    corrected: isKnown ? toShare(objective, rate.corrected) : null,
    reason: reasonOf(rate, errors),
    sensitivity: toMeasured(rate.sensitivity),
    specificity: toMeasured(rate.specificity),
    ...basisOf(errors),
  };
}

/** Nothing can be corrected without judged requests, whatever is known of the judge. */
const reasonOf = ({ raw, reason }: CorrectedRate, errors: Measured): string =>
  raw === null ? "No request was judged by a scorer." : "reason" in errors ? errors.reason : (reason ?? "");

function basisOf(errors: Measured): Pick<SloJudge, "basis" | "warnings"> {
  if ("reason" in errors) return { basis: null, warnings: [] };
  const pairs = Object.values(errors.counts).reduce((sum, count) => sum + count, 0);
  return { basis: { ...errors.basis, pairs }, warnings: [...errors.warnings] };
}

/**
 * The judged requests as a sample of all requests. A judged request stands for as many requests as its day has for each judged one.
 * Unequal weights make a sample less exact, so its size is Kish's effective size: the square of the sum of the weights over the sum
 * of their squares.
 */
function weigh(days: readonly DayCount[]) {
  const used = days.filter(({ judged }) => judged > 0);
  const total = (of: (day: DayCount) => number) => used.reduce((sum, day) => sum + of(day), 0);
  const requests = total((day) => day.requests);
  const good = total((day) => (day.requests * (day.judged - day.judgedBad)) / day.judged);
  const squares = total((day) => (day.requests * day.requests) / day.judged);
  const effective = squares === 0 ? 0 : (requests * requests) / squares;
  return {
    positives: requests === 0 ? 0 : Math.min(effective, (effective * good) / requests),
    judged: effective,
    counted: {
      judged: total((day) => day.judged),
      judgedBad: total((day) => day.judgedBad),
      missingDays: days.filter((day) => day.requests > 0 && day.judged === 0).length,
    },
  };
}

type Rate = CorrectedRate["raw"];

function toShare(objective: number, rate: Rate): SloShare | null {
  if (rate === null) return null;
  const { value: good, interval } = rate;
  const [lower, upper] = interval;
  const leftAt = (share: number) => 1 - burnRate(1 - share, objective);
  return {
    good,
    lower,
    upper,
    budgetLeft: leftAt(good),
    budgetLower: leftAt(lower),
    budgetUpper: leftAt(upper),
  };
}

const toMeasured = (rate: Rate): SloJudge["sensitivity"] =>
  rate && { value: rate.value, lower: rate.interval[0], upper: rate.interval[1] };
