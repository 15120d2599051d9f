import type { Endpoint } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { contentFrom, type EndpointContent } from "./content.ts";
import { createEndpointStore } from "./store.ts";

export type NextVersion = {
  readonly content: EndpointContent;
  /** The version that it repeats; null for none. */
  readonly restoredFrom: number | null;
};
type Rewriting = {
  readonly endpointId: string;
  readonly change: (content: EndpointContent) => EndpointContent | null;
};
type Deps = { readonly db: Postgres; readonly audit: Pick<Audit, "record">; readonly clock: Clock };

/** Stores each change of an endpoint as a version, with its entry in the audit log, or nothing at all. */
export function createWriter({ db, audit, clock }: Deps) {
  return {
    /** Throws `conflict` for a name that another endpoint has. */
    create: (scope: Scope, content: EndpointContent): Promise<Endpoint> =>
      db.transaction((tx) => createEndpoint({ db: tx, audit, clock }, scope, content)),

    /** Makes the content the next version. Throws `not_found`, and `conflict` for a name that another endpoint has. */
    change: (scope: Scope, endpointId: string, next: NextVersion): Promise<Endpoint> =>
      db.transaction((tx) => changeEndpoint({ db: tx, audit, clock }, scope, { endpointId, ...next })),

    /**
     * Makes what `change` returns the next version, within the caller's transaction. A deleted endpoint, or null, changes
     * nothing. Throws `conflict` during a rollout. `forget` must be called after the commit.
     */
    async rewrite(tx: Postgres, scope: Scope, { endpointId, change }: Rewriting): Promise<void> {
      const current = await createEndpointStore(tx).lock(scope.projectId, endpointId);
      const content = current && change(contentFrom(current));
      if (content) await changeEndpoint({ db: tx, audit, clock }, scope, { endpointId, content, restoredFrom: null });
    },

    delete: (scope: Scope, endpointId: string): Promise<void> =>
      db.transaction((tx) => deleteEndpoint({ db: tx, audit, clock }, scope, endpointId)),
  };
}

async function createEndpoint({ db: tx, audit, clock }: Deps, scope: Scope, content: EndpointContent) {
  const store = createEndpointStore(tx);
  const createdAt = new Date(clock.now());
  const id = newId("end", clock.now());
  const row = {
    id,
    projectId: scope.projectId,
    ...content,
    version: 1,
    rollout: null,
    abTest: null,
    createdAt,
    updatedAt: createdAt,
  };
  const created = await store.create(row);
  if (!created) throw nameTaken(content.name);
  const version = { endpointId: id, version: 1, content, restoredFrom: null, createdAt };
  await store.addVersion({ ...version, actor: scope.actor });
  await audit.record(scope, { action: "endpoint.create", target: id, details: content }, tx);
  return created;
}

type Change = NextVersion & { readonly endpointId: string };

async function changeEndpoint(
  { db: tx, audit, clock }: Deps,
  scope: Scope,
  { endpointId, content, restoredFrom }: Change,
): Promise<Endpoint> {
  const store = createEndpointStore(tx);
  const { version: current } = await lockWithoutRollout(store, scope, endpointId);
  if (await store.hasOther(scope.projectId, content.name, endpointId)) throw nameTaken(content.name);
  const createdAt = new Date(clock.now());
  const version = current + 1;
  await store.addVersion({ endpointId, version, content, actor: scope.actor, restoredFrom, createdAt });
  const updated = await store.update(endpointId, { ...content, version, updatedAt: createdAt });
  if (!updated) throw notFound("endpoint", endpointId);
  const details = { ...content, version, ...(restoredFrom !== null && { restoredFrom }) };
  await audit.record(scope, { action: "endpoint.update", target: endpointId, details }, tx);
  return updated;
}

async function deleteEndpoint({ db: tx, audit }: Deps, scope: Scope, endpointId: string): Promise<void> {
  const store = createEndpointStore(tx);
  await lockWithoutRollout(store, scope, endpointId);
  const deleted = await store.delete(scope.projectId, endpointId);
  if (!deleted) throw notFound("endpoint", endpointId);
  const details = { name: deleted.name };
  await audit.record(scope, { action: "endpoint.delete", target: endpointId, details }, tx);
}

/** A rollout compares what is there, so nothing may change under it. */
async function lockWithoutRollout(
  store: ReturnType<typeof createEndpointStore>,
  { projectId }: Scope,
  endpointId: string,
) {
  const current = await store.lock(projectId, endpointId);
  if (!current) throw notFound("endpoint", endpointId);
  const { rollout, abTest, name } = current;
  if (abTest !== null)
    throw new AppError("conflict", {
      message: `The endpoint "${name}" is in an A/B test. Stop it or pick its winner, then change the endpoint.`,
      details: { abTestId: abTest.abTestId },
    });
  if (rollout === null) return current;
  throw new AppError("conflict", {
    message: `The endpoint "${name}" is in a rollout of the variant "${rollout.candidate}". Promote it or roll it back, then change the endpoint.`,
    details: { rolloutId: rollout.rolloutId },
  });
}

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is already an endpoint "${name}". Choose another name, or change the existing endpoint.`,
    details: { param: "name" },
  });
