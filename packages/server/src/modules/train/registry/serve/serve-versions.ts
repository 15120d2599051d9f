import { mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../../../kernel/errors.ts";
import { createPerProject } from "../../../../kernel/per-project.ts";
import { numberIn, parseRef } from "../refs/name-refs.ts";
import { createWhyNot, type Known, type OwnRow } from "../refs/why-not.ts";
import { createAliasStore } from "../stores/alias-store.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createFileStore, createServedStore, type ServedRow } from "../stores/version-store.ts";

/** Other servers' moves are seen after this long; this one's at once. */
const MAX_AGE_MS = 5_000;
const PRODUCTION = "production";

/**
 * How the gateway requests a version: the engine's name, or the provider's name with its connection; and the name that
 * callers read.
 */
export type Served = { readonly model: string; readonly name: string; readonly connection: string | null };
type Deps = Pick<RegistryDeps, "db" | "objects" | "inference" | "models" | "connections" | "folder" | "clock" | "log">;

/**
 * Registered versions as models that answer. A name is looked up when a request comes, so that a request that runs stays with its
 * version while an alias moves. Files come to where the engine reads them at the first request; adapters share the weights below them.
 */
export function createServing(deps: Deps) {
  const { db, connections, clock } = deps;
  const loadAll = (projectId: string) => load({ db, connections }, projectId);
  const known = createPerProject<Known>({ clock, maxAgeMs: MAX_AGE_MS, load: loadAll });
  const bringing = new Map<string, Promise<string>>();

  const { whyNot, whyNotItself } = createWhyNot(deps);
  const { bring, bringAdapter, bringOnnx, place } = createBringing(deps);

  async function engineId(all: Known, row: ServedRow): Promise<string> {
    const why = whyNotItself(all, row);
    const sha256 = row.ggufSha256;
    // A conversion answers if the version's own files cannot.
    if (why !== null && row.convertedSha256 !== null) return bring(row.convertedSha256);
    if (why === null && row.isOnnx && sha256 === null) return bringOnnx(row);
    if (why !== null || sha256 === null)
      throw new AppError("unprocessable", { message: `${row.name}@v${row.number} cannot run. ${why ?? ""}`.trim() });
    if (row.format !== "gguf-adapter") return bring(sha256);
    const below = row.baseVersionId === null ? row.baseHash : all.byId.get(row.baseVersionId)?.ggufSha256;
    return bringAdapter(sha256, await bring(below ?? ""));
  }

  return {
    forget: known.forget,
    place,
    release: createReleasing(deps),
    async whyNotOf(projectId: string) {
      const all = await known.get(projectId);
      return (row: OwnRow) => whyNot(all, row);
    },
    /** Null for a name outside the registry. Throws `unprocessable` for a version that cannot be served here. */
    async resolve(projectId: string, text: string): Promise<Served | null> {
      const all = await known.get(projectId);
      const row = pick(all, text);
      if (!row) return null;
      const name = `${row.name}@v${row.number}`;
      if (row.remote !== null) {
        const why = whyNot(all, row);
        if (why !== null) throw new AppError("unprocessable", { message: `${name} cannot run. ${why}` });
        return { ...row.remote, name };
      }
      const key = row.id;
      const turn = bringing.get(key) ?? engineId(all, row).finally(() => bringing.delete(key));
      bringing.set(key, turn);
      return { model: await turn, name, connection: null };
    },
    /** Whether a name stands for a version. */
    knows: async (projectId: string, text: string) => pick(await known.get(projectId), text) !== undefined,
    /** Names for requests: models, and models with their aliases. */
    async names(projectId: string): Promise<string[]> {
      const all = await known.get(projectId);
      const served = [...all.byName].filter(([, rows]) => rows.some((row) => whyNot(all, row) === null));
      return served.flatMap(([name]) => [
        name,
        ...[...all.aliases.keys()].filter((alias) => alias.startsWith(`${name}@`)),
      ]);
    },
  };
}
export type Serving = ReturnType<typeof createServing>;

/** The version of a name. Undefined for a name outside the registry. */
function pick({ aliases, byId, byName }: Known, text: string): ServedRow | undefined {
  const { name, which } = parseRef(text);
  const rows = byName.get(name);
  if (!rows) return undefined;
  const aliased = byId.get(aliases.get(`${name}@${which ?? PRODUCTION}`) ?? "");
  return aliased ?? pickUnaliased(rows, which);
}

type Pickable = Pick<
  ServedRow,
  "id" | "number" | "ggufSha256" | "convertedSha256" | "isOnnx" | "remote" | "filesRemovedAt"
>;

/** The version of one model that a word stands for: an alias, a number, or without a word `production` and else the newest. */
export function pickVersion<Row extends Pickable>(
  rows: readonly Row[],
  aliases: ReadonlyMap<string, string>,
  which: string | null,
): Row | undefined {
  const versionId = aliases.get(which ?? PRODUCTION);
  return rows.find(({ id }) => id === versionId) ?? pickUnaliased(rows, which);
}

const hasAnswers = ({ ggufSha256, convertedSha256, isOnnx, remote, filesRemovedAt }: Pickable) =>
  remote !== null || (filesRemovedAt === null && (ggufSha256 !== null || convertedSha256 !== null || isOnnx));

function pickUnaliased<Row extends Pickable>(rows: readonly Row[], which: string | null): Row | undefined {
  if (which === null) return rows.findLast(hasAnswers) ?? rows.at(-1);
  const number = numberIn(which);
  return rows.find((row) => row.number === number);
}

/** Places files where the engine reads them, and registers them. */
function createBringing({ db, objects, inference, models, folder }: Omit<Deps, "clock" | "log" | "connections">) {
  /** Puts the file where the engine reads it, once, and gives the engine's name for it. */
  async function bring(sha256: string): Promise<string> {
    const local = models.withFile(sha256);
    if (local !== null) return local;
    const id = `gguf-${sha256}`;
    if (inference.isRegistered(id)) return id;
    const path = await place(sha256);
    const { kind, sizeBytes, memoryBytes, contextTokens } = await inference.inspect(path);
    if (!inference.isRegistered(id)) inference.register({ id, kind, path, sizeBytes, memoryBytes, contextTokens });
    return id;
  }

  async function bringAdapter(sha256: string, overId: string): Promise<string> {
    const id = `lora-${sha256}-${overId}`;
    if (inference.isRegistered(id)) return id;
    const path = await place(sha256);
    const { sizeBytes } = await inference.inspectAdapter(path);
    if (!inference.isRegistered(id)) inference.registerAdapter(id, { overId, path, sizeBytes, scale: 1 });
    return id;
  }

  async function bringOnnx({ id: versionId, sha256 }: Pick<ServedRow, "id" | "sha256">): Promise<string> {
    const id = `onnx-${sha256}`;
    if (inference.isRegistered(id)) return id;
    const whole = join(folder, "onnx", sha256);
    for (const file of await createFileStore(db).listFiles(versionId)) {
      await mkdir(join(whole, dirname(file.path)), { recursive: true, mode: 0o700 });
      await objects.place(file.sha256, join(whole, file.path));
    }
    const facts = await inference.inspectOnnx(whole);
    if (!inference.isRegistered(id)) inference.registerOnnx(id, { ...facts, folder: whole });
    return id;
  }

  async function place(sha256: string): Promise<string> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${sha256}.gguf`);
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (!isThere) await objects.place(sha256, path);
    return path;
  }
  return { bring, bringAdapter, bringOnnx, place };
}

/**
 * Takes contents that no version has any more out of the engine and away from where it read them. Requests that run on them finish, so this
 * does not wait for its end.
 */
function createReleasing({ inference, folder, log }: Pick<Deps, "inference" | "folder" | "log">) {
  async function leave(sha256: string): Promise<void> {
    const isOf = (id: string) => id === `gguf-${sha256}` || id.startsWith(`lora-${sha256}-`);
    for (const { id } of inference.list()) if (isOf(id)) await inference.unregister(id);
    await rm(join(folder, `${sha256}.gguf`), { force: true });
  }
  return async function release({ sha256, contents }: { sha256: string; contents: readonly string[] }): Promise<void> {
    for (const content of contents)
      leave(content).catch((error) => log.warn({ error }, "the engine could not unload a model"));
    if (contents.length > 0) await rm(join(folder, "bases", sha256), { recursive: true, force: true });
  };
}

async function load({ db, connections }: Pick<Deps, "db" | "connections">, projectId: string): Promise<Known> {
  const rows = await createServedStore(db).listServed(projectId);
  const aliases = await createAliasStore(db).listNamed(projectId);
  return {
    byId: new Map(rows.map((row) => [row.id, row])),
    byName: Map.groupBy(rows, ({ name }) => name),
    aliases: new Map(aliases.map(({ name, alias, versionId }) => [`${name}@${alias}`, versionId])),
    connections: new Set((await connections.resolve(projectId)).flatMap((one) => (one.isEnabled ? one.slug : []))),
  };
}
