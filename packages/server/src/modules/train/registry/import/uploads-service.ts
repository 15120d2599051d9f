import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MODEL_PART_BYTES, type ModelUpload } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { badPathIn, type ScannedFile } from "../scan/check-paths.ts";
import { refusedName } from "../scan/refuse-file.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createUploadStore, type PartRow, type UploadRow } from "../stores/upload-store.ts";

const KEPT_MS = 48 * 3_600_000;

type Deps = Pick<RegistryDeps, "db" | "objects" | "clock">;

/**
 * Files that are sent in parts before they become a version. They are stored for two days, so that a sender can
 * continue.
 */
export function createUploads({ db, objects, clock }: Deps) {
  const store = createUploadStore(db);

  async function find({ projectId }: Scope, uploadId: string): Promise<UploadRow> {
    const row = await store.find(projectId, uploadId);
    if (!row || row.expiresAt.getTime() < clock.now()) throw notFound("model upload", uploadId);
    return row;
  }
  async function show(row: UploadRow): Promise<ModelUpload> {
    const parts = await store.listParts(row.id);
    return {
      uploadId: row.id,
      files: row.files.map(({ path, sizeBytes }, file) => ({
        path,
        sizeBytes,
        parts: partsOf(sizeBytes),
        receivedParts: parts.filter((part) => part.file === file).map(({ part }) => part),
      })),
      expiresAt: row.expiresAt.toISOString(),
    };
  }
  async function remove({ projectId, id }: UploadRow) {
    const parts = await store.listParts(id);
    await store.delete(projectId, id);
    // A short last part may be the content of something else, and costs nothing to keep.
    const large = parts.filter(({ sizeBytes }) => sizeBytes === MODEL_PART_BYTES);
    for (const { sha256 } of large) await objects.delete(sha256);
  }

  return {
    async create({ projectId, actor }: Scope, files: UploadRow["files"]): Promise<ModelUpload> {
      const bad = badPathIn(files);
      if (bad) throw new AppError("invalid_request", { message: bad, details: { param: "files" } });
      // Files that will be rejected are detected before the upload.
      const findings = files.flatMap(({ path }) => {
        const message = refusedName(path);
        return message === null ? [] : [{ path, level: "refused" as const, message }];
      });
      const [first] = findings;
      if (first)
        throw new AppError("unprocessable", {
          message: `${first.path}: ${first.message}${findings.length > 1 ? ` And ${findings.length - 1} more are rejected.` : ""}`,
          details: { param: "files", findings },
        });
      for (const old of await store.listExpired(new Date(clock.now()))) await remove(old);
      const now = clock.now();
      const row = { id: newId("mup", now), projectId, files, createdBy: actor, expiresAt: new Date(now + KEPT_MS) };
      await store.create(row);
      return show(row);
    },
    get: async (scope: Scope, uploadId: string) => show(await find(scope, uploadId)),
    delete: async (scope: Scope, uploadId: string) => remove(await find(scope, uploadId)),

    async putPart(
      scope: Scope,
      { uploadId, file, part }: { uploadId: string; file: number; part: number },
      bytes: Buffer,
    ) {
      const row = await find(scope, uploadId);
      const sent = row.files[file];
      if (!sent || part >= partsOf(sent.sizeBytes))
        throw new AppError("invalid_request", {
          message: `This upload has no part ${part} of a file ${file}. GET this upload to see its files and parts.`,
        });
      const wanted = Math.min(MODEL_PART_BYTES, sent.sizeBytes - part * MODEL_PART_BYTES);
      if (bytes.length !== wanted)
        throw new AppError("invalid_request", {
          message: `Part ${part} of ${sent.path} has ${bytes.length} bytes, but ${wanted} bytes were announced.`,
        });
      const { sha256 } = await objects.put(bytes);
      await store.savePart({ uploadId, file, part, sizeBytes: bytes.length, sha256 });
    },

    /** Puts the parts together below a folder. Throws `conflict` while one is missing. */
    async writeTo(scope: Scope, uploadId: string, folder: string): Promise<ScannedFile[]> {
      const row = await find(scope, uploadId);
      return writeParts(objects, { row, parts: await store.listParts(uploadId), folder });
    },
  };
}
export type Uploads = ReturnType<typeof createUploads>;

const partsOf = (sizeBytes: number) => Math.ceil(sizeBytes / MODEL_PART_BYTES);

type Written = { readonly row: UploadRow; readonly parts: readonly PartRow[]; readonly folder: string };

async function writeParts(objects: Deps["objects"], { row, parts, folder }: Written): Promise<ScannedFile[]> {
  const written: ScannedFile[] = [];
  for (const [file, { path, sizeBytes }] of row.files.entries()) {
    const own = parts.filter((part) => part.file === file);
    if (own.length !== partsOf(sizeBytes))
      throw new AppError("conflict", {
        message: `${path}: ${own.length} of ${partsOf(sizeBytes)} parts have arrived. Send the missing parts first.`,
      });
    const at = join(folder, path);
    await mkdir(dirname(at), { recursive: true, mode: 0o700 });
    async function* content() {
      for (const { sha256 } of own) yield* await objects.get(sha256);
    }
    await pipeline(Readable.from(content(), { objectMode: false }), createWriteStream(at, { mode: 0o600 }));
    written.push({ path, sizeBytes, at });
  }
  return written;
}
