import type { RolloutEvidence, RolloutFinding } from "@treadle/contract";
import { errorShareEvidence, RATIO_ALARM, sequentialRatioEValue } from "@treadle/metrics";
import { keyOf, NO_COUNTS } from "../../comparisons/index.ts";
import { adjustMetrics } from "./adjust.ts";
import type { StageCounts } from "./counts.ts";
import { filterOf } from "./filter-of.ts";
import { alphaOf, type FinishedStage, type Plan, shareOfArms, tunedFor } from "./plan.ts";
import { stageEvidence, type Values, weighMetric } from "./weigh-metric.ts";

/** A stage as it is looked at. Its plan has budgets. */
export type StageView = {
  readonly rolloutId: string;
  readonly plan: Plan;
  readonly stage: number;
  /** The control's part of the traffic that is not the candidate's. */
  readonly controlPart: number;
  readonly finished: readonly FinishedStage[];
  readonly observedMs: number;
  /** What the last look at the stage has shown; null for the first one. */
  readonly earlier: Pick<RolloutEvidence, "metrics"> | null;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export const LINE_OF_RATIO = Math.log10(RATIO_ALARM);
const NO_ARMS = { candidate: NO_COUNTS, control: NO_COUNTS };

/** The numbers that a decision about a stage is made from. */
export function weighStage(view: StageView, counts: StageCounts): Omit<RolloutEvidence, "waitingFor"> {
  const { plan, stage } = view;
  const share = plan.stages[stage]?.share ?? 0;
  const { units, requests, excluded, divided } = counts;
  const ratio = sequentialRatioEValue([divided.inside, divided.outside], [share, 1 - share]);
  return {
    at: new Date(view.now).toISOString(),
    stage,
    share,
    units,
    requests,
    excluded,
    ratio: { evidence: Math.log10(Math.min(Math.max(ratio, 1e-300), 1e300)), line: LINE_OF_RATIO },
    metrics: weighMetrics(view, counts),
    observedMinutes: Math.floor(view.observedMs / 60_000),
  };
}

function weighMetrics(view: StageView, counts: StageCounts): RolloutFinding[] {
  const { plan, stage } = view;
  const { units, requests } = counts;
  const valuesOf = readValues(view, counts);
  const unitsOfArms = units.candidate + units.control;
  const context = {
    ...contextOf(view),
    stagesLeft: plan.stages.length - stage - 1,
    requestsPerUnit: unitsOfArms > 0 ? (requests.candidate + requests.control) / unitsOfArms : 1,
    unitsOfArms,
  };
  return plan.guardrails.map((guardrail) => {
    const key = keyOf(guardrail.metric);
    const finished = view.finished.map(({ logEvidence }) => logEvidence[key] ?? 0);
    const filter = filterOf(view.rolloutId, plan.candidate, guardrail);
    return weighMetric(guardrail, valuesOf(key), { ...context, finished, filter });
  });
}

function readValues(view: StageView, counts: StageCounts): (key: string) => Values {
  const adjusted = adjustMetrics(counts, view);
  return (key) => ({ counts: counts.metrics.get(key) ?? NO_ARMS, adjusted: adjusted.get(key) });
}

/** What a stage that is over adds to the evidence of the stages after it. */
export function finishStage(view: StageView, counts: StageCounts): FinishedStage {
  const { plan, stage } = view;
  const context = contextOf(view);
  const valuesOf = readValues(view, counts);
  const entries = plan.guardrails.map((guardrail) => {
    const key = keyOf(guardrail.metric);
    return [key, stageEvidence(guardrail, valuesOf(key), context)] as const;
  });
  return { stage, logEvidence: Object.fromEntries(entries) };
}

/** The key of a metric whose scores are missing more often in one arm; undefined for none. */
export function findUnevenScores({ plan, stage, controlPart }: StageView, counts: StageCounts): string | undefined {
  const share = shareOfArms(plan.stages[stage]?.share ?? 0, controlPart);
  const uneven = plan.guardrails.find(({ metric }) => {
    if (metric.kind !== "score") return false;
    const { candidate, control } = counts.metrics.get(keyOf(metric)) ?? NO_ARMS;
    const all = candidate.missing + control.missing;
    const log = errorShareEvidence([{ treatment: candidate.missing, all, share }], { isTwoSided: true });
    return log >= Math.log(RATIO_ALARM);
  });
  return uneven && keyOf(uneven.metric);
}

function contextOf({ plan, stage, controlPart }: StageView) {
  const current = plan.stages[stage];
  if (!current) throw new Error(`a rollout has no stage ${stage}`);
  const share = shareOfArms(current.share, controlPart);
  return { share, alpha: alphaOf(plan), tunedFor: tunedFor(current, share) };
}
