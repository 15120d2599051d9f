import type { RolloutState } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { DeploymentDeps } from "./deps.ts";
import { createDeploymentStore, type DeploymentRow, type LinkRow } from "./store.ts";
import { withoutCandidate } from "./variants.ts";

const FAILED: ReadonlySet<RolloutState | undefined> = new Set(["rolled-back", "expired"]);

type Ending = { readonly state: "deployed" | "rolled-back"; readonly message: string };

/**
 * Ends the deployments whose rollouts have decided. All promoted: the alias moves. One rolled back or expired: the others
 * are rolled back too, and the alias stays. In both cases the endpoints use the alias again, without candidates.
 */
export function createSettle(deps: DeploymentDeps) {
  const { db, endpoints, registry } = deps;
  return async function settle(projectId: string): Promise<void> {
    for (const row of await createDeploymentStore(db).listRunning(projectId)) {
      const links = await createDeploymentStore(db).listLinks(projectId, [row.id]);
      const ending = await decide(deps, row, links);
      if (!ending) continue;
      await end(deps, { row, links, ending });
      registry.forget(projectId);
      endpoints.forget(projectId);
    }
  };
}

/** Undefined while rollouts are open. */
async function decide(
  { rollouts }: DeploymentDeps,
  { projectId, toVersion }: DeploymentRow,
  links: readonly LinkRow[],
): Promise<Ending | undefined> {
  const ids = links.map(({ rolloutId }) => rolloutId);
  const states = new Map((await rollouts.list({ projectId }, ids)).map(({ id, state }) => [id, state]));
  const failed = links.find(({ rolloutId }) => FAILED.has(states.get(rolloutId)));
  if (failed) {
    const message = `Version ${toVersion} was not deployed, because its rollout on the endpoint "${failed.endpoint}" was ${states.get(failed.rolloutId) === "expired" ? "paused until it expired" : "rolled back"}.`;
    for (const id of ids) await rollouts.rollBackOpen(systemScope(projectId), id, message);
    return { state: "rolled-back", message };
  }
  return ids.every((id) => states.get(id) === "promoted") ? { state: "deployed", message: "" } : undefined;
}

type End = { readonly row: DeploymentRow; readonly links: readonly LinkRow[]; readonly ending: Ending };

/** What prevents the end is shown with the deployment, and the next evaluation tries again. */
async function end(deps: DeploymentDeps, given: End): Promise<void> {
  try {
    await deps.db.transaction((tx) => write(deps, tx, given));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { id, projectId } = given.row;
    await createDeploymentStore(deps.db).update(projectId, id, { message: error.message.slice(0, 2_000) });
  }
}

async function write({ endpoints, registry, audit, clock }: DeploymentDeps, tx: Postgres, { row, links, ending }: End) {
  const { id, projectId, model, alias, fromVersion, toVersion, createdBy } = row;
  const store = createDeploymentStore(tx);
  if ((await store.lock(projectId, id))?.state !== "running") return;
  const scope: Scope = { ...systemScope(projectId), actor: createdBy };
  if (ending.state === "deployed") {
    const reason = row.reason || `All rollouts of the deployment ${id} were promoted.`;
    await registry.moveIn(tx, scope, { model, alias, version: String(toVersion), reason });
  }
  const pinned = `${model}@v${fromVersion}`;
  for (const { endpointId, ...use } of links)
    await endpoints.rewrite(tx, scope, {
      endpointId,
      change(content) {
        const variants = withoutCandidate(content.variants, use, pinned);
        return variants && { ...content, variants };
      },
    });
  await store.update(projectId, id, { ...ending, endedAt: new Date(clock.now()) });
  const details = { model, alias, fromVersion, toVersion, message: ending.message };
  await audit.record(scope, { action: `deployment.${ending.state}`, target: id, details }, tx);
}
