import type { RolloutEvidence } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { type Decision, decide, type FiringInPlan, firingOf, harmOf } from "../evidence/decide.ts";
import { CLOCK_SLACK_MS } from "../evidence/list-waiting.ts";
import { finishStage } from "../evidence/weigh-stage.ts";
import { createRolloutStore, type RolloutRow } from "../stores/rollout-store.ts";
import { createPoints } from "./add-point.ts";
import type { RolloutDeps } from "./deps.ts";
import { createLook, type Look } from "./look.ts";
import { createSight } from "./see-rollout.ts";
import { beginStage, endRollout, pauseRollout } from "./stage-changes.ts";
import { createTransitions, type Transition, type Transitions } from "./transition.ts";

/** Time without an evaluation, such as while the server is down, counts as observed up to this. */
const MOST_UNOBSERVED_MS = 300_000;

type Subject = { readonly scope: Scope; readonly row: RolloutRow };
type Attempts = Pick<Transitions, "tryApply">;

/** Looks at one rollout and does what follows. Twice in a row is the same as once, and a later transition wins. */
export function createEvaluation(deps: RolloutDeps) {
  const transitions = createTransitions(deps);
  const evaluateOpen = createOpenEvaluation(deps, transitions);
  return async function evaluate(scope: Scope, row: RolloutRow, signal: AbortSignal): Promise<void> {
    if (row.state === "paused") await evaluatePaused(transitions, { scope, row }, deps.clock.now());
    else if (row.state === "running" || row.state === "holding") await evaluateOpen({ scope, row }, signal);
  };
}

async function evaluatePaused({ tryApply }: Attempts, { scope, row }: Subject, now: number): Promise<void> {
  if (row.deadline === null || now < row.deadline.getTime()) return;
  await tryApply(scope, row, {
    kind: "expired",
    reason: "expired",
    message: `It was paused for ${Number(row.plan.maxDays.toPrecision(3))} days. The endpoint can be changed again.`,
    evidence: row.evidence,
    routing: "release",
    changes: endRollout("expired", now),
  });
}

function createOpenEvaluation(deps: RolloutDeps, transitions: Attempts) {
  const store = createRolloutStore(deps.db);
  const { look } = createLook(deps);
  const see = createSight(deps);
  const addPoint = createPoints(deps);
  return async function evaluateOpen({ scope, row }: Subject, signal: AbortSignal): Promise<void> {
    const endpoint = await deps.endpoints.get(scope, row.endpointId);
    const now = deps.clock.now();
    const gap = now - (row.evaluatedAt?.getTime() ?? now);
    const observedMs = row.observedMs + Math.min(Math.max(0, gap), MOST_UNOBSERVED_MS);
    const found = await look({ ...row, observedMs }, endpoint, signal);
    const sighting = await see({ scope, row, endpoint }, found, signal);
    const { evidence } = found;
    const seen = { evidence, observedMs, evaluatedAt: new Date(now), lastError: "" };
    const current = await store.updateAt(row, seen);
    const warned = current && (await warn(transitions, { scope, row: current }, sighting));
    if (!warned) return;
    // Without a valid time there is no decision.
    const isBehind = now < (row.stageStartedAt?.getTime() ?? now) - CLOCK_SLACK_MS;
    const decision: Decision = isBehind ? { kind: "none" } : decide(sighting);
    await addPoint(row, evidence, decision.kind !== "none");
    if (decision.kind !== "none") await transitions.tryApply(scope, warned, toTransition(warned, decision, found));
  };
}

/** Stores the first warning that the rollout does not have yet. Undefined when another transition came first. */
async function warn(
  { tryApply }: Attempts,
  { scope, row }: Subject,
  { evidence, firing }: Warning,
): Promise<RolloutRow | undefined> {
  const found = findHarm(row, evidence) ?? findFiring(row, firing);
  if (!found) return row;
  const { key, ...told } = found;
  return tryApply(scope, row, {
    kind: "warned",
    reason: row.reason,
    ...told,
    evidence: row.evidence,
    routing: "none",
    changes: { warned: [...row.warned, key], message: row.message },
  });
}

type Warning = { readonly evidence: RolloutEvidence; readonly firing: readonly FiringInPlan[] };

function findHarm({ warned, plan }: RolloutRow, { metrics }: RolloutEvidence) {
  const found = metrics.find(
    ({ action, status, key }) => action === "warn" && status === "harm" && !warned.includes(key),
  );
  return found && { key: found.key, message: harmOf(found, plan.candidate) };
}

/** A monitor is told once per incident. */
function findFiring({ warned }: RolloutRow, firing: readonly FiringInPlan[]) {
  const keyOf = ({ monitorId, incidentId }: FiringInPlan) => `monitor ${monitorId} ${incidentId ?? ""}`;
  const found = firing.find((one) => one.action === "warn" && !warned.includes(keyOf(one)));
  return found && { key: keyOf(found), message: firingOf(found), incidentId: found.incidentId };
}

/** The end of a passed stage, whether a person has approved it or nobody had to. */
export function passStage(row: RolloutRow, { view, counts, evidence }: Look, message: string): Transition {
  const { plan, now, stage } = view;
  const common = { message, evidence };
  if (stage === plan.stages.length - 1)
    return {
      ...common,
      kind: "promoted",
      reason: "passed",
      routing: "promote",
      changes: { ...endRollout("promoted", now), evidence },
    };
  const finished = [...row.finished, finishStage(view, counts)];
  return {
    ...common,
    kind: "next-stage",
    reason: "passed",
    routing: "share",
    changes: beginStage({ plan: row.plan, stage: stage + 1, now, finished }),
  };
}

function toTransition(row: RolloutRow, decision: Exclude<Decision, { kind: "none" }>, found: Look): Transition {
  const { reason, message } = decision;
  const { now } = found.view;
  const common = { reason, message, evidence: found.evidence };
  switch (decision.kind) {
    case "next-stage":
    case "promoted":
      return passStage(row, found, message);
    case "holding":
      return {
        ...common,
        incidentId: decision.incidentId,
        kind: "holding",
        routing: "none",
        changes: { state: "holding" },
      };
    case "paused":
      return { ...common, kind: "paused", routing: "share", changes: pauseRollout(row.plan, now) };
    case "rolled-back":
      return {
        ...common,
        incidentId: decision.incidentId,
        kind: "rolled-back",
        routing: "release",
        changes: endRollout("rolled-back", now),
      };
    default:
      return decision satisfies never;
  }
}
