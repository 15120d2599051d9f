import type { Item } from "@treadle/contract";
import { expect, test } from "vitest";
import { type BuiltChunk, createChunkBuilder } from "./build-chunks.ts";
import { createIdSet } from "./id-set.ts";
import { decodeLine, encodeItem, idOfLine } from "./item-hash.ts";
import { blocksOf, createBlockBatch, type RowBlock } from "./row-blocks.ts";

const item = (at: number): Item => ({
  itemId: `i-${at}`,
  inputs: { text: `Text ${at} ü ","itemId":"no"`, ...(at % 3 === 0 && { more: at }) },
  expected: at % 2 === 0 ? `label ${at % 5}` : null,
  metadata: at % 7 === 0 ? { itemId: "inner" } : {},
  source: { kind: "file", file: 'a","itemId":"b.jsonl', line: at },
  split: at % 4 === 0 ? "test" : null,
});
const rows = Array.from({ length: 30_000 }, (_, at) => encodeItem(item(at)));
const textOf = (lines: Uint8Array) => Buffer.from(lines).toString();
const linesOf = (chunk: BuiltChunk | null) => (chunk ? [{ ...chunk, lines: textOf(chunk.lines) }] : []);

/** Blocks of rows, handed over `every` so many rows. */
function* blocks(every: number): Generator<RowBlock> {
  const batch = createBlockBatch(1_000);
  for (let at = 0; at < rows.length; at += every) {
    for (const row of rows.slice(at, at + every)) batch.add(row, 0);
    yield* blocksOf(batch.take());
  }
}

test.each([100, 2_000, 30_000])("rows in blocks of %i become the same chunks as single rows", (every) => {
  const single = createChunkBuilder();
  const expected = [...rows.flatMap((row) => linesOf(single.add(row))), ...linesOf(single.flush())];
  expect(expected.length).toBeGreaterThan(8);
  const joined = createChunkBuilder();
  const chunks: ReturnType<typeof linesOf> = [];
  let whole = 0;
  for (const block of blocks(every)) {
    if (joined.fits(block)) {
      whole += block.rows;
      chunks.push(...linesOf(joined.addBlock(block)));
      continue;
    }
    for (const line of textOf(block.lines).split("\n")) chunks.push(...linesOf(joined.add(decodeLine(line))));
  }
  expect([...chunks, ...linesOf(joined.flush())]).toEqual(expected);
  expect(whole).toBeGreaterThan(rows.length * 0.8);
});

test("a block carries what stands for the ids of its rows, and the lines say them", () => {
  const alone = createIdSet();
  const [block] = blocks(200);
  expect(alone.addPairs(block?.ids ?? new Uint32Array())).toBe(true);
  expect(alone.addPairs(block?.ids ?? new Uint32Array())).toBe(false);
  const ids = textOf(block?.lines ?? new Uint8Array())
    .split("\n")
    .map(idOfLine);
  expect(ids).toEqual(rows.slice(0, ids.length).map((row) => row.item.itemId));
  expect(ids.filter((id) => alone.add(id))).toEqual([]);
  expect(alone.size).toBe(ids.length);
});
