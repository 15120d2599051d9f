import type { Readable } from "node:stream";
import type { ScheduledExport, ScheduledExportInput, ScheduledExportPatch } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Log } from "../../../kernel/log.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { createFileStore } from "./file-store.ts";
import { periodOf } from "./periods.ts";
import { createExportJob, deleteContents } from "./run-exports.ts";
import { createExportsStore, type ExportRow, toScheduledExport } from "./store.ts";
import type { SpanFiles } from "./write-spans.ts";

export type ExportsDeps = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly audit: Pick<Audit, "record">;
  readonly files: SpanFiles;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly clock: Clock;
  readonly log: Log;
};

const MAX_EXPORTS = 20;
const YEAR_MS = 366 * DAY_MS;
/** Spans are at most this old when they arrive. */
const MOST_YEARS_BACK = 5;

function checkSince(since: number, now: number): void {
  if (since >= now - MOST_YEARS_BACK * YEAR_MS && since <= now + YEAR_MS) return;
  throw new AppError("invalid_request", {
    message: `\`since\` must be between ${MOST_YEARS_BACK} years ago and one year from now. Send a time in this range, or leave it out to start now.`,
    details: { param: "since" },
  });
}

const newRow = (projectId: string, { since, ...input }: ScheduledExportInput, now: number): ExportRow => ({
  id: newId("sexp", now),
  projectId,
  ...input,
  nextFrom: periodOf(since === undefined ? now : Date.parse(since), input.every),
  lastError: "",
  failures: 0,
  nextTryAt: null,
  createdAt: new Date(now),
  updatedAt: new Date(now),
});

/** Writes the spans of each hour or day as Parquet files into the object store, and hands them out. */
export function createScheduledExports(deps: ExportsDeps) {
  const { db, objects, audit, clock } = deps;
  const job = createExportJob(deps);

  async function get(scope: Scope, exportId: string) {
    const row = await createExportsStore(db).find(scope.projectId, exportId);
    if (!row) throw notFound("scheduled export", exportId);
    return row;
  }

  return {
    writeDue: job.writeDue,

    /** Queues the job of each project with an enabled export: an older version ran none. */
    async start(): Promise<void> {
      for (const projectId of await createExportsStore(db).listProjects())
        await db.transaction((tx) => job.follow(systemScope(projectId), tx));
    },
    async list({ projectId }: Scope): Promise<ScheduledExport[]> {
      return (await createExportsStore(db).list(projectId)).map(toScheduledExport);
    },
    create: (scope: Scope, { since, ...input }: ScheduledExportInput): Promise<ScheduledExport> =>
      db.transaction(async (tx) => {
        const store = createExportsStore(tx);
        if ((await store.list(scope.projectId)).length >= MAX_EXPORTS)
          throw new AppError("unprocessable", {
            message: `A project has at most ${MAX_EXPORTS} scheduled exports. Delete one first.`,
          });
        const now = clock.now();
        if (since !== undefined) checkSince(Date.parse(since), now);
        const row = newRow(scope.projectId, { since, ...input }, now);
        await store.create(row);
        await job.follow(scope, tx);
        const details = { name: row.name, every: row.every };
        await audit.record(scope, { action: "scheduled-export.create", target: row.id, details }, tx);
        return toScheduledExport(row);
      }),
    update: (scope: Scope, exportId: string, patch: ScheduledExportPatch): Promise<ScheduledExport> =>
      db.transaction(async (tx) => {
        const changes = { ...patch, failures: 0, nextTryAt: null, updatedAt: new Date(clock.now()) };
        const row = await createExportsStore(tx).update(scope.projectId, exportId, changes);
        if (!row) throw notFound("scheduled export", exportId);
        if (row.isEnabled) await job.follow(scope, tx);
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
