import type { Endpoint } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { checkTemplate } from "./check-plan.ts";
import type { Plan } from "./evidence/plan.ts";
import type { RolloutDeps } from "./run/deps.ts";
import { endRollout } from "./run/stage-changes.ts";
import { createTransitions, writeTransition } from "./run/transition.ts";
import { createStartCheck, follow, toStarted } from "./start-rollout.ts";
import { createRolloutStore, OPEN_STATES } from "./stores/rollout-store.ts";
import { insertDraftIn, newDraft } from "./write-drafts.ts";

/** What a rollout needs to begin. */
export type PreparedRollout = {
  readonly endpointId: string;
  readonly endpoint: string;
  readonly plan: Plan;
  readonly budgets: Record<string, number>;
};

/** Rollouts that a deployment starts and ends. */
export function createForDeployments(deps: RolloutDeps) {
  const check = createStartCheck(deps);
  return {
    /** Throws unless the endpoint, as it will be, can have such a rollout. */
    async prepare(scope: Scope, endpoint: Endpoint, plan: Plan): Promise<PreparedRollout> {
      const budgets = await check(scope, endpoint, plan);
      return { endpointId: endpoint.endpointId, endpoint: endpoint.name, plan, budgets };
    },

    checkTemplate,

    begin: (tx: Postgres, scope: Scope, prepared: PreparedRollout): Promise<string> =>
      begin(deps, tx, { scope, prepared }),
    rollBackOpen: createRollBackOpen(deps),
    /** The rollouts with their states, in no order. */
    list: ({ projectId }: Pick<Scope, "projectId">, ids: readonly string[]) =>
      createRolloutStore(deps.db).listByIds(projectId, ids),
  };
}
export type ForDeployments = ReturnType<typeof createForDeployments>;

type Beginning = { readonly scope: Scope; readonly prepared: PreparedRollout };

/** Drafts and starts a rollout within the caller's transaction. */
async function begin(deps: RolloutDeps, tx: Postgres, { scope, prepared }: Beginning): Promise<string> {
  const { endpointId, endpoint, plan, budgets } = prepared;
  const now = deps.clock.now();
  const row = newDraft(scope, { endpointId, endpoint, plan }, now);
  await insertDraftIn(deps, tx, { scope, row });
  const started = await writeTransition(deps, tx, {
    scope,
    row,
    transition: toStarted(plan, { endpoint, budgets }, now),
  });
  if (!started) throw new AppError("conflict");
  await follow(deps, tx, scope);
  return row.id;
}

/** Rolls a rollout back because another rollout of its deployment was. An ended rollout stays as it is. */
function createRollBackOpen(deps: RolloutDeps) {
  // The caller settles by itself.
  const transitions = createTransitions({ ...deps, settle: async () => {} });
  return async function rollBackOpen(scope: Scope, rolloutId: string, message: string): Promise<void> {
    const row = await createRolloutStore(deps.db).find(scope.projectId, rolloutId);
    if (!row || !OPEN_STATES.some((state) => state === row.state)) return;
    await transitions.tryApply(scope, row, {
      kind: "rolled-back",
      reason: "deployment",
      message,
      evidence: row.evidence,
      routing: "release",
      changes: endRollout("rolled-back", deps.clock.now()),
    });
  };
}
