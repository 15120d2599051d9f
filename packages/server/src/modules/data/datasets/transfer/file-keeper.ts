import type { Clock } from "../../../../kernel/clock.ts";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Content } from "../files/row.ts";
import { joinParts, putPart } from "./file-parts.ts";
import { createFileStore, createPartStore, type FileRecord } from "./file-store.ts";

export type KeeperDeps = { readonly db: Postgres; readonly objects: Objects; readonly clock: Clock };
/** A file that can be read, with what is known of it. */
type OpenedFile = { readonly record: FileRecord; readonly content: Content };

const KEPT_MS = 7 * DAY_MS;
const MAX_FILES = 1_000;
const EXPIRED_AT_ONCE = 50;

/** Stores files of rows for a week: their records in the database, their parts in the object store. */
export function createFileKeeper({ db, objects, clock }: KeeperDeps) {
  const store = createFileStore(db);
  const parts = createPartStore(db);

  async function get(scope: Scope, fileId: string): Promise<FileRecord> {
    const row = await store.find(scope.projectId, fileId);
    if (!row || row.expiresAt.getTime() <= clock.now()) throw notFound("file", fileId);
    return row;
  }
  async function remove(fileId: string): Promise<void> {
    for (const object of await store.delete(fileId)) await objects.delete(object);
  }

  return {
    get,
    remove,
    listParts: parts.listParts,
    async begin(scope: Scope, known: Pick<FileRecord, "kind" | "name" | "format" | "isGzip">): Promise<FileRecord> {
      const now = clock.now();
      for (const fileId of await store.listExpired(new Date(now), EXPIRED_AT_ONCE)) await remove(fileId);
      if ((await store.count(scope.projectId)) >= MAX_FILES) throw tooMany();
      const row: FileRecord = {
        id: newId("dsf", now),
        projectId: scope.projectId,
        ...known,
        isReady: false,
        sizeBytes: 0,
        rows: null,
        createdBy: scope.actor,
        createdAt: new Date(now),
        expiresAt: new Date(now + KEPT_MS),
      };
      await store.create(row);
      return row;
    },
    async savePart(fileId: string, part: number, bytes: Uint8Array): Promise<void> {
      const replaced = await parts.savePart(await putPart(objects, { fileId, part, bytes }));
      if (replaced !== null) await objects.delete(replaced);
    },
    /** Removes the first parts of a file. */
    async dropParts(fileId: string, count: number): Promise<void> {
      for (const object of await parts.dropParts(fileId, count)) await objects.delete(object);
    },
    async finish(scope: Scope, fileId: string, known: Partial<FileRecord>): Promise<FileRecord> {
      const row = await store.update(scope.projectId, fileId, { ...known, isReady: true });
      if (!row) throw notFound("file", fileId);
      return row;
    },
    async open(scope: Scope, fileId: string): Promise<OpenedFile> {
      const record = await get(scope, fileId);
      if (!record.isReady) throw notComplete(record.name);
      return { record, content: joinParts(objects, await parts.listParts(fileId)) };
    },
    /** Prevents a file from being deleted while a job reads it. */
    extend: (fileId: string): Promise<void> => store.extend(fileId, new Date(clock.now() + KEPT_MS)),
  };
}
export type FileKeeper = ReturnType<typeof createFileKeeper>;

const tooMany = () =>
  new AppError("unprocessable", {
    message: `A project has at most ${MAX_FILES} uploaded files. Delete some, or wait: files are deleted after one week.`,
  });

const notComplete = (name: string) =>
  new AppError("unprocessable", {
    message: `The upload of "${name}" is not complete. Send all parts, then complete the upload.`,
  });
