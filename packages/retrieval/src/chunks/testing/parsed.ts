import { createHash } from "node:crypto";
import type { ChunkOptions } from "../chunk.ts";
import type { Block, BlockKind, Page, ParsedText } from "../parsed-text.ts";

/** A block of a test document: its text is appended to the canonical text. */
export type Part = {
  readonly kind: BlockKind;
  readonly text: string;
  readonly level?: number;
  readonly isHidden?: true;
  /** Of a table: the length of its header. */
  readonly header?: number;
  readonly page?: number;
};

/** A parsed document of blocks with a blank line between them. */
export function parsedOf(parts: readonly Part[], title: string | null = null): ParsedText {
  const blocks: Block[] = [];
  let text = "";
  for (const { text: own, header, ...part } of parts) {
    if (text !== "") text += "\n\n";
    const start = text.length;
    text += own;
    blocks.push({ ...part, start, end: text.length, ...(header !== undefined && { headerEnd: start + header }) });
  }
  return { text, blocks, pages: pagesOf(blocks, text.length), boxes: [], title, warnings: [] };
}

function pagesOf(blocks: readonly Block[], length: number): readonly Page[] {
  const firsts = blocks.filter(({ page }, place) => page !== undefined && page !== blocks[place - 1]?.page);
  return firsts.map(({ page = 0, start }, place) => ({
    number: page,
    start,
    end: firsts[place + 1]?.start ?? length,
    width: 595,
    height: 842,
    needsOcr: false,
    quality: 1,
  }));
}

/** A cheap tokenizer: words, and single characters of other kinds. */
export const countWords = (text: string): number => text.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)?.length ?? 0;

/** A tokenizer for which long words have more tokens, as byte pairs do. */
export const countQuarters = (text: string): number => Math.ceil(new TextEncoder().encode(text).length / 4);

export const testOptions = (options: Partial<ChunkOptions> = {}): ChunkOptions => ({
  documentId: "handbook",
  countTokens: countWords,
  hash: (text) => createHash("sha256").update(text).digest("hex").slice(0, 32),
  ...options,
});

/** Sentences of ten tokens: nine words and a full stop. */
export const sentences = (count: number, word = "word"): string =>
  Array.from({ length: count }, (_, place) => `Sentence ${place} has the ${word} and four words more.`).join(" ");
