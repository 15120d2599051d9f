import type { RolloutEvidence, RolloutFinding } from "@treadle/contract";
import { shareOfArms } from "./plan.ts";
import type { StageView } from "./weigh-stage.ts";

type Weighed = Omit<RolloutEvidence, "waitingFor">;
type Waiting = RolloutEvidence["waitingFor"];

/** Below this, the clock is not thought to have jumped. */
export const CLOCK_SLACK_MS = 5_000;

/** What the end of a stage still takes. Empty when the stage is passed. */
export function listWaiting(view: StageView & { readonly stageStartedAt: number }, weighed: Weighed): Waiting {
  const stage = view.plan.stages[view.stage];
  if (!stage) return [];
  if (view.now < view.stageStartedAt - CLOCK_SLACK_MS)
    return [
      entry("clock", "The server's clock is before the start of the stage. The rollout waits until it has caught up."),
    ];
  return [
    ...waitForUnits(view, weighed),
    ...waitForTime(stage.minMinutes, view.observedMs),
    ...weighed.metrics.flatMap(waitForMetric),
  ];
}

function waitForUnits({ plan, stage: place, controlPart }: StageView, { units, requests }: Weighed): Waiting {
  const stage = plan.stages[place];
  const missing = (stage?.minUnits ?? 0) - units.candidate;
  if (!stage || missing <= 0) return [];
  const all = units.candidate + units.control;
  const perUnit = all > 0 ? (requests.candidate + requests.control) / all : 1;
  const more = Math.ceil((missing / shareOfArms(stage.share, controlPart)) * perUnit);
  const message = `The candidate has ${units.candidate} of ${stage.minUnits} units. This takes about ${count(more)} more requests.`;
  return [entry("units", message, more)];
}

function waitForTime(minutes: number, observedMs: number): Waiting {
  const left = Math.ceil(minutes - observedMs / 60_000);
  return left <= 0 ? [] : [entry("time", `The stage lasts at least ${minutes} minutes. ${left} are left.`)];
}

function waitForMetric({ key, metric, status, isRequired, moreRequests, units }: RolloutFinding): Waiting {
  if (status === "harm") return [entry("metric", `The metric ${key} shows harm.`)];
  if (!isRequired || status === "safe") return [];
  if (units.candidate + units.control === 0 && metric.kind === "score" && metric.maturityMinutes > 0)
    return [
      entry("maturity", `Scores of ${metric.name} count ${metric.maturityMinutes} minutes after the request began.`),
    ];
  if (moreRequests === null)
    return [
      entry(
        "metric",
        `The metric ${key} is too close to its margin: no number of requests decides at this difference.`,
      ),
    ];
  const message = `The metric ${key} takes about ${count(moreRequests)} more requests.`;
  return [entry("metric", message, moreRequests)];
}

const entry = (reason: Waiting[number]["reason"], message: string, moreRequests: number | null = null) => ({
  reason,
  message,
  moreRequests,
});

/** Two digits are enough for an estimate. */
function count(requests: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, requests))) - 1);
  return (Math.ceil(requests / step) * step).toLocaleString("en");
}
