import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { createBacklog } from "./backlog.ts";
import { openDamage } from "./damage.ts";
import type { Deliver } from "./deliver-batch.ts";
import { createDelivery } from "./delivery.ts";
import { createDiskGuard, type DiskSpace, folderSpace } from "./disk-guard.ts";
import { createDrain } from "./drain.ts";
import { createIntake } from "./intake.ts";
import { createJournal } from "./journal.ts";
import type { Spool } from "./port.ts";
import { openPositionFile } from "./position.ts";
import { recoverSegments } from "./recover.ts";
import { openRefused } from "./refused.ts";
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
  /** How long a stop goes on delivering. */
  closeMs: 5_000,
};
export type SpoolLimits = typeof DEFAULT_LIMITS;

export type SpoolOptions = {
  /** Made when it does not exist. No other process may use it. */
  readonly folder: string;
  /** How much may wait for the store. Above it `append` refuses and `push` drops. */
  readonly capBytes: number;
  /** Stores rows, given as lines of JSON with line feeds between them, once for each token. `RejectedBatchError` puts rows on the undeliverable list; any other error is tried again for ever. */
  readonly deliver: Deliver;
  readonly log: Log;
  readonly clock: Clock;
  readonly diskSpace?: DiskSpace;
  readonly limits?: Partial<SpoolLimits>;
};

/** Opens a spool and goes on delivering what a former run left in it. */
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
        const message = error instanceof Error ? error.message : String(error);
        await refused.failedAgain(id, message);
        throw new AppError("unprocessable", {
          message: `The store still does not take these rows, and they are kept: ${message}`,
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
