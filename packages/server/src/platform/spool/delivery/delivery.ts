import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import { type Backlog, isBefore, type Place } from "../segments/backlog.ts";
import type { Journal } from "../segments/journal.ts";
import type { Position, PositionFile } from "../segments/position.ts";
import { SEGMENT_HEADER_BYTES, type Segment } from "../segments/segment.ts";
import type { Damage } from "./damage.ts";
import { type Deliver, deliverBatch } from "./deliver-batch.ts";
import { type BatchLimits, readBatch } from "./read-batch.ts";
import type { Refused } from "./refused.ts";
import { createScratch } from "./scratch.ts";

type Options = {
  readonly journal: Journal;
  readonly positionFile: PositionFile;
  readonly deliver: Deliver;
  readonly refused: Refused;
  readonly damage: Damage;
  readonly backlog: Backlog;
  readonly limits: BatchLimits;
  readonly clock: Clock;
  readonly log: Log;
};

/** Delivers one batch after another from the segments to the store, and stores its position on disk. */
export function createDelivery(options: Options) {
  const { journal, positionFile, deliver, refused, damage, backlog, limits, clock, log } = options;
  let position: Position = positionFile.saved ?? { segment: 0, offset: 0, batchEnd: null };
  let deliveredRows = 0;
  const scratch = createScratch();

  /** The position of delivery in a segment. All lower segments are delivered, even if their files still exist. */
  function offsetIn({ number, size }: Segment): number {
    if (number < position.segment) return size;
    return number === position.segment ? Math.max(position.offset, SEGMENT_HEADER_BYTES) : SEGMENT_HEADER_BYTES;
  }
  const pendingBytesIn = (segment: Segment) => segment.size - offsetIn(segment);

  async function save(next: Position) {
    await positionFile.save(next);
    position = next;
  }

  return {
    pendingBytesIn,
    pendingBytes: () => journal.segments().reduce((sum, segment) => sum + pendingBytesIn(segment), 0),
    pendingRows: () => journal.segments().reduce((sum, segment) => sum + segment.pendingRows, 0),
    deliveredRows: () => deliveredRows,
    isDone: (place: Place) => !isBefore(position, place),
    /** True when a batch of this segment was on its way before. */
    isBegun: (segment: Segment) => segment.number === position.segment && position.batchEnd !== null,
    /** The segment whose rows are to go out next. */
    next: () => journal.segments().find((segment) => pendingBytesIn(segment) > 0),
    /** The end of what waits, or null when nothing does. */
    end(): Place | null {
      const last = journal.segments().findLast((segment) => pendingBytesIn(segment) > 0);
      return last ? { segment: last.number, offset: last.size } : null;
    },
    /** Deletes the files of segments that are delivered and will not grow. */
    async removeFinished(): Promise<void> {
      for (const segment of [...journal.segments()]) {
        if (pendingBytesIn(segment) <= 0 && !journal.isGrowing(segment)) await journal.remove(segment);
      }
    },
    /** Delivers the next batch of a segment and acknowledges it. Throws when the store is away; then the same batch is next again. */
    async deliverNext(segment: Segment): Promise<void> {
      const from = offsetIn(segment);
      const begunEnd = segment.number === position.segment ? position.batchEnd : null;
      const batch = await readBatch({ segment, from, end: begunEnd, limits, damage, scratch });
      // The boundary is on disk before the first row leaves: after a crash the very same batch goes out under the same token.
      if (begunEnd === null) await save({ segment: segment.number, offset: from, batchEnd: batch.end });
      for (const part of batch.parts) {
        const bad = await deliverBatch(deliver, part).catch((error: unknown) => {
          // A store after a timeout may still be reading.
          scratch.forget();
          throw error;
        });
        if (!bad) continue;
        await refused.add({ id: part.token, table: part.table, ...bad, at: clock.now() });
        log.error(
          { table: part.table, rows: bad.rows, id: part.token },
          "the store rejects rows permanently; they are on the undeliverable list",
        );
      }
      await save({ segment: segment.number, offset: batch.end, batchEnd: null });
      deliveredRows += batch.rows;
      segment.pendingRows = batch.end >= segment.size ? 0 : Math.max(0, segment.pendingRows - batch.rows);
      backlog.delivered(position);
    },
  };
}
export type Delivery = ReturnType<typeof createDelivery>;
