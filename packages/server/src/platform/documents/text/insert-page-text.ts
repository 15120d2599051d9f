import type { Block, ParsedText } from "@treadle/retrieval";
import { cleanText } from "./clean-text.ts";

const BETWEEN_BLOCKS = "\n\n";

/**
 * Adds paragraphs at the end of a page, and moves all offsets behind them. Paragraphs are separated by blank lines.
 * A text that is blank, or a page that the document does not have, changes nothing.
 */
export function insertPageText(parsed: ParsedText, { page, text }: { page: number; text: string }): ParsedText {
  const own = parsed.pages.find(({ number }) => number === page);
  const paragraphs = paragraphsOf(text);
  if (!own || paragraphs.length === 0) return parsed;
  const at = own.end;
  const [before, after] = [parsed.text.slice(0, at), parsed.text.slice(at)];
  const prefix = before === "" || before.endsWith("\n") ? "" : BETWEEN_BLOCKS;
  const suffix = after === "" || after.startsWith("\n") ? "" : BETWEEN_BLOCKS;
  const inserted = prefix + paragraphs.join(BETWEEN_BLOCKS) + suffix;
  const start = at + prefix.length;
  const end = at + inserted.length - suffix.length;
  const shift: Shift = { at, by: inserted.length };
  const blocks = parsed.blocks.map((block) => moveBlock(block, shift));
  const place = blocks.findIndex((block) => block.start >= end);
  return {
    ...parsed,
    text: before + inserted + after,
    blocks: blocks.toSpliced(place === -1 ? blocks.length : place, 0, ...blocksOf(paragraphs, { start, page })),
    pages: parsed.pages.map((other) => {
      if (other.number === page) return { ...other, start: other.start === at ? start : other.start, end };
      return other.number < page ? other : move(other, shift);
    }),
    boxes: parsed.boxes.map((box) => move(box, shift)),
  };
}

const paragraphsOf = (text: string): string[] =>
  cleanText(text)
    .split(/\n(?:[^\S\n]*\n)+/)
    .map((paragraph) => paragraph.replace(/[^\S\n]+$/gm, "").trim())
    .filter((paragraph) => paragraph !== "");

/** Offsets from `at` on become larger. */
type Shift = { readonly at: number; readonly by: number };

const move = <Range extends { readonly start: number; readonly end: number }>(
  range: Range,
  { at, by }: Shift,
): Range => (range.start < at ? range : { ...range, start: range.start + by, end: range.end + by });

const moveBlock = (block: Block, shift: Shift): Block =>
  block.start < shift.at || block.headerEnd === undefined
    ? move(block, shift)
    : { ...move(block, shift), headerEnd: block.headerEnd + shift.by };

function blocksOf(paragraphs: readonly string[], { start, page }: { start: number; page: number }): Block[] {
  let at = start;
  return paragraphs.map((paragraph) => {
    const block: Block = { kind: "paragraph", start: at, end: at + paragraph.length, page };
    at = block.end + BETWEEN_BLOCKS.length;
    return block;
  });
}
