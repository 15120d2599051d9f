import type { RolloutState } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { RolloutDeps } from "./run/deps.ts";
import { passStage } from "./run/evaluate-rollout.ts";
import { createLook } from "./run/look.ts";
import { beginStage, deadlineOf, endRollout, pauseRollout } from "./run/stage-changes.ts";
import { createTransitions, type Transition, type Transitions } from "./run/transition.ts";
import { createStart } from "./start-rollout.ts";
import type { RolloutRow } from "./stores/rollout-store.ts";

type Verb = "start" | "pause" | "resume" | "approve" | "promote" | "roll back";

/** The states in which a person can do it. */
const ALLOWED: Readonly<Record<Verb, readonly RolloutState[]>> = {
  start: ["draft"],
  pause: ["running", "holding"],
  resume: ["paused", "holding"],
  approve: ["holding"],
  promote: ["running", "holding", "paused"],
  "roll back": ["running", "holding", "paused"],
};

type Change = Pick<Transition, "kind" | "routing" | "changes">;
type Act = (scope: Scope, row: RolloutRow, change: Change) => Promise<RolloutRow>;

/** What people do with rollouts. Each decision is stored with the evidence of its moment. */
export function createActs(deps: RolloutDeps) {
  const { clock } = deps;
  const transitions = createTransitions(deps);
  const startDraft = createStart(deps, transitions);
  const act = createAct(transitions);
  return {
    start(scope: Scope, row: RolloutRow) {
      refuseUnless("start", row);
      return startDraft(scope, row);
    },

    ...createPauses(act, clock),
    approve: createApproval(deps, transitions),
    ...createEnds(act, clock),
  };
}

/** A transition that a person wants. */
const createAct =
  (transitions: Pick<Transitions, "apply">): Act =>
  (scope, row, { kind, routing, changes }) =>
    transitions.apply(scope, row, {
      kind,
      routing,
      changes,
      reason: "person",
      message: "",
      evidence: row.evidence,
    });

const createPauses = (act: Act, clock: Clock) => ({
  pause(scope: Scope, row: RolloutRow) {
    refuseUnless("pause", row);
    return act(scope, row, { kind: "paused", routing: "share", changes: pauseRollout(row.plan, clock.now()) });
  },

  /** The stage begins again, and so does the evidence: a person has seen what there was. */
  resume(scope: Scope, row: RolloutRow) {
    refuseUnless("resume", row);
    const now = clock.now();
    const stage = beginStage({ plan: row.plan, stage: row.stage ?? 0, now, finished: [] });
    const changes = { ...stage, warned: [], deadline: deadlineOf(row.plan, now) };
    return act(scope, row, { kind: "resumed", routing: "share", changes });
  },
});

function createApproval(deps: RolloutDeps, transitions: Pick<Transitions, "apply">) {
  const { look } = createLook(deps);
  return async function approve(scope: Scope, row: RolloutRow, signal: AbortSignal) {
    refuseUnless("approve", row);
    if (row.reason !== "approval")
      throw new AppError("conflict", {
        message: `This rollout does not wait for approval. ${row.message} Resume it, promote it or roll it back.`,
        details: { rolloutId: row.id, reason: row.reason },
      });
    const endpoint = await deps.endpoints.get(scope, row.endpointId);
    const transition = passStage(row, await look(row, endpoint, signal), "A person approved the stage.");
    return transitions.apply(scope, row, { ...transition, reason: "person" });
  };
}

const createEnds = (act: Act, clock: Clock) => ({
  promote(scope: Scope, row: RolloutRow) {
    refuseUnless("promote", row);
    return act(scope, row, { kind: "promoted", routing: "promote", changes: endRollout("promoted", clock.now()) });
  },

  rollBack(scope: Scope, row: RolloutRow) {
    refuseUnless("roll back", row);
    return act(scope, row, {
      kind: "rolled-back",
      routing: "release",
      changes: endRollout("rolled-back", clock.now()),
    });
  },
});

function refuseUnless(verb: Verb, { state, id }: RolloutRow): void {
  if (ALLOWED[verb].includes(state)) return;
  throw new AppError("conflict", {
    message: `You cannot ${verb} a rollout that is ${state}. It must be ${ALLOWED[verb].join(" or ")}.`,
    details: { rolloutId: id, state },
  });
}
