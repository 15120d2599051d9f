import { type ChunkStats, createRowCounter } from "../stores/chunk-stats.ts";
import { putIdPair } from "./id-set.ts";
import type { EncodedRow } from "./item-hash.ts";

/** Some rows of which no chunk ends but with the last, unless they are too many or too long for it. */
export type RowBlock = {
  readonly rows: number;
  /** Counted like the lines of a chunk. */
  readonly characters: number;
  /** For each row, separated by line feeds. */
  readonly hashes: string;
  readonly stats: ChunkStats;
  /** The rows as JSON, one line each. */
  readonly lines: Uint8Array;
  /** Two numbers for each id, which differ from each other. */
  readonly ids: Uint32Array;
  /** The line of the file for a row that gave its id itself, else zero. */
  readonly ownLines: Uint32Array;
};
/** Blocks one behind the other, as they go from one thread to another. */
export type BlockBatch = {
  /** Shared by the threads. */
  readonly lines: Uint8Array;
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly ownLines: Uint32Array<ArrayBuffer>;
  readonly blocks: readonly (Pick<RowBlock, "rows" | "characters" | "hashes" | "stats"> & { readonly bytes: number })[];
};

/** One row in 1,024 ends a chunk. */
export const isBoundary = (rowHash: string, at = 0) => rowHash.startsWith("00", at) && rowHash.charCodeAt(at + 2) < 52;

/** A chunk that ends within a block takes it row by row, so a block is a small part of the largest chunk. */
const BLOCK_LIMITS = { rows: 256, characters: 256 * 1024 } as const;
const LINE_FEED = 10;
const FIRST_ROWS = 4_096;
/** UTF-8 takes at most so many bytes for one unit of a string. */
const MOST_BYTES_OF_UNIT = 3;

/**
 * Buffers that several threads read. Transferred buffers count as new allocations in each thread and cause garbage
 * collections.
 */
export const allotShared = (bytes: number): Buffer => Buffer.from(new SharedArrayBuffer(bytes));

/** Rows as lines within bytes that grow as they must. */
export function createLineWriter(firstBytes: number, allot: (bytes: number) => Buffer) {
  let bytes = allot(firstBytes);
  let used = 0;
  function reserve(most: number): void {
    if (used + most <= bytes.length) return;
    const larger = allot(Math.max(bytes.length * 2, used + most));
    bytes.copy(larger, 0, 0, used);
    bytes = larger;
  }
  return {
    get used() {
      return used;
    },
    addRow({ said, rest }: Pick<EncodedRow, "said" | "rest">): void {
      reserve((said.length + rest.length) * MOST_BYTES_OF_UNIT + 1);
      if (used > 0) bytes[used++] = LINE_FEED;
      used += bytes.write(said, used);
      used += bytes.write(rest, used);
    },
    addLines(lines: Uint8Array): void {
      reserve(lines.length + 1);
      if (used > 0) bytes[used++] = LINE_FEED;
      bytes.set(lines, used);
      used += lines.length;
    },
    /** Hands the bytes over, and continues in other buffers. */
    take(next?: Buffer): Buffer {
      const block = bytes.subarray(0, used);
      bytes = next ?? allot(firstBytes);
      used = 0;
      return block;
    },
  };
}

/** Gathers rows into blocks. */
export function createBlockBatch(firstBytes: number) {
  const writer = createLineWriter(firstBytes, allotShared);
  let ids = new Uint32Array(FIRST_ROWS * 2);
  let ownLines = new Uint32Array(FIRST_ROWS);
  let rows = 0;
  let blocks: BlockBatch["blocks"][number][] = [];
  let [counter, hashes, characters, begun] = [createRowCounter(), [] as string[], 0, 0];

  function endBlock(): void {
    if (hashes.length === 0) return;
    // Between two blocks lies a line feed that is of neither.
    const bytes = writer.used - begun;
    blocks.push({ rows: hashes.length, characters, hashes: hashes.join("\n"), stats: counter.stats(), bytes });
    [counter, hashes, characters, begun] = [createRowCounter(), [], 0, writer.used + 1];
  }

  return {
    get bytes() {
      return writer.used;
    },
    /** `ownLine`: the line of a row that gave its id itself, else zero. */
    add(row: EncodedRow, ownLine: number): void {
      if (rows === ownLines.length) [ids, ownLines] = [enlarged(ids), enlarged(ownLines)];
      putIdPair(row.item.itemId, ids, rows);
      ownLines[rows++] = ownLine;
      writer.addRow(row);
      counter.count(row.item);
      hashes.push(row.rowHash);
      characters += row.said.length;
      const isFull = hashes.length >= BLOCK_LIMITS.rows || characters >= BLOCK_LIMITS.characters;
      if (isFull || isBoundary(row.rowHash)) endBlock();
    },
    /** The collected rows. Later rows are written to `spare`. */
    take(spare?: Buffer): BlockBatch {
      endBlock();
      const batch = {
        lines: writer.take(spare),
        ids: ids.slice(0, rows * 2),
        ownLines: ownLines.slice(0, rows),
        blocks,
      };
      [rows, blocks, begun] = [0, [], 0];
      return batch;
    },
  };
}

function enlarged(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** The blocks of a batch, which read its bytes. */
export function* blocksOf({ lines, ids, ownLines, blocks }: BlockBatch): Generator<RowBlock, void, undefined> {
  let [byte, row] = [0, 0];
  for (const { bytes, ...block } of blocks) {
    const end = row + block.rows;
    yield {
      ...block,
      lines: lines.subarray(byte, byte + bytes),
      ids: ids.subarray(row * 2, end * 2),
      ownLines: ownLines.subarray(row, end),
    };
    byte += bytes + 1;
    row = end;
  }
}
