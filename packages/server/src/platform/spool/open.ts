import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { messageOf } from "../../kernel/message-of.ts";
import { openDamage } from "./delivery/damage.ts";
import type { Deliver } from "./delivery/deliver-batch.ts";
import { createDelivery } from "./delivery/delivery.ts";
import { createDrain } from "./delivery/drain.ts";
import { openRefused } from "./delivery/refused.ts";
import { createDiskGuard, folderSpace } from "./intake/disk-guard.ts";
import { createIntake } from "./intake/intake.ts";
import type { DiskSpace, Spool } from "./port.ts";
import { createBacklog } from "./segments/backlog.ts";
import { createJournal } from "./segments/journal.ts";
import { openPositionFile } from "./segments/position.ts";
import { recoverSegments } from "./segments/recover.ts";
import { describeSpool } from "./status.ts";

const MIB = 1024 * 1024;
const DEFAULT_LIMITS = {
  /** A batch goes to the store when it has this many rows or bytes, or when its first row has waited this long. */
  rows: 10_000,
  bytes: 64 * MIB,
  delayMs: 1_000,
  segmentBytes: 128 * MIB,
  /** How long a pushed row may wait to be encoded. */
  pushDelayMs: 50,
  /** Encoded rows that may wait in memory for a slow disk. */
  bufferBytes: 64 * MIB,
  /** How long delivery continues at a stop. */
  closeMs: 5_000,
};
export type SpoolLimits = typeof DEFAULT_LIMITS;

export type SpoolOptions = {
  /** Made when it does not exist. No other process may use it. */
  readonly folder: string;
  /** How much may wait for the store. Above it `append` refuses and `push` drops. */
  readonly capBytes: number;
  /**
   * Stores rows, given as lines of JSON separated by line feeds, once per token. `RejectedBatchError` puts rows on the
   * undeliverable list. Any other error is retried forever.
   */
  readonly deliver: Deliver;
  readonly log: Log;
  readonly clock: Clock;
  readonly diskSpace?: DiskSpace;
  readonly limits?: Partial<SpoolLimits>;
};

/** Opens a spool and continues the delivery of an earlier run's rows. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { folder, capBytes, deliver, log, clock } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const refused = await openRefused(join(folder, "undeliverable"), log);
  const damage = await openDamage(join(folder, "damaged"), log);
  const positionFile = await openPositionFile(join(folder, "position"));
  const recovered = await recoverSegments(folder, positionFile.saved, log);
  const journal = createJournal({ folder, segmentBytes: limits.segmentBytes, recovered, clock, log });
  const backlog = createBacklog(clock);
  const newest = recovered.segments.at(-1);
  if (newest)
    backlog.committed(
      { segment: newest.number, offset: newest.size },
      Math.max(0, clock.now() - (recovered.oldestTime ?? 0)),
    );
  const delivery = createDelivery({ journal, positionFile, deliver, refused, damage, backlog, limits, clock, log });
  const disk = createDiskGuard(options.diskSpace ?? folderSpace(folder), log);
  await disk.check();
  const drain = createDrain({ delivery, journal, backlog, limits, clock, log });
  const intake = createIntake({ journal, delivery, drain, backlog, disk, capBytes, limits, log });

  return {
    append: intake.append,
    appendLines: intake.appendLines,
    push: intake.push,
    status: () => describeSpool({ delivery, backlog, drain, disk, intake, refused, damage, capBytes }),
    async flush() {
      await intake.settle();
      const end = delivery.end();
      if (end) await drain.flush(end);
    },
    listRefused: async () => refused.list(),
    async replayRefused(id) {
      const { batch, lines } = await refused.read(id);
      try {
        // Always the same token: if the store has them already, and only the list does not know, they are not stored again.
        await deliver(batch.table, lines, `${id}-replay`);
      } catch (error) {
        const message = messageOf(error);
        await refused.failedAgain(id, message);
        throw new AppError("unprocessable", {
          message: `The store still rejects these rows, and they stay on the list: ${message}`,
          cause: error,
        });
      }
      await refused.remove(id);
      return { rows: batch.rows };
    },
    deleteRefused: refused.remove,
    async close() {
      await intake.close();
      await drain.close(limits.closeMs);
      disk.close();
      await journal.close();
      await positionFile.close();
    },
  };
}
