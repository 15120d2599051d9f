import { randomBytes } from "node:crypto";
import { constants, type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Place } from "./backlog.ts";
import { sealRecord, type UnsealedRecord } from "./record.ts";
import type { Recovered } from "./recover.ts";
import { createRoomAhead, type RoomAhead } from "./room-ahead.ts";
import {
  newSegmentId,
  readSegmentId,
  SEGMENT_HEADER_BYTES,
  type Segment,
  segmentHeader,
  segmentName,
} from "./segment.ts";
import { syncFolder, writeAll } from "./write-all.ts";

type Options = {
  readonly folder: string;
  readonly segmentBytes: number;
  readonly recovered: Recovered;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * On Linux, a write itself waits for the disk, in one call instead of two. Elsewhere the flag guarantees less than a
 * sync.
 */
const SYNCED_WRITES = process.platform === "linux" ? constants.O_DSYNC : 0;
const NEW_SEGMENT = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | SYNCED_WRITES;

/** The segments, oldest first, including the growing one. There is one writer at a time: the group commit. */
export function createJournal({ folder, segmentBytes, recovered, clock, log }: Options) {
  const segments = [...recovered.segments];
  let nextNumber = recovered.nextNumber;
  let current: { segment: Segment; file: FileHandle; room: RoomAhead; sequence: number } | null = null;

  async function begin() {
    const number = nextNumber;
    const path = join(folder, segmentName(number));
    const file = await open(path, NEW_SEGMENT, 0o600);
    nextNumber += 1;
    try {
      const header = segmentHeader(newSegmentId(randomBytes));
      await writeAll(file, [header], 0);
      await syncFolder(folder);
      const segment: Segment = { number, id: readSegmentId(header), path, size: SEGMENT_HEADER_BYTES, pendingRows: 0 };
      const room = createRoomAhead({ path, end: segment.size, mostBytes: segmentBytes });
      return { segment, file, room, sequence: 0 };
    } catch (error) {
      await file.close();
      await unlink(path);
      throw error;
    }
  }

  /** Ends the growing segment where its last synced record ends. */
  async function seal() {
    if (!current) return;
    const { segment, file, room } = current;
    current = null;
    await room.clear();
    await file.truncate(segment.size).finally(() => file.close());
  }

  return {
    segments: (): readonly Segment[] => segments,
    /** True while new records go to the segment. */
    isGrowing: (segment: Segment) => current?.segment === segment,
    /**
     * Writes records, syncs them, and returns the position after the last one. If it throws, none of them was stored.
     */
    async write(records: readonly UnsealedRecord[]): Promise<Place> {
      if (!current) {
        current = await begin();
        segments.push(current.segment);
      }
      const { segment, file, room, sequence } = current;
      const time = clock.now();
      const first = sequence + 1;
      const sealed = records.flatMap((record, index) =>
        sealRecord(record, { segment: segment.number, sequence: first + index, time }),
      );
      try {
        const bytes = sealed.reduce((sum, piece) => sum + piece.byteLength, 0);
        await room.clear(segment.size + bytes);
        const end = await writeAll(file, sealed, segment.size);
        if (SYNCED_WRITES === 0) await file.datasync();
        room.wrote(end, bytes);
        segment.size = end;
        segment.pendingRows += records.reduce((rows, record) => rows + record.rows, 0);
        current.sequence = sequence + records.length;
      } catch (error) {
        // Remains of a failed write after the last synced record are never read in this run, even if they cannot be
        // truncated.
        await seal().catch((sealError: unknown) =>
          log.warn(
            { error: sealError, segment: segment.number },
            "could not remove a failed write from a spool segment",
          ),
        );
        throw error;
      }
      if (segment.size >= segmentBytes) await seal();
      return { segment: segment.number, offset: segment.size };
    },
    /** Forgets a delivered segment and deletes its file. */
    async remove(segment: Segment): Promise<void> {
      if (current?.segment === segment) await seal();
      segments.splice(segments.indexOf(segment), 1);
      await unlink(segment.path);
    },
    close: seal,
  };
}
export type Journal = ReturnType<typeof createJournal>;

type ReadOptions = { readonly from: number; readonly to: number; readonly into?: Buffer };

/** Reads the bytes of a segment from `from` up to `to`, into a buffer of that length where one is given. */
export async function readSegment(segment: Segment, { from, to, into }: ReadOptions): Promise<Buffer> {
  const file = await open(segment.path, "r");
  try {
    const buffer = into ?? Buffer.allocUnsafeSlow(to - from);
    let read = 0;
    while (read < buffer.length) {
      const { bytesRead } = await file.read(buffer, read, buffer.length - read, from + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return buffer.subarray(0, read);
  } finally {
    await file.close();
  }
}
