import { setImmediate } from "node:timers/promises";
import { createIdSet, slotsFor } from "../chunks/id-set.ts";
import { createRowEncoder } from "../chunks/item-hash.ts";
import type { BlockWriter } from "../chunks/item-streams.ts";
import { rowsOf } from "../chunks/manifest-writer.ts";
import { type BlockBatch, blocksOf, type RowBlock } from "../chunks/row-blocks.ts";
import { emptyTally, noteError, type Tally } from "./import-items.ts";
import { takenId } from "./preview-file.ts";

type Options = { readonly writer: BlockWriter; readonly keepGoodRows: boolean; readonly expectedRows: number };

/**
 * Joins the rows that several threads read independently to the result of a single thread: a duplicate id is an error,
 * or gets another id.
 */
export function createBlockJoiner({ writer, keepGoodRows, expectedRows }: Options) {
  const usedIds = createIdSet(slotsFor(expectedRows));
  const encoder = createRowEncoder(usedIds);
  const tally = emptyTally();

  /** After an error nothing more is written, unless only the valid rows were requested. */
  const isWriting = () => keepGoodRows || tally.errorCount === 0;

  async function addBlock(block: RowBlock): Promise<void> {
    if (!usedIds.addPairs(block.ids)) return addRows(block);
    if (!isWriting()) return;
    await writer.addBlock(block);
    tally.rowsAdded += block.rows;
  }

  async function addRows(block: RowBlock): Promise<void> {
    for (const [place, { item }] of rowsOf(block).entries()) {
      const line = block.ownLines[place] ?? 0;
      const row = encoder.encode(line > 0 ? item : { ...item, itemId: undefined });
      if (row === null) noteError(tally, takenId(line, item.itemId));
      if (row === null || !isWriting()) continue;
      await writer.addRow(row);
      tally.rowsAdded += 1;
    }
    await setImmediate();
  }

  return {
    tally,
    /** Ids that are in use. */
    takeIds: (ids: Uint32Array): void => void usedIds.addPairs(ids),
    /** Rows that are there already. */
    async keep(batch: BlockBatch): Promise<void> {
      for (const block of blocksOf(batch)) {
        usedIds.addPairs(block.ids);
        await writer.addBlock(block);
      }
    },
    async add(batch: BlockBatch, part: Tally): Promise<void> {
      const [count, before] = [tally.errorCount, tally.errors.length];
      for (const error of part.errors) noteError(tally, error);
      tally.errorCount = count + part.errorCount;
      for (const block of blocksOf(batch)) await addBlock(block);
      tally.rowsRead += part.rowsRead;
      const late = tally.errors.splice(before);
      tally.errors.push(...late.sort((a, b) => a.line - b.line));
    },
  };
}
