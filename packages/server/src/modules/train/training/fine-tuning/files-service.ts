import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";
import { notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { createFileStore, type FileRow } from "../stores/file-store.ts";
import { readUpload } from "./read-upload.ts";

type Query = {
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  readonly order?: "asc" | "desc" | undefined;
  readonly purpose?: string | undefined;
};
const MOST = 10_000;

/** Files that are trained on or indexed, in the shapes of OpenAI's API. */
export function createFiles({ db, objects, audit, clock }: TrainingDeps) {
  const store = createFileStore(db);

  async function find(scope: Scope, id: string): Promise<FileRow> {
    const row = await store.find(scope.projectId, id);
    if (!row) throw notFound("file", id);
    return row;
  }

  return {
    async create(scope: Scope, { bytes, contentType }: { bytes: Buffer; contentType: string | undefined }) {
      const { name, purpose, bytes: content, rows } = await readUpload(bytes, contentType);
      // Compressed, its bytes differ from all other objects, so that deleting it affects nothing else.
      const { sha256: object } = await objects.put(await promisify(gzip)(content));
      const now = clock.now();
      const row: FileRow = {
        id: newId("file", now).replace("_", "-"),
        projectId: scope.projectId,
        name,
        purpose,
        object,
        rows,
        sha256: createHash("sha256").update(content).digest("hex"),
        sizeBytes: content.length,
        createdBy: scope.actor,
        createdAt: new Date(now),
      };
      await db.transaction(async (tx) => {
        await createFileStore(tx).create(row);
        await audit.record(scope, { action: "file.create", target: row.id, details: { name, rows } }, tx);
      });
      return present(row);
    },

    async list(scope: Scope, { after, limit = MOST, order, purpose }: Query) {
      const place = after === undefined ? null : await find(scope, after);
      const asked = { after: place, limit: limit + 1, isOldestFirst: order === "asc", purpose };
      const rows = await store.list(scope.projectId, asked);
      const data = rows.slice(0, limit).map(present);
      return listOf(data, rows.length > limit);
    },

    get: async (scope: Scope, id: string) => present(await find(scope, id)),
    find,

    /** All bytes of a file. */
    async load(scope: Scope, id: string): Promise<Buffer> {
      const { object } = await find(scope, id);
      return buffer((await objects.get(object)).pipe(createGunzip()));
    },

    async read(scope: Scope, id: string, sink: Sink): Promise<void> {
      const { object } = await find(scope, id);
      const bytes = await objects.get(object);
      sink.head(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
      await pipeline(bytes, createGunzip(), async (chunks: AsyncIterable<Uint8Array>) => {
        for await (const chunk of chunks) if (!sink.write(chunk)) await sink.drained();
      });
      sink.end();
    },

    async delete(scope: Scope, id: string) {
      const { object, name } = await find(scope, id);
      await db.transaction(async (tx) => {
        await createFileStore(tx).delete(scope.projectId, id);
        await audit.record(scope, { action: "file.delete", target: id, details: { name } }, tx);
      });
      if (!(await store.isObjectUsed(object))) await objects.delete(object);
      return { id, object: "file", deleted: true };
    },
  };
}

/** A list of OpenAI's API. */
export const listOf = (data: readonly { readonly id: string }[], hasMore: boolean) => ({
  object: "list" as const,
  data: [...data],
  has_more: hasMore,
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
});

const present = ({ id, sizeBytes, createdAt, name, purpose }: FileRow) => ({
  id,
  object: "file",
  bytes: sizeBytes,
  created_at: Math.floor(createdAt.getTime() / 1_000),
  filename: name,
  purpose,
  status: "processed",
  status_details: null,
  expires_at: null,
});
