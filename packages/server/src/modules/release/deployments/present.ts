import type { Deployment } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { DeploymentDeps } from "./deps.ts";
import { createDeploymentStore, type DeploymentRow } from "./store.ts";

/** Deployments with the states of their rollouts. */
export async function showDeployments(
  { db, rollouts }: Pick<DeploymentDeps, "db" | "rollouts">,
  { projectId }: Pick<Scope, "projectId">,
  rows: readonly DeploymentRow[],
): Promise<Deployment[]> {
  const ids = rows.map(({ id }) => id);
  const links = await createDeploymentStore(db).listLinks(projectId, ids);
  const all = await rollouts.list(
    { projectId },
    links.map(({ rolloutId }) => rolloutId),
  );
  const states = new Map(all.map(({ id, state }) => [id, state]));
  const byDeployment = Map.groupBy(links, ({ deploymentId }) => deploymentId);
  return rows.map(({ id, projectId: _, createdAt, endedAt, ...row }) => ({
    deploymentId: id,
    ...row,
    rollouts: (byDeployment.get(id) ?? []).flatMap(({ deploymentId: _id, ref: _ref, ...link }) => {
      const state = states.get(link.rolloutId);
      return state ? [{ ...link, state }] : [];
    }),
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }));
}
