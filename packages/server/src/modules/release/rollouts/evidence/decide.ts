import type { RolloutEvidence, RolloutFinding, RolloutMonitor, RolloutReason } from "@treadle/contract";
import { isRate } from "../../comparisons/index.ts";
import type { Plan } from "./plan.ts";

/** A firing monitor of the plan, with what the plan wants to happen. */
export type FiringInPlan = Pick<RolloutMonitor, "action"> & {
  readonly monitorId: string;
  readonly name: string;
  readonly incidentId: string | null;
};

/** What an evaluation has seen of a running or holding rollout. */
export type Sighting = {
  readonly plan: Plan;
  readonly state: "running" | "holding";
  readonly stage: number;
  readonly evidence: RolloutEvidence;
  /** The candidate failed five times in 30 seconds. */
  readonly isDown: boolean;
  readonly isPastDeadline: boolean;
  /** The arm that was answered by more than one configuration; null for none. */
  readonly changedArm: "candidate" | "control" | null;
  /** Why a variant cannot answer; empty if both can. */
  readonly unavailable: string;
  /** The metric whose scores are missing more often in one arm. */
  readonly unevenScores: string | undefined;
  readonly firing: readonly FiringInPlan[];
};

export type Decision =
  | {
      readonly kind: "rolled-back" | "holding" | "paused";
      readonly reason: RolloutReason;
      readonly message: string;
      /** The incident of the monitor that caused it. */
      readonly incidentId?: string | null;
    }
  | { readonly kind: "next-stage" | "promoted"; readonly reason: "passed"; readonly message: string }
  | { readonly kind: "none" };

/** A metric without a value is not called absent before this. */
const LEAST_MINUTES = 5;

/** The one thing that follows from the evidence. What protects users comes first, and nothing inconclusive is promoted. */
export function decide(sighting: Sighting): Decision {
  const { plan, state, evidence, isDown, isPastDeadline } = sighting;
  const { candidate } = plan;
  if (isDown)
    return is(
      "rolled-back",
      "failures",
      `"${candidate}" failed at least 5 times within 30 seconds, in half of its requests or more.`,
    );
  const harmful = evidence.metrics.filter(({ status }) => status === "harm");
  const worst = harmful.find(({ action }) => action === "rollback");
  if (worst) return is("rolled-back", "harm", harmOf(worst, candidate));
  const fatal = sighting.firing.find(({ action }) => action === "rollback");
  if (fatal) return byMonitor("rolled-back", fatal);
  if (isPastDeadline) return inconclusive(sighting);
  if (state === "holding") return { kind: "none" };
  return findProblem(sighting, harmful) ?? findProgress(sighting);
}

function findProblem({ plan, evidence, ...sighting }: Sighting, harmful: readonly RolloutFinding[]): Decision | null {
  const { ratio } = evidence;
  if (ratio.evidence >= ratio.line)
    return is(
      "holding",
      "ratio",
      "The units are not divided as intended. Find out which requests of an arm leave no trace, then resume.",
    );
  const stopping = sighting.firing.find(({ action }) => action === "hold");
  if (stopping) return byMonitor("holding", stopping);
  const held = harmful.find(({ action }) => action === "hold");
  if (held) return is("holding", "harm", harmOf(held, plan.candidate));
  const { changedArm, unavailable, unevenScores } = sighting;
  if (changedArm !== null)
    return is(
      "holding",
      "configuration",
      `The ${changedArm} changed during the stage: its prompt, its model or its connection is another one. Resume to start the stage again.`,
    );
  if (unavailable !== "") return is("holding", "unavailable", unavailable);
  if (unevenScores !== undefined)
    return is(
      "holding",
      "missing-scores",
      `Requests without ${unevenScores} are more frequent in one arm, so its values cannot be compared.`,
    );
  return null;
}

function findProgress({ plan, stage, evidence }: Sighting): Decision {
  const { waitingFor, metrics } = evidence;
  if (waitingFor.length === 0) return finish(plan, stage);
  const absent = metrics.find(
    ({ units, action, isRequired }) =>
      Math.min(units.candidate, units.control) === 0 && (isRequired || action !== "warn"),
  );
  const isComplete = waitingFor.every(({ reason }) => reason === "metric" || reason === "maturity");
  if (!isComplete || !absent || !hasMatured(evidence)) return { kind: "none" };
  return is(
    "holding",
    "no-metric",
    `The stage has its units and minutes, but an arm has no value for ${absent.key}. Check that it is recorded, then resume.`,
  );
}

/** Whether values of the stage's first requests have had the time to arrive. */
function hasMatured({ metrics, observedMinutes }: RolloutEvidence): boolean {
  const times = metrics.flatMap(({ metric }) => (metric.kind === "score" ? [metric.maturityMinutes] : []));
  return observedMinutes >= Math.max(LEAST_MINUTES, 2 * Math.max(0, ...times));
}

function finish(plan: Plan, stage: number): Decision {
  const { needsApproval } = plan.stages[stage] ?? {};
  const isLast = stage === plan.stages.length - 1;
  const passed = `Stage ${stage + 1} is passed.`;
  if (needsApproval)
    return is("holding", "approval", `${passed} Approve it to ${isLast ? "promote the candidate" : "continue"}.`);
  if (isLast)
    return {
      kind: "promoted",
      reason: "passed",
      message: `${passed} "${plan.candidate}" has the traffic of "${plan.control}" now.`,
    };
  const next = plan.stages[stage + 1]?.share ?? 0;
  return {
    kind: "next-stage",
    reason: "passed",
    message: `${passed} The candidate gets ${percent(next)} of the units now.`,
  };
}

function inconclusive({ plan, evidence, stage, state }: Sighting): Decision {
  const rest = evidence.waitingFor.map(({ message }) => message).join(" ");
  const why = state === "holding" ? "It was still holding." : rest;
  const message = `No decision within ${show(plan.maxDays)} days, in stage ${stage + 1}. ${why}`.trim();
  return is(plan.onInconclusive === "pause" ? "paused" : "rolled-back", "inconclusive", message);
}

const byMonitor = (kind: "rolled-back" | "holding", monitor: FiringInPlan): Decision => ({
  kind,
  reason: "monitor",
  message: firingOf(monitor),
  incidentId: monitor.incidentId,
});

/** The monitor and its incident, in words. */
export const firingOf = ({ name, incidentId }: Pick<FiringInPlan, "name" | "incidentId">): string =>
  `The monitor "${name}" is firing${incidentId === null ? "" : `, see incident ${incidentId}`}.`;

/** The metric and both values, in words. */
export function harmOf({ key, metric, values, evidence, line }: RolloutFinding, candidate: string): string {
  const showValue = (value: number | null) => (isRate(metric) && value !== null ? percent(value) : show(value));
  const [mine, other] = [showValue(values.candidate), showValue(values.control)];
  const strength = `evidence ${show(10 ** Math.min(evidence, 12))}, line ${show(10 ** line)}`;
  return `"${candidate}" is worse in ${key}: ${mine} against ${other} (${strength}).`;
}

const show = (value: number | null) =>
  value === null ? "no value" : Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;

const is = (kind: "rolled-back" | "holding" | "paused", reason: RolloutReason, message: string): Decision => ({
  kind,
  reason,
  message,
});
