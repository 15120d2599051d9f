import type { Endpoint } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { BASELINE_DAYS, createBaselineStore, measureBudgets } from "../comparisons/index.ts";
import { checkPlan } from "./check-plan.ts";
import type { Plan } from "./evidence/plan.ts";
import type { RolloutDeps } from "./run/deps.ts";
import { EVALUATE_KIND } from "./run/evaluate-rollouts.ts";
import { beginStage, deadlineOf } from "./run/stage-changes.ts";
import type { Transition, Transitions } from "./run/transition.ts";
import type { RolloutRow } from "./stores/rollout-store.ts";

type Deps = Pick<RolloutDeps, "db" | "jobs" | "columnar" | "endpoints" | "clock">;

const EVERY_SECONDS = 5;

/** Starts a draft: measures its budgets, gives the candidate its first share, and sees to it that it is evaluated. */
export function createStart(deps: Deps, transitions: Pick<Transitions, "apply">) {
  const check = createStartCheck(deps);
  return async function start(scope: Scope, row: RolloutRow): Promise<RolloutRow> {
    const endpoint = await deps.endpoints.get(scope, row.endpointId);
    const budgets = await check(scope, endpoint, row.plan);
    await deps.db.transaction((tx) => follow(deps, tx, scope));
    const started = toStarted(row.plan, { endpoint: endpoint.name, budgets }, deps.clock.now());
    return transitions.apply(scope, row, started);
  };
}

/** Throws unless the endpoint can have such a rollout. Gives the budgets that the guardrails leave open. */
export function createStartCheck({ columnar, clock }: Pick<Deps, "columnar" | "clock">) {
  const baseline = createBaselineStore(columnar);
  return function check(scope: Scope, endpoint: Endpoint, plan: Plan): Promise<Record<string, number>> {
    checkPlan({ endpointId: endpoint.endpointId, ...plan }, endpoint);
    const { control, unit } = plan;
    const from = clock.now() - BASELINE_DAYS * DAY_MS;
    const past = { projectId: scope.projectId, endpoint: endpoint.name, control, unit, from };
    return measureBudgets(baseline, past, plan.guardrails);
  };
}

type Beginning = Pick<RolloutRow, "endpoint" | "budgets">;

/** The transition that gives the candidate its first share. */
export const toStarted = (plan: Plan, beginning: Beginning, now: number): Transition => ({
  kind: "started",
  reason: "person",
  message: "",
  evidence: null,
  routing: "share",
  changes: {
    ...beginStage({ plan, stage: 0, now, finished: [] }),
    ...beginning,
    startedAt: new Date(now),
    deadline: deadlineOf(plan, now),
  },
});

/** Evaluates the project's rollouts every few seconds, from now on. */
export const follow = ({ jobs }: Pick<Deps, "jobs">, tx: Postgres, scope: Scope) =>
  jobs.send(tx, scope, {
    kind: EVALUATE_KIND,
    payload: {},
    title: "Evaluate rollouts",
    key: "rollouts",
    everySeconds: EVERY_SECONDS,
  });
