import { type ChunkStats, createRowCounter } from "../stores/chunk-stats.ts";
import { type EncodedRow, hashChunk } from "./item-hash.ts";
import { createLineWriter, isBoundary, type RowBlock } from "./row-blocks.ts";

/** How many rows a chunk has, and how many characters of JSON at most. */
export const CHUNK_LIMITS = { leastRows: 256, mostRows: 4_096, characters: 8 * 1024 * 1024 } as const;

export type BuiltChunk = {
  readonly hash: string;
  readonly rows: number;
  /** The rows as JSON, one line each. */
  readonly lines: Uint8Array;
  readonly stats: ChunkStats;
};

const FIRST_BYTES = 1024 * 1024;
/** Written buffers are reused for later chunks, up to this number, unless they are too large. */
const MOST_SPARE = 4;
const MOST_SPARE_BYTES = 4 * 1024 * 1024;
const HASH_LENGTH = 64;

/**
 * Splits rows into chunks by content, so that a change in one place leaves all other chunks unchanged. The end of a
 * chunk depends only on its own rows.
 */
export function createChunkBuilder() {
  const spare: Buffer[] = [];
  const writer = createLineWriter(FIRST_BYTES, Buffer.allocUnsafeSlow);
  let [rows, characters] = [0, 0];
  let hashes: string[] = [];
  let counter = createRowCounter();

  function take(): BuiltChunk {
    const chunk = { hash: hashChunk(hashes), rows, lines: writer.take(spare.pop()), stats: counter.stats() };
    [rows, characters, hashes, counter] = [0, 0, [], createRowCounter()];
    return chunk;
  }

  function takeIfEnded(lastHash: string, at = 0): BuiltChunk | null {
    if (rows >= CHUNK_LIMITS.mostRows || characters >= CHUNK_LIMITS.characters) return take();
    return rows >= CHUNK_LIMITS.leastRows && isBoundary(lastHash, at) ? take() : null;
  }

  return {
    get isEmpty() {
      return rows === 0;
    },
    /** Gives the chunk that the row ends, or null. */
    add(row: EncodedRow): BuiltChunk | null {
      writer.addRow(row);
      hashes.push(row.rowHash);
      counter.count(row.item);
      characters += row.said.length;
      rows += 1;
      return takeIfEnded(row.rowHash);
    },
    /** Whether the chunk ends after the block. A block that does not fit is added row by row. */
    fits: (block: RowBlock): boolean =>
      rows + block.rows <= CHUNK_LIMITS.mostRows && characters + block.characters < CHUNK_LIMITS.characters,
    /** The same for a block that fits. */
    addBlock(block: RowBlock): BuiltChunk | null {
      writer.addLines(block.lines);
      hashes.push(block.hashes);
      counter.countAll(block.stats);
      characters += block.characters;
      rows += block.rows;
      return takeIfEnded(block.hashes, block.hashes.length - HASH_LENGTH);
    },
    /** Takes back the buffer of a chunk's lines when it is no longer read, so that it can be reused. */
    reuse({ buffer }: Uint8Array): void {
      if (spare.length < MOST_SPARE && buffer.byteLength <= MOST_SPARE_BYTES) spare.push(Buffer.from(buffer));
    },
    /** The rest, or null. */
    flush: (): BuiltChunk | null => (rows === 0 ? null : take()),
  };
}
