import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Objects } from "../../platform/objects/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createFileStore, type FileRow } from "./file-store.ts";
import { nextPeriod } from "./periods.ts";
import { createExportsStore, type ExportRow } from "./store.ts";
import { createSpanWriter, type SpanFiles } from "./write-spans.ts";

type Deps = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly files: SpanFiles;
  readonly clock: Clock;
  readonly log: Log;
};

const TICK_MS = 15_000;
const LEASE_MS = 1_800_000;
/** Spans that end late, or wait in the spool, are still in time for the file of their period. */
const SETTLE_MS = 300_000;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Writes the file of each period once it is over. */
export function createExportRunner({ db, objects, files, clock, log }: Deps) {
  const store = createExportsStore(db);
  const stopping = new AbortController();
  const writer = createSpanWriter({ objects, files, clock, signal: stopping.signal });
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  async function runOne(due: ExportRow): Promise<void> {
    const now = clock.now();
    const row = await store.lease(due, { now: new Date(now), until: new Date(now + LEASE_MS) });
    if (!row) return;
    try {
      await writePeriods(row);
    } catch (error) {
      if (stopping.signal.aborted) return;
      const failures = row.failures + 1;
      log.error({ error, scheduledExportId: row.id }, "a scheduled export could not be written");
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
      const lastError = error instanceof Error ? error.message : String(error);
      const nextTryAt = new Date(clock.now() + waitMs);
      await store.update(row.projectId, row.id, { failures, lastError, nextTryAt, leasedUntil: null });
    }
  }

  /** Reads the export anew after each period, so that a change, a pause or a deletion holds from the next one on. */
  async function writePeriods(leased: ExportRow): Promise<void> {
    let row = leased;
    for (let to = endOf(row); row.isEnabled && isOver(to); to = endOf(row)) {
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
    await store.update(row.projectId, row.id, { leasedUntil: null });
  }
  const endOf = ({ nextFrom, every }: ExportRow) => nextPeriod(nextFrom, every);
  const isOver = (to: Date) => to.getTime() + SETTLE_MS <= clock.now() && !stopping.signal.aborted;

  async function runAll(): Promise<void> {
    for (const due of await store.listEnabled(new Date(clock.now()))) {
      if (stopping.signal.aborted) return;
      if (isOver(nextPeriod(due.nextFrom, due.every))) await runOne(due);
    }
  }
  const tick = () => {
    running = runAll()
      .catch((error: unknown) => log.error({ error }, "scheduled exports could not be run"))
      .finally(() => {
        if (!stopping.signal.aborted) timer = setTimeout(tick, TICK_MS).unref();
      });
  };

  return {
    start: tick,
    runNow: runAll,
    async close(): Promise<void> {
      stopping.abort();
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}

/** Deletes what no file holds any more. */
export async function deleteContents(
  db: Postgres,
  { objects, gone }: { objects: Pick<Objects, "delete">; gone: readonly FileRow[] },
): Promise<void> {
  for (const { sha256 } of gone) if (!(await createFileStore(db).isContentUsed(sha256))) await objects.delete(sha256);
}
