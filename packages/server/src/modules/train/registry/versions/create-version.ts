import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { ModelData, ModelFile, ModelTraining, RemoteModel } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Aliases } from "../models/aliases-service.ts";
import { newModel } from "../models/models-service.ts";
import type { AliasMoves } from "../models/move-alias.ts";
import { type Base, findBase } from "../refs/find-base.ts";
import type { ScannedFile } from "../scan/check-paths.ts";
import { NO_FACTS, type Scan, scanFiles } from "../scan/scan-files.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createModelStore, type ModelRow } from "../stores/model-store.ts";
import { createVersionWriter, type VersionRow } from "../stores/version-store.ts";

/** The parts of a new version. */
export type NewVersion = {
  readonly name: string;
  readonly files: readonly ScannedFile[];
  /** Where a provider stores it, for a version without files. */
  readonly remote?: RemoteModel;
  readonly source: string;
  readonly base: string | null;
  /** The required hash of the base, if known: an adapter fits no other weights. */
  readonly baseHash?: string | null;
  readonly leaveOut: boolean;
  readonly license: string | null;
  /** Information from the files' source, for files without their own. */
  readonly licenseSaid?: string | null;
  readonly notes: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly alias: string | null;
  readonly data?: readonly ModelData[];
  readonly training?: ModelTraining | null;
  readonly runId?: string | null;
  readonly method?: string;
  readonly signal?: AbortSignal;
  readonly onFile?: (done: number, total: number) => void;
};
type Deps = Pick<RegistryDeps, "db" | "objects" | "inference" | "models" | "audit" | "clock" | "aliasChanges"> & {
  readonly aliases: Pick<Aliases, "point">;
  readonly moves: Pick<AliasMoves, "moveCreated">;
  readonly prune: (scope: Scope, model: ModelRow) => Promise<void>;
  readonly forget: (projectId: string) => void;
};
type Placed = { readonly name: string; readonly version: number };

/** Scans files, stores them, and creates a version. It is atomic: rejected files leave no version. */
export function createVersions(deps: Deps) {
  const { db, clock, audit, aliases, moves, aliasChanges, prune, forget } = deps;
  return async function createVersion(scope: Scope, given: NewVersion): Promise<Placed> {
    const ready = given.remote ? readyRemote(scope, given) : await readyFiles(deps, scope, given);
    const { alias } = given;
    const waits = alias !== null && (await aliasChanges.isRequired(scope, { model: given.name, alias }));
    const made = await db.transaction(async (tx) => {
      const model = await findOrMake(tx, scope, { name: given.name, now: new Date(clock.now()) });
      const number = await createModelStore(tx).takeNumber(scope.projectId, model.id);
      const row = toRow(ready, { model, number, now: new Date(clock.now()) });
      await createVersionWriter(tx).create(row, ready.files);
      await createModelStore(tx).update(scope.projectId, model.name, { updatedAt: row.createdAt });
      const details = { version: number, source: given.source, sizeBytes: row.sizeBytes, sha256: row.sha256 };
      await audit.record(scope, { action: "model-version.create", target: model.name, details }, tx);
      if (alias !== null && !waits)
        await aliases.point({ tx, scope, model }, { alias, version: String(number), reason: "Imported" });
      return { model, number };
    });
    forget(scope.projectId);
    if (waits) await moves.moveCreated(scope, given.name, { alias, version: String(made.number) });
    await prune(scope, made.model);
    return { name: made.model.name, version: made.number };
  };
}

async function readyFiles(deps: Deps, scope: Scope, given: NewVersion): Promise<Ready> {
  const scan = await scanFiles(deps.inference, given.files);
  checkScan(scan, given);
  const base = await baseOf(deps, scope, { given, scan });
  return { scope, given, scan, base, files: await storeFiles(deps, scan, given) };
}

/** The weights of such a version are unknown here, so nothing is scanned. */
function readyRemote(scope: Scope, given: NewVersion): Ready {
  const scan: Scan = { files: [], findings: [], formats: ["remote"], facts: NO_FACTS, baseHint: null, gguf: null };
  const base = given.base === null ? null : { ref: given.base, hash: null, version: null, license: null };
  return { scope, given, scan, base, files: [] };
}

const SHOWN = 5;

function checkScan({ findings, formats }: Scan, { leaveOut }: NewVersion) {
  const refused = findings.filter(({ level }) => level === "refused");
  if (refused.length > 0 && !leaveOut) {
    const issueTexts = refused.slice(0, SHOWN).map(({ path, message }) => `${path}: ${message}`);
    const more = refused.length > SHOWN ? ` And ${refused.length - SHOWN} more.` : "";
    throw new AppError("unprocessable", {
      message: `${refused.length} of the files cannot be stored. ${issueTexts.join(" ")}${more} Remove them, or import with leaveOut to continue without them.`,
      details: { findings: refused },
    });
  }
  if (formats.length === 0)
    throw new AppError("unprocessable", {
      message: "The files contain no model. A model is a GGUF file, safetensors or ONNX.",
      details: { findings },
    });
}

/** Only adapters and fine-tunes have a base. One whose base is not what it was trained over would answer nonsense. */
async function baseOf(deps: Deps, scope: Scope, { given, scan }: { given: NewVersion; scan: Scan }) {
  if (given.base === null)
    return scan.baseHint === null ? null : { ref: scan.baseHint, hash: null, version: null, license: null };
  const base: Base = await findBase(deps, scope, given.base);
  const wanted = given.baseHash ?? null;
  if (wanted !== null && wanted !== base.hash && wanted !== base.version?.sha256)
    throw new AppError("conflict", {
      message: `The adapter was trained on weights with the SHA-256 ${wanted.slice(0, 12)}…, but "${given.base}" now has ${base.hash.slice(0, 12)}…. Name the version that it was trained on.`,
    });
  return base;
}

async function storeFiles({ objects }: Deps, { files }: Scan, { signal, onFile }: NewVersion): Promise<ModelFile[]> {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const stored: ModelFile[] = [];
  let done = 0;
  for (const { path, at } of files) {
    signal?.throwIfAborted();
    const { sha256, sizeBytes } = await objects.put(createReadStream(at, { highWaterMark: 1 << 20, signal }));
    stored.push({ path, sha256, sizeBytes });
    done += sizeBytes;
    onFile?.(done, total);
  }
  return stored.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function findOrMake(tx: Postgres, scope: Scope, { name, now }: { name: string; now: Date }): Promise<ModelRow> {
  const store = createModelStore(tx);
  const empty = { name, description: "", tags: {}, keepVersions: null, retention: "project" as const };
  const model = (await store.find(scope.projectId, name)) ?? (await store.create(newModel(scope, empty, now)));
  // A concurrent request created it.
  const existing = model ?? (await store.find(scope.projectId, name));
  if (!existing) throw new AppError("conflict");
  return existing;
}

/** The SHA-256 of a list of files: their names and contents, in the order of their names. */
export const hashOfFiles = (files: readonly ModelFile[]) => hashOf(files.map(({ path, sha256 }) => [path, sha256]));
const hashOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

type Ready = {
  readonly scope: Scope;
  readonly given: NewVersion;
  readonly scan: Scan;
  readonly base: Awaited<ReturnType<typeof baseOf>>;
  readonly files: readonly ModelFile[];
};

function toRow(
  { scope, given, scan, base, files }: Ready,
  place: { model: ModelRow; number: number; now: Date },
): VersionRow {
  const { model, number, now } = place;
  return {
    id: newId("mv", now.getTime()),
    projectId: scope.projectId,
    modelId: model.id,
    number,
    format: scan.formats[0] ?? "gguf",
    formats: [...scan.formats],
    stage: "none",
    facts: { ...scan.facts, license: scan.facts.license ?? given.licenseSaid ?? null },
    baseRef: base?.ref ?? null,
    baseHash: base?.hash ?? null,
    baseVersionId: base?.version?.id ?? null,
    baseLicense: base?.license ?? null,
    data: [...(given.data ?? [])],
    training: given.training ?? null,
    runId: given.runId ?? null,
    method: given.method ?? "",
    source: given.source,
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    fileCount: files.length,
    sha256: given.remote ? hashOf([given.remote.connection, given.remote.model]) : hashOfFiles(files),
    remote: given.remote ?? null,
    ggufSha256: files.find(({ path }) => path === scan.gguf?.path)?.sha256 ?? null,
    tags: { ...given.tags },
    notes: given.notes,
    limits: "",
    license: given.license,
    evaluation: null,
    findings: [...scan.findings],
    createdBy: scope.actor,
    createdAt: now,
    filesRemovedAt: null,
  };
}
