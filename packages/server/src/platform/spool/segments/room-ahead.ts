import { open } from "node:fs/promises";
import { writeAll } from "./write-all.ts";

const KIB = 1024;
const LEAST_BYTES = 64 * KIB;
const MOST_BYTES = 4 * 1024 * KIB;
/** Larger groups of records cost the disk as much as they cost the file system, so that room made before would be bytes written twice. */
const SMALL_GROUP_BYTES = 256 * KIB;
/** Between larger ones small groups get no room either, until so much was written without one: the next would lie over the zeros at once. */
const CALM_BYTES = 1024 * KIB;
const ZEROS = Buffer.alloc(256 * KIB);

type Options = {
  readonly path: string;
  /** Where the file ends at present, in bytes. */
  readonly end: number;
  /** How long the file gets. */
  readonly mostBytes: number;
};

/**
 * Zeros at the end of a growing file, on disk before records are written over them. A synced write inside the file
 * writes only these blocks. A write that extends the file also commits the file system's journal, which takes two to
 * three times as long.
 * The size depends on the file's content: 64 KiB to 4 MiB. On a disk without room for zeros, records are written
 * without them.
 */
export function createRoomAhead({ path, end: start, mostBytes }: Options) {
  let readyTo = start;
  let making: { readonly from: number; readonly done: Promise<void> } | null = null;
  let isGivenUp = false;
  /** Where the last larger group ended. */
  let calmFrom = Number.NEGATIVE_INFINITY;

  async function fill(from: number, to: number): Promise<void> {
    const file = await open(path, "r+");
    try {
      for (let at = from; at < to; at += ZEROS.length) await writeAll(file, [ZEROS.subarray(0, to - at)], at);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async function make(from: number, to: number): Promise<void> {
    try {
      await fill(from, to);
      readyTo = to;
    } catch {
      isGivenUp = true;
    } finally {
      making = null;
    }
  }

  return {
    /** Resolves when no zeros are on their way to anywhere before `to`, or after. */
    async clear(to = Number.POSITIVE_INFINITY): Promise<void> {
      if (making && to > making.from) await making.done;
    },
    /** A group of `bytes` was written, up to `end`: preallocates more when little is left. Nothing waits for it. */
    wrote(end: number, bytes: number): void {
      if (bytes > SMALL_GROUP_BYTES) calmFrom = end;
      if (making || isGivenUp || end - calmFrom < CALM_BYTES) return;
      const ahead = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, end));
      if (readyTo - end >= ahead / 2) return;
      const from = Math.max(readyTo, end);
      const to = Math.min(mostBytes, from + ahead);
      if (to > from) making = { from, done: make(from, to) };
    },
  };
}
export type RoomAhead = ReturnType<typeof createRoomAhead>;
