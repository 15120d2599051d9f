import { type ChunkStats, createRowCounter } from "./chunk-stats.ts";
import { type EncodedRow, hashChunk } from "./item-hash.ts";

/** How many rows a chunk has, and how many characters of JSON at most. */
export const CHUNK_LIMITS = { leastRows: 256, mostRows: 4_096, characters: 8 * 1024 * 1024 } as const;

export type BuiltChunk = {
  readonly hash: string;
  readonly rows: number;
  /** The rows as JSON, one line each. Good until the next row is added. */
  readonly lines: Uint8Array;
  readonly stats: ChunkStats;
};

const FIRST_BYTES = 512 * 1024;
const LINE_FEED = 10;
/** UTF-8 takes at most so many bytes for one unit of a string. */
const MOST_BYTES_OF_UNIT = 3;

/** One row in 1,024 ends a chunk. */
const isBoundary = (rowHash: string) => rowHash.startsWith("00") && rowHash.charCodeAt(2) < 52;

/**
 * Cuts rows into chunks where their content says so, so that a change in one place leaves all other chunks as they were:
 * where a chunk ends depends on its own rows alone.
 */
export function createChunkBuilder() {
  let bytes = Buffer.allocUnsafe(FIRST_BYTES);
  let used = 0;
  let characters = 0;
  let hashes: string[] = [];
  let counter = createRowCounter();

  function append(said: string, rest: string): void {
    const most = (said.length + rest.length) * MOST_BYTES_OF_UNIT + 1;
    if (used + most > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, used + most));
      bytes.copy(larger, 0, 0, used);
      bytes = larger;
    }
    if (used > 0) bytes[used++] = LINE_FEED;
    used += bytes.write(said, used);
    used += bytes.write(rest, used);
  }

  function take(): BuiltChunk {
    const chunk = {
      hash: hashChunk(hashes),
      rows: hashes.length,
      lines: bytes.subarray(0, used),
      stats: counter.stats(),
    };
    [used, characters, hashes, counter] = [0, 0, [], createRowCounter()];
    return chunk;
  }

  return {
    get isEmpty() {
      return hashes.length === 0;
    },
    /** Gives the chunk that the row ends, or null. */
    add(row: EncodedRow): BuiltChunk | null {
      append(row.said, row.rest);
      hashes.push(row.rowHash);
      counter.count(row.item);
      characters += row.said.length;
      if (hashes.length >= CHUNK_LIMITS.mostRows || characters >= CHUNK_LIMITS.characters) return take();
      return hashes.length >= CHUNK_LIMITS.leastRows && isBoundary(row.rowHash) ? take() : null;
    },
    /** What is left, or null. */
    flush: (): BuiltChunk | null => (hashes.length === 0 ? null : take()),
  };
}
