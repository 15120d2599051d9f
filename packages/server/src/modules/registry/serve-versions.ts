import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../kernel/errors.ts";
import { createPerProject } from "../../kernel/per-project.ts";
import { createAliasStore } from "./alias-store.ts";
import type { RegistryDeps } from "./deps.ts";
import { numberIn, parseRef } from "./name-refs.ts";
import { createVersionStore, type ServedRow } from "./version-store.ts";

/** Other servers' moves are seen after this long; this one's at once. */
const MAX_AGE_MS = 5_000;
const PRODUCTION = "production";

type Known = {
  readonly byId: ReadonlyMap<string, ServedRow>;
  readonly byName: ReadonlyMap<string, readonly ServedRow[]>;
  /** By `name@alias`. */
  readonly aliases: ReadonlyMap<string, string>;
};
/** How the gateway asks for a version: the engine's name for it, and the one that callers read. */
export type Served = { readonly model: string; readonly name: string };
type Deps = Pick<RegistryDeps, "db" | "objects" | "inference" | "models" | "folder" | "clock">;

/**
 * Registered versions as models that answer. A name is looked up when a request comes, so that a request that runs stays with its
 * version while an alias moves. Files come to where the engine reads them at the first request; adapters share the weights below them.
 */
export function createServing({ db, objects, inference, models, folder, clock }: Deps) {
  const known = createPerProject<Known>({ clock, maxAgeMs: MAX_AGE_MS, load: (projectId) => load(db, projectId) });
  const bringing = new Map<string, Promise<string>>();

  function whyNot({ byId }: Pick<Known, "byId">, row: Omit<ServedRow, "name">): string | null {
    if (row.ggufSha256 === null)
      return "Only GGUF files answer here, and this version has none. Export it as GGUF and import that.";
    if (row.format !== "gguf-adapter") return null;
    if (row.baseVersionId !== null) {
      const below = byId.get(row.baseVersionId);
      return below?.ggufSha256 && below.format === "gguf"
        ? null
        : "The version that this adapter goes over has no GGUF file.";
    }
    if (row.baseHash === null) return "Nobody said which model this adapter goes over. Import it again with --base.";
    return models.withFile(row.baseHash) === null
      ? `This adapter goes over ${row.baseRef ?? "a model"}, whose file (SHA-256 ${row.baseHash.slice(0, 12)}…) is not on this machine. Pull that model.`
      : null;
  }

  const { bring, bringAdapter, place } = createBringing({ objects, inference, models, folder });

  async function engineId({ byId }: Known, row: ServedRow): Promise<string> {
    const why = whyNot({ byId }, row);
    const sha256 = row.ggufSha256;
    if (why !== null || sha256 === null)
      throw new AppError("unprocessable", { message: `${row.name}@v${row.number} cannot answer. ${why ?? ""}`.trim() });
    if (row.format !== "gguf-adapter") return bring(sha256);
    const below = row.baseVersionId === null ? row.baseHash : byId.get(row.baseVersionId)?.ggufSha256;
    return bringAdapter(sha256, await bring(below ?? ""));
  }

  return {
    forget: known.forget,
    place,
    async whyNotOf(projectId: string) {
      const all = await known.get(projectId);
      return (row: Omit<ServedRow, "name">) => whyNot(all, row);
    },
    /** Null for a name that is none of the registry's. Throws `unprocessable` for a version that cannot be served here. */
    async resolve(projectId: string, text: string): Promise<Served | null> {
      const all = await known.get(projectId);
      const row = pick(all, text);
      if (!row) return null;
      const key = row.id;
      const turn = bringing.get(key) ?? engineId(all, row).finally(() => bringing.delete(key));
      bringing.set(key, turn);
      return { model: await turn, name: `${row.name}@v${row.number}` };
    },
    /** Whether a name stands for a version. */
    knows: async (projectId: string, text: string) => pick(await known.get(projectId), text) !== undefined,
    /** What requests may name: models, and models with their aliases. */
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

/** The version that a name stands for; undefined for a name that is none of the registry's. */
function pick({ aliases, byId, byName }: Known, text: string): ServedRow | undefined {
  const { name, which } = parseRef(text);
  const rows = byName.get(name);
  if (!rows) return undefined;
  const aliased = byId.get(aliases.get(`${name}@${which ?? PRODUCTION}`) ?? "");
  return aliased ?? pickUnaliased(rows, which);
}

type Pickable = Pick<ServedRow, "id" | "number" | "ggufSha256">;

/** The version of one model that a word stands for: an alias, a number, or without a word `production` and else the newest. */
export function pickVersion<Row extends Pickable>(
  rows: readonly Row[],
  aliases: ReadonlyMap<string, string>,
  which: string | null,
): Row | undefined {
  const versionId = aliases.get(which ?? PRODUCTION);
  return rows.find(({ id }) => id === versionId) ?? pickUnaliased(rows, which);
}

function pickUnaliased<Row extends Pickable>(rows: readonly Row[], which: string | null): Row | undefined {
  if (which === null) return rows.findLast((row) => row.ggufSha256 !== null) ?? rows.at(-1);
  const number = numberIn(which);
  return rows.find((row) => row.number === number);
}

/** Puts files where the engine reads them, and tells it of them. */
function createBringing({ objects, inference, models, folder }: Omit<Deps, "db" | "clock">) {
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
  return { bring, bringAdapter, place };
}

async function load(db: RegistryDeps["db"], projectId: string): Promise<Known> {
  const rows = await createVersionStore(db).listServed(projectId);
  const aliases = await createAliasStore(db).listNamed(projectId);
  return {
    byId: new Map(rows.map((row) => [row.id, row])),
    byName: Map.groupBy(rows, ({ name }) => name),
    aliases: new Map(aliases.map(({ name, alias, versionId }) => [`${name}@${alias}`, versionId])),
  };
}
