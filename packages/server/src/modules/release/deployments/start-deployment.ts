import type { AssignBy, Endpoint, RolloutTemplate } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { AliasChange } from "../../train/registry/index.ts";
import type { PreparedRollout } from "../rollouts/index.ts";
import type { DeploymentDeps } from "./deps.ts";
import { createDeploymentStore, type DeploymentRow } from "./store.ts";
import { findUse, type Use, withCandidate } from "./variants.ts";

export type EndpointUse = { readonly endpoint: Endpoint; readonly use: Use };
type Prepared = { readonly use: Use; readonly rollout: PreparedRollout };
type Wish = { readonly change: AliasChange; readonly uses: readonly EndpointUse[]; readonly template: RolloutTemplate };

/** The endpoints that use the alias, with the variant that names it. */
export const findUses = (endpoints: readonly Endpoint[], change: AliasChange): EndpointUse[] =>
  endpoints.flatMap((endpoint) => {
    const use = findUse(endpoint, change);
    return use ? [{ endpoint, use }] : [];
  });

/** Starts a rollout on each endpoint, or on none. */
export async function startDeployment(deps: DeploymentDeps, scope: Scope, wish: Wish): Promise<DeploymentRow> {
  const { change, uses, template } = wish;
  const prepared: Prepared[] = [];
  for (const use of uses) prepared.push(await prepare(deps, scope, { ...use, change, template }));
  const row = newRow(scope, change, deps.clock.now());
  await deps.db.transaction((tx) => write(deps, tx, { scope, row, change, prepared }));
  deps.endpoints.forget(scope.projectId);
  return row;
}

/** Moves the alias immediately, because no endpoint uses it. */
export async function deployWithoutRollout(
  { db, registry, audit, clock }: DeploymentDeps,
  scope: Scope,
  change: AliasChange,
): Promise<DeploymentRow> {
  const now = clock.now();
  const message = "No endpoint uses the alias, so it moved without a rollout.";
  const row = { ...newRow(scope, change, now), state: "deployed", message, endedAt: new Date(now) } as const;
  await db.transaction(async (tx) => {
    const { model, alias, to, reason } = change;
    await registry.moveIn(tx, scope, { model, alias, version: String(to), reason });
    await createDeploymentStore(tx).create(row);
    await audit.record(scope, { action: "deployment.deployed", target: row.id, details: change }, tx);
  });
  registry.forget(scope.projectId);
  return row;
}

type Wanted = EndpointUse & Pick<Wish, "change" | "template">;

async function prepare(deps: DeploymentDeps, scope: Scope, { endpoint, use, change, template }: Wanted) {
  refuseOther(endpoint);
  const planned = { ...endpoint, variants: withCandidate(endpoint.variants, use, change) };
  await deps.endpoints.checkModels(scope, planned);
  const unit = unitOf(endpoint.assignBy, template.unit);
  const plan = { ...template, unit, candidate: use.candidate, control: use.control };
  return { use, rollout: await deps.rollouts.prepare(scope, planned, plan) };
}

function refuseOther({ name, rollout }: Endpoint): void {
  if (rollout === null) return;
  throw new AppError("conflict", {
    message: `The endpoint "${name}" is in a rollout of the variant "${rollout.candidate}" already. Promote it or roll it back, then move the alias.`,
    details: { rolloutId: rollout.rolloutId },
  });
}

/** An endpoint that assigns by another unit counts that unit. */
const unitOf = (assignBy: AssignBy, unit: RolloutTemplate["unit"]) => (assignBy === "auto" ? unit : assignBy);

type Start = {
  readonly scope: Scope;
  readonly row: DeploymentRow;
  readonly change: AliasChange;
  readonly prepared: readonly Prepared[];
};

async function write(deps: DeploymentDeps, tx: Postgres, { scope, row, change, prepared }: Start): Promise<void> {
  const store = createDeploymentStore(tx);
  if (!(await store.create(row))) throw alreadyRunning(row);
  for (const { use, rollout } of prepared) {
    const { endpointId, endpoint } = rollout;
    await deps.endpoints.rewrite(tx, scope, {
      endpointId,
      change: (content) => ({ ...content, variants: withCandidate(content.variants, use, change) }),
    });
    const rolloutId = await deps.rollouts.begin(tx, scope, rollout);
    await store.addLink({ rolloutId, deploymentId: row.id, endpointId, endpoint, ...use });
  }
  const details = { ...change, endpoints: prepared.map(({ rollout }) => rollout.endpoint) };
  await deps.audit.record(scope, { action: "deployment.start", target: row.id, details }, tx);
}

export const alreadyRunning = ({ id, model, alias, toVersion }: DeploymentRow) =>
  new AppError("conflict", {
    message: `${model}@${alias} waits for the rollouts of version ${toVersion}. Promote them or roll them back, then move the alias.`,
    details: { deploymentId: id },
  });

const newRow = ({ projectId, actor }: Scope, { model, alias, from, to, reason }: AliasChange, now: number) =>
  ({
    id: newId("dep", now),
    projectId,
    model,
    alias,
    fromVersion: from,
    toVersion: to,
    state: "running",
    message: "",
    reason,
    createdBy: actor,
    createdAt: new Date(now),
    endedAt: null,
  }) satisfies DeploymentRow;
