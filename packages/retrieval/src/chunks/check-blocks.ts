import type { ParsedText } from "./parsed-text.ts";

/** Throws a RangeError if a block or page lies outside the text, or blocks overlap or are out of order. */
export function checkBlocks({ text, blocks, pages }: ParsedText): void {
  let end = 0;
  for (const [place, block] of blocks.entries()) {
    const at = `Block ${place} (${block.kind}, offsets ${block.start} to ${block.end})`;
    if (!isRange(block, text.length))
      throw new RangeError(`${at} is outside the text of ${text.length} characters. ${FIX}`);
    if (block.start < end) throw new RangeError(`${at} starts before block ${place - 1} ends, at ${end}. ${FIX}`);
    end = block.end;
  }
  for (const page of pages)
    if (!isRange(page, text.length))
      throw new RangeError(
        `Page ${page.number} (offsets ${page.start} to ${page.end}) is outside the text of ${text.length} characters. ${FIX}`,
      );
}

const FIX = "Fix the parser that made this text.";

const isRange = ({ start, end }: { start: number; end: number }, length: number): boolean =>
  Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= start && end <= length;
