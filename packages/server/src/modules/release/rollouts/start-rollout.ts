import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { checkPlan } from "./check-plan.ts";
import { keyOf, type Plan } from "./evidence/plan.ts";
import type { RolloutDeps } from "./run/deps.ts";
import { EVALUATE_KIND } from "./run/evaluate-rollouts.ts";
import { beginStage, deadlineOf } from "./run/stage-changes.ts";
import type { Transitions } from "./run/transition.ts";
import { type BaselineStore, createBaselineStore, type Past } from "./stores/baseline-store.ts";
import type { RolloutRow } from "./stores/rollout-store.ts";

type Deps = Pick<RolloutDeps, "db" | "jobs" | "columnar" | "endpoints" | "clock">;

const EVERY_SECONDS = 5;
export const BASELINE_DAYS = 7;

/** Starts a draft: measures its budgets, gives the candidate its first share, and sees to it that it is evaluated. */
export function createStart(deps: Deps, transitions: Pick<Transitions, "apply">) {
  const { endpoints, clock } = deps;
  const baseline = createBaselineStore(deps.columnar);
  return async function start(scope: Scope, row: RolloutRow): Promise<RolloutRow> {
    const endpoint = await endpoints.get(scope, row.endpointId);
    const { plan, endpointId } = row;
    checkPlan({ endpointId, ...plan }, endpoint);
    const { control, unit } = plan;
    const from = clock.now() - BASELINE_DAYS * DAY_MS;
    const past = { projectId: scope.projectId, endpoint: endpoint.name, control, unit, from };
    const budgets = await measureBudgets(baseline, past, plan);
    await follow(deps, scope);
    const now = clock.now();
    const began = { endpoint: endpoint.name, budgets, startedAt: new Date(now), deadline: deadlineOf(plan, now) };
    return transitions.apply(scope, row, {
      kind: "started",
      reason: "person",
      message: "",
      evidence: null,
      routing: "share",
      changes: { ...beginStage({ plan, stage: 0, now, finished: [] }), ...began },
    });
  };
}

/** The control's 95th percentiles, for the guardrails of the plan that have no budget. */
async function measureBudgets(baseline: BaselineStore, past: Past, plan: Plan): Promise<Record<string, number>> {
  const open = plan.guardrails.flatMap(({ metric }) =>
    (metric.kind === "latency" || metric.kind === "first-token") && metric.budgetMs === null ? [metric] : [],
  );
  if (open.length === 0) return {};
  const total = await baseline.total(past);
  return Object.fromEntries(
    open.map((metric) => {
      const measured = metric.kind === "latency" ? total.p95_ms : total.p95_ttft_ms;
      if (measured !== null) return [keyOf(metric), measured];
      const what = metric.kind === "latency" ? "requests" : "streams";
      throw new AppError("unprocessable", {
        message: `The variant "${plan.control}" answered no ${what} in the last ${BASELINE_DAYS} days, so its 95th percentile is unknown. Set a budget in milliseconds for ${keyOf(metric)}.`,
        details: { param: "guardrails" },
      });
    }),
  );
}

/** Evaluates the project's rollouts every few seconds, from now on. */
const follow = ({ db, jobs }: Pick<Deps, "db" | "jobs">, scope: Scope) =>
  db.transaction((tx) =>
    jobs.send(tx, scope, {
      kind: EVALUATE_KIND,
      payload: {},
      title: "Evaluate rollouts",
      key: "rollouts",
      everySeconds: EVERY_SECONDS,
    }),
  );
