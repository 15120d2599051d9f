import type { DocumentText } from "../shared/use-documents.ts";

type Block = DocumentText["blocks"][number];

/** A part of the text with one look. Offsets are UTF-16 offsets in the text of the document. */
export type Piece = {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly level: number | undefined;
  readonly isHidden: boolean;
  /** Whether the chunk after it repeats the piece. */
  readonly isShared: boolean;
};
/** A part of the text that belongs to one chunk, or to none. */
export type Stretch = {
  readonly start: number;
  readonly end: number;
  /** The place of the chunk in the list, from 0. Null between chunks. */
  readonly chunk: number | null;
  readonly pieces: readonly Piece[];
};

/**
 * Lays a text out in stretches that cover it without gaps or repeats. A part that two chunks have belongs to the first of them, and
 * is marked as shared. `chunks` are in the order of the text.
 */
export function layOutText({ text, chunks, blocks }: Pick<DocumentText, "text" | "chunks" | "blocks">): Stretch[] {
  const stretches: Stretch[] = [];
  const add = (start: number, end: number, chunk: number | null) => {
    if (end <= start) return;
    const sharedFrom = chunk === null ? end : Math.min(end, chunks[chunk + 1]?.start ?? end);
    stretches.push({ start, end, chunk, pieces: cut({ start, end, sharedFrom }, blocks) });
  };
  let at = 0;
  for (const [place, { start, end }] of chunks.entries()) {
    add(at, Math.min(start, text.length), null);
    add(Math.max(at, start), Math.min(end, text.length), place);
    at = Math.max(at, end);
  }
  add(at, text.length, null);
  return stretches;
}

type Range = { readonly start: number; readonly end: number; readonly sharedFrom: number };

/** Cuts a range where a block starts or ends, and where the part starts that the next chunk repeats. */
function cut({ start, end, sharedFrom }: Range, blocks: readonly Block[]): Piece[] {
  const inside = blocksIn(blocks, start, end);
  const edges = [start, end, sharedFrom, ...inside.flatMap((block) => [block.start, block.end])];
  const sorted = [...new Set(edges)].filter((edge) => edge >= start && edge <= end).sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, place): Piece => {
    const block = inside.find((one) => one.start <= from && from < one.end);
    return {
      start: from,
      end: sorted[place + 1] ?? end,
      kind: block?.kind ?? "",
      level: block?.level,
      isHidden: block?.isHidden === true,
      isShared: from >= sharedFrom,
    };
  });
}

/** The blocks that overlap a range. Blocks are in the order of the text, so the first one is found by halving. */
function blocksIn(blocks: readonly Block[], start: number, end: number): readonly Block[] {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  const found: Block[] = [];
  for (let place = low; place < blocks.length; place++) {
    const block = blocks[place];
    if (!block || block.start >= end) break;
    found.push(block);
  }
  return found;
}

export type Heading = { readonly start: number; readonly text: string; readonly level: number };

/** The headings of a text, for its outline. */
export const headingsOf = ({ text, blocks }: Pick<DocumentText, "text" | "blocks">): readonly Heading[] =>
  blocks
    .filter(({ kind, isHidden }) => kind === "heading" && isHidden !== true)
    .map(({ start, end, level = 1 }) => ({
      start,
      level,
      text: text.slice(start, end).replaceAll(/\s+/g, " ").trim(),
    }));
