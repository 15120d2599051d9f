import type {
  ComputeKind,
  ComputeSettings,
  ComputeTarget,
  ComputeTargetInput,
  ComputeTargetPatch,
} from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Cluster, LaunchManifest, LaunchOrder, RemoteLauncher } from "../../../platform/launch/port.ts";
import type { Outbound } from "../../../platform/outbound/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { SealedSecret, Secrets } from "../../../platform/secrets/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { mapPaths } from "./map-path.ts";
import { type ComputeTargetRow, createComputeTargetStore, listSomeTargets, toComputeTarget } from "./store.ts";

export type ComputeCluster = Cluster<ComputeSettings>;

export type ComputeTargetsDeps = {
  readonly db: Postgres;
  readonly secrets: Secrets;
  readonly audit: Pick<Audit, "record">;
  readonly outbound: Pick<Outbound, "checkUrl">;
  readonly clock: Clock;
  /** The clusters themselves, of every kind. */
  readonly clusters: {
    check(cluster: ComputeCluster, signal?: AbortSignal): Promise<string>;
    open(cluster: ComputeCluster): RemoteLauncher;
    /** The manifest for an order. Null if the target uses no manifest. */
    manifest(cluster: ComputeCluster, order: LaunchOrder): LaunchManifest | null;
  };
  /** The name of an active run on a target. Undefined if there is none. */
  readonly findRunOn: (projectId: string, target: string) => Promise<string | undefined>;
};

const MOST_TARGETS = 50;
const originOf = (url: string) => new URL(url).origin;
/** A token is bound to the host that it was given for, and opens for no other. */
const contextOf = ({ id, url }: Pick<ComputeTargetRow, "id" | "url">) => `compute target ${id} ${originOf(url)}`;

/** The newest stored tokens of all projects, sealed. */
export async function listSealedTokens(db: Postgres): Promise<SealedSecret[]> {
  const rows = await listSomeTargets(db);
  return rows.flatMap((row) => (row.sealedToken === null ? [] : [{ value: row.sealedToken, context: contextOf(row) }]));
}

/** The project's compute targets. Tokens are stored and never returned. */
export function createComputeTargets(deps: ComputeTargetsDeps) {
  const { db, clock, clusters } = deps;
  const get = async (scope: Scope, id: string) => toComputeTarget(await getRow(db, scope, id));

  return {
    get,
    ...createTargetChanges(deps),

    list: async (scope: Scope): Promise<ComputeTarget[]> =>
      (await createComputeTargetStore(db).list(scope.projectId)).map(toComputeTarget),

    /** Tests the cluster with the stored settings. A problem is the result, not an error. */
    async test(scope: Scope, id: string, signal?: AbortSignal) {
      const row = await getRow(db, scope, id);
      const startedAt = clock.elapsed();
      const took = () => Math.round(clock.elapsed() - startedAt);
      try {
        return { ok: true, message: await clusters.check(toCluster(deps, row), signal), durationMs: took() };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { ok: false, message: error.message, durationMs: took() };
      }
    },

    /** For training: a target by its name, opened. Throws `unprocessable` if there is none of that kind. */
    async open(projectId: string, { name, kind }: { readonly name: string; readonly kind: ComputeKind }) {
      const row = await createComputeTargetStore(db).findNamed(projectId, name);
      if (!row || row.settings.kind !== kind) throw unknownTarget({ name, kind, row });
      const { toHere } = mapPaths(row);
      const cluster = toCluster(deps, row);
      return {
        name,
        settings: row.settings,
        launcher: clusters.open(cluster),
        toThere: cluster.toThere,
        toHere,
        manifestFor: (order: LaunchOrder) => clusters.manifest(cluster, order),
      };
    },
  };
}
export type ComputeTargets = ReturnType<typeof createComputeTargets>;

type Asked = { readonly name: string; readonly kind: ComputeKind; readonly row: ComputeTargetRow | undefined };

function unknownTarget({ name, kind, row }: Asked): AppError {
  const message = row
    ? `The compute target "${name}" is of the kind ${row.settings.kind}, not ${kind}. Name another compute target, or change \`launcher.type\`.`
    : `There is no compute target "${name}" in this project. Add it under Settings, Compute, or name another compute target.`;
  return new AppError("unprocessable", { message, details: { param: "launcher.target" } });
}

function toCluster({ secrets }: Pick<ComputeTargetsDeps, "secrets">, row: ComputeTargetRow): ComputeCluster {
  const token = row.sealedToken === null ? null : secrets.open(row.sealedToken, contextOf(row));
  return { url: row.url, settings: row.settings, token, toThere: mapPaths(row).toThere };
}

async function getRow(db: Postgres, scope: Scope, id: string): Promise<ComputeTargetRow> {
  const row = await createComputeTargetStore(db).find(scope.projectId, id);
  if (!row) throw notFound("compute target", id);
  return row;
}

/** Changes of a target, each in one transaction with its audit entry. */
function createTargetChanges(deps: ComputeTargetsDeps) {
  const { db, secrets, audit, outbound, clock } = deps;
  const seal = (row: Pick<ComputeTargetRow, "id" | "url">, token: string | null) =>
    token === null ? null : secrets.seal(token, contextOf(row));

  return {
    async create(scope: Scope, { token, ...input }: ComputeTargetInput): Promise<ComputeTarget> {
      const url = toBaseUrl(input.url);
      await outbound.checkUrl(url);
      const now = clock.now();
      const id = newId("ct", now);
      const made = { createdAt: new Date(now), updatedAt: new Date(now) };
      const row = { ...input, id, projectId: scope.projectId, url, sealedToken: seal({ id, url }, token), ...made };
      await db.transaction(async (tx) => {
        const store = createComputeTargetStore(tx);
        if ((await store.list(scope.projectId)).length >= MOST_TARGETS)
          throw new AppError("unprocessable", {
            message: `A project has at most ${MOST_TARGETS} compute targets. Delete one first.`,
          });
        if (!(await store.create(row))) throw nameTaken(row.name);
        const details = { name: row.name, kind: row.settings.kind, host: new URL(url).host, hasToken: token !== null };
        await audit.record(scope, { action: "compute-target.create", target: id, details }, tx);
      });
      return toComputeTarget(row);
    },

    async update(scope: Scope, id: string, { token, ...patch }: ComputeTargetPatch): Promise<ComputeTarget> {
      const given = patch.url === undefined ? undefined : toBaseUrl(patch.url);
      if (given !== undefined) await outbound.checkUrl(given);
      if (given !== undefined || patch.name !== undefined) await requireIdle(deps, await getRow(db, scope, id), patch);
      return db.transaction(async (tx) => {
        const store = createComputeTargetStore(tx);
        const known = await store.lock(scope.projectId, id);
        if (!known) throw notFound("compute target", id);
        const url = given ?? known.url;
        const isMoved = originOf(url) !== originOf(known.url);
        if (patch.name !== undefined && patch.name !== known.name)
          if (await store.findNamed(scope.projectId, patch.name)) throw nameTaken(patch.name);
        // A kept token must never go to a host that someone other than its giver chose.
        const sealed = token !== undefined || isMoved ? { sealedToken: seal({ id, url }, token ?? null) } : {};
        const changes = { ...patch, url, ...sealed, updatedAt: new Date(clock.now()) };
        const row = await store.update(scope.projectId, id, changes);
        if (!row) throw notFound("compute target", id);
        const fields = [...Object.keys(patch), ...(token === undefined ? [] : ["token"])];
        const details = { name: known.name, fields, ...(isMoved && { host: new URL(url).host }) };
        await audit.record(scope, { action: "compute-target.update", target: id, details }, tx);
        return toComputeTarget(row);
      });
    },

    async delete(scope: Scope, id: string): Promise<{ ok: true }> {
      await requireIdle(deps, await getRow(db, scope, id));
      await db.transaction(async (tx) => {
        const store = createComputeTargetStore(tx);
        const known = await store.lock(scope.projectId, id);
        if (!known) throw notFound("compute target", id);
        await store.delete(scope.projectId, id);
        const details = { name: known.name };
        await audit.record(scope, { action: "compute-target.delete", target: id, details }, tx);
      });
      return { ok: true };
    },
  };
}

/** Throws `conflict` while a run is active there, because its end could not be detected or requested. */
async function requireIdle(
  { findRunOn }: ComputeTargetsDeps,
  row: ComputeTargetRow,
  patch?: ComputeTargetPatch,
): Promise<void> {
  const { projectId, name } = row;
  const isSame = patch && (patch.name ?? name) === name && originOf(patch.url ?? row.url) === originOf(row.url);
  if (isSame) return;
  const run = await findRunOn(projectId, name);
  if (run === undefined) return;
  throw new AppError("conflict", {
    message: `The training run "${run}" is running on "${name}". Wait until it ends, or cancel it, then try again.`,
  });
}

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is already a compute target "${name}". Choose another name, or change the existing compute target.`,
    details: { param: "name" },
  });

/** The canonical address. Throws `invalid_request` for an address to which paths cannot be appended. */
function toBaseUrl(given: string): string {
  const url = new URL(given);
  if (url.search || url.hash || url.username || url.password)
    throw new AppError("invalid_request", {
      message: "body.url: it must not contain `?`, `#` or a password; the path of each call is appended to it.",
      details: { param: "url" },
    });
  return given.replace(/\/+$/, "");
}
