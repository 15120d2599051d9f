import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobKind, Jobs } from "../../../platform/jobs/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { createFileStore, type FileRow } from "./file-store.ts";
import { nextPeriod } from "./periods.ts";
import { createExportsStore, type ExportRow } from "./store.ts";
import { createSpanWriter, type SpanFiles } from "./write-spans.ts";

type Deps = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly files: SpanFiles;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly clock: Clock;
  readonly log: Log;
};

const KIND: JobKind<object, null> = { name: "scheduled-exports", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 15;
/** Spans that end late, or wait in the spool, are still in time for the file of their period. */
const SETTLE_MS = 300_000;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

/** The job of a project that writes the file of each period once it is over. */
export function createExportJob({ db, objects, files, jobs, clock, log }: Deps) {
  const store = createExportsStore(db);

  async function writeOne(row: ExportRow, signal: AbortSignal): Promise<void> {
    try {
      await writePeriods(row, signal);
    } catch (error) {
      signal.throwIfAborted();
      const failures = row.failures + 1;
      log.error({ error, scheduledExportId: row.id }, "a scheduled export could not be written");
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
      const lastError = messageOf(error);
      await store.update(row.projectId, row.id, { failures, lastError, nextTryAt: new Date(clock.now() + waitMs) });
    }
  }

  /** Reads the export again after each period, so that a change, a pause or a deletion holds from the next period on. */
  async function writePeriods(first: ExportRow, signal: AbortSignal): Promise<void> {
    const writer = createSpanWriter({ objects, files, clock, signal });
    let row = first;
    for (let to = endOf(row); row.isEnabled && isOver(to); to = endOf(row)) {
      signal.throwIfAborted();
      const written = await writer.write(row, { from: row.nextFrom, to });
      const next = await db.transaction(async (tx) => {
        const progress = { nextFrom: to, lastError: "", failures: 0, nextTryAt: null };
        const changed = await createExportsStore(tx).update(row.projectId, row.id, progress);
        if (changed) await createFileStore(tx).saveFiles(written);
        return changed;
      });
      if (!next) return deleteContents(db, { objects, gone: written });
      await deleteContents(db, { objects, gone: await createFileStore(db).deleteOldFiles(next.id, next.keepFiles) });
      row = next;
    }
  }

  const endOf = ({ nextFrom, every }: ExportRow) => nextPeriod(nextFrom, every);
  const isOver = (to: Date) => to.getTime() + SETTLE_MS <= clock.now();

  async function writeDue({ projectId }: Pick<Scope, "projectId">, signal: AbortSignal): Promise<void> {
    for (const row of await store.listDue(projectId, new Date(clock.now()))) {
      signal.throwIfAborted();
      if (isOver(endOf(row))) await writeOne(row, signal);
    }
  }

  jobs.register(KIND, {
    async run({ scope, signal }) {
      await writeDue(scope, signal);
      return null;
    },
  });

  return {
    writeDue,
    /** Queues the job of the project, unless it is there. */
    follow: (scope: Scope, tx: Postgres) =>
      jobs.send(tx, scope, {
        kind: KIND,
        payload: {},
        title: "Write scheduled exports",
        key: "scheduled-exports",
        everySeconds: EVERY_SECONDS,
      }),
  };
}

/** Deletes what no file holds any more. */
export async function deleteContents(
  db: Postgres,
  { objects, gone }: { objects: Pick<Objects, "delete">; gone: readonly FileRow[] },
): Promise<void> {
  for (const { sha256 } of gone) if (!(await createFileStore(db).isContentUsed(sha256))) await objects.delete(sha256);
}
