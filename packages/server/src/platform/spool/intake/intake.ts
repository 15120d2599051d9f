import { AppError } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { Drain } from "../delivery/drain.ts";
import type { EncodedRows } from "../port.ts";
import type { Backlog } from "../segments/backlog.ts";
import type { Journal } from "../segments/journal.ts";
import { layLines, lengthOf, type UnsealedRecord } from "../segments/record.ts";
import { createAdmission, diskFull } from "./admission.ts";
import type { DiskGuard } from "./disk-guard.ts";
import { encodeRows } from "./encode-rows.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createPushQueue } from "./push-queue.ts";

type Options = {
  readonly journal: Journal;
  readonly delivery: Delivery;
  readonly drain: Drain;
  readonly backlog: Backlog;
  readonly disk: DiskGuard;
  readonly capBytes: number;
  readonly limits: { readonly bufferBytes: number; readonly pushDelayMs: number };
  readonly log: Log;
};

/** The way in: encodes rows, sees whether there is room, and commits them in groups. */
export function createIntake({ journal, delivery, drain, backlog, disk, capBytes, limits, log }: Options) {
  const commits = createGroupCommit(write);
  const { pendingBytes } = delivery;
  const admission = createAdmission({
    pendingBytes,
    queuedBytes: commits.queuedBytes,
    diskProblem: disk.problem,
    capBytes,
    bufferBytes: limits.bufferBytes,
  });
  const pushes = createPushQueue({ delayMs: limits.pushDelayMs, hasRoom: admission.hasRoom, keep, log });
  const kept = { rows: 0, bytes: 0 };

  async function write(records: readonly UnsealedRecord[]): Promise<void> {
    try {
      const end = await journal.write(records);
      backlog.committed(end);
    } catch (error) {
      throw diskFull(disk.failed(error), error);
    } finally {
      drain.wake();
    }
  }

  async function keep(records: readonly UnsealedRecord[]): Promise<void> {
    admission.check();
    await commits.add(records);
    for (const record of records) {
      kept.rows += record.rows;
      kept.bytes += lengthOf(record);
    }
  }

  return {
    kept,
    isAtCap: admission.isAtCap,
    droppedRows: pushes.droppedRows,
    push: pushes.push,
    async append(table: string, rows: readonly object[]): Promise<void> {
      admission.check();
      const records = await encodeRows(table, rows, (cause) => {
        throw new AppError("invalid_request", {
          message: "A row cannot be written as JSON. Nothing of the batch was stored.",
          cause,
        });
      });
      if (records.length > 0) await keep(records);
    },
    async appendLines(encoded: readonly EncodedRows[]): Promise<void> {
      admission.check();
      const records = encoded.filter(({ rows }) => rows > 0).map(layLines);
      if (records.length > 0) await keep(records);
    },
    /** Resolves when everything handed in so far is on disk, refused or dropped. */
    async settle(): Promise<void> {
      pushes.settle();
      await commits.idle();
    },
    async close(): Promise<void> {
      pushes.settle();
      admission.close();
      await commits.idle();
    },
  };
}
export type Intake = ReturnType<typeof createIntake>;
