import type { RedTeamInput, RedTeamRun } from "@treadle/contract";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { checkInput, type Plan } from "./run/check-input.ts";
import { NOTHING_SPENT, orderOf } from "./run/prepare-red-team.ts";
import type { RedTeamDeps } from "./stores/deps.ts";
import { createRedTeamStore } from "./stores/red-team-store.ts";

type Checked = { readonly input: RedTeamInput; readonly plan: Plan };

export function createStart(deps: RedTeamDeps, get: (scope: Scope, id: string) => Promise<RedTeamRun>) {
  const { db, jobs, audit, clock } = deps;

  async function create(scope: Scope, { input, plan }: Checked): Promise<string> {
    const id = newId("red", clock.now());
    const datasetId = await createDataset(deps, scope, { id, name: input.name });
    await db.transaction(async (tx) => {
      const jobId = await jobs.send(tx, scope, orderOf({ id, name: input.name }));
      const own = { id, projectId: scope.projectId, name: input.name, input, datasetId, jobId };
      const made = { createdBy: scope.actor, createdAt: new Date(clock.now()) };
      await createRedTeamStore(tx).create({ ...own, ...plan, ...made, ...NEW });
      const guards = input.arms.map((arm) => arm.guards.kind);
      const details = { name: input.name, model: input.target.model, guards, budget: input.budget, jobId };
      await audit.record(scope, { action: "red-team-run.start", target: id, details }, tx);
    });
    return id;
  }

  return {
    /** Throws the problems of the input before any call. */
    start: async (scope: Scope, input: RedTeamInput): Promise<RedTeamRun> =>
      get(scope, await create(scope, await checkInput(deps, scope, input))),
  };
}

/** A run before its preparation. */
const NEW = {
  state: "preparing" as const,
  error: null,
  attackerSpent: NOTHING_SPENT,
  warnings: [],
  experimentId: null,
  endedAt: null,
};

async function createDataset(
  { datasets }: RedTeamDeps,
  scope: Scope,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<string> {
  const { datasetId } = await datasets.list.create(scope, {
    name: `Red team: ${name.slice(0, 70)} (${id})`,
    description: "Generated attacks and harmless requests of a red team run.",
    isEvaluation: true,
    schema: { inputs: null, expected: null, metadata: null },
  });
  return datasetId;
}
