import type { Readable } from "node:stream";
import type { ScheduledExport, ScheduledExportInput, ScheduledExportPatch } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Log } from "../../kernel/log.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Objects } from "../../platform/objects/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import { createFileStore } from "./file-store.ts";
import { periodOf } from "./periods.ts";
import { createExportRunner, deleteContents } from "./run-exports.ts";
import { createExportsStore, toScheduledExport } from "./store.ts";
import type { SpanFiles } from "./write-spans.ts";

type Deps = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly audit: Pick<Audit, "record">;
  readonly files: SpanFiles;
  readonly clock: Clock;
  readonly log: Log;
};

const MAX_EXPORTS = 20;

/** Writes the spans of each hour or day as Parquet files into the object store, and hands them out. */
export function createScheduledExports(deps: Deps) {
  const { db, objects, audit, clock } = deps;
  const runner = createExportRunner(deps);

  async function get(scope: Scope, exportId: string) {
    const row = await createExportsStore(db).find(scope.projectId, exportId);
    if (!row) throw notFound("scheduled export", exportId);
    return row;
  }

  return {
    start: runner.start,
    runNow: runner.runNow,
    close: runner.close,
    async list({ projectId }: Scope): Promise<ScheduledExport[]> {
      return (await createExportsStore(db).list(projectId)).map(toScheduledExport);
    },
    create: (scope: Scope, { since, ...input }: ScheduledExportInput): Promise<ScheduledExport> =>
      db.transaction(async (tx) => {
        const store = createExportsStore(tx);
        if ((await store.list(scope.projectId)).length >= MAX_EXPORTS)
          throw new AppError("unprocessable", { message: `A project has at most ${MAX_EXPORTS} scheduled exports.` });
        const now = clock.now();
        const row = {
          id: newId("sexp", now),
          projectId: scope.projectId,
          ...input,
          nextFrom: periodOf(since === undefined ? now : Date.parse(since), input.every),
          lastError: "",
          failures: 0,
          nextTryAt: null,
          leasedUntil: null,
          createdAt: new Date(now),
          updatedAt: new Date(now),
        };
        await store.create(row);
        const details = { name: row.name, every: row.every };
        await audit.record(scope, { action: "scheduled-export.create", target: row.id, details }, tx);
        return toScheduledExport(row);
      }),
    update: (scope: Scope, exportId: string, patch: ScheduledExportPatch): Promise<ScheduledExport> =>
      db.transaction(async (tx) => {
        const changes = { ...patch, failures: 0, nextTryAt: null, updatedAt: new Date(clock.now()) };
        const row = await createExportsStore(tx).update(scope.projectId, exportId, changes);
        if (!row) throw notFound("scheduled export", exportId);
        const details = { name: row.name, fields: Object.keys(patch) };
        await audit.record(scope, { action: "scheduled-export.update", target: row.id, details }, tx);
        return toScheduledExport(row);
      }),
    async delete(scope: Scope, exportId: string): Promise<void> {
      const files = await createFileStore(db).listAllFiles((await get(scope, exportId)).id);
      await db.transaction(async (tx) => {
        const row = await createExportsStore(tx).delete(scope.projectId, exportId);
        if (!row) throw notFound("scheduled export", exportId);
        const details = { name: row.name, files: files.length };
        await audit.record(scope, { action: "scheduled-export.delete", target: row.id, details }, tx);
      });
      await deleteContents(db, { objects, gone: files });
    },
    async listFiles(scope: Scope, exportId: string, page: { limit: number; cursor?: string }) {
      await get(scope, exportId);
      return createFileStore(db).listFiles(scope.projectId, exportId, page);
    },
    async openFile(scope: Scope, fileId: string): Promise<{ name: string; sizeBytes: number; content: Readable }> {
      const file = await createFileStore(db).findFile(scope.projectId, fileId);
      if (!file) throw notFound("export file", fileId);
      const name = `treadle-spans-${file.from.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z.parquet`;
      return { name, sizeBytes: file.sizeBytes, content: await objects.get(file.sha256) };
    },
  };
}
export type ScheduledExports = ReturnType<typeof createScheduledExports>;
