import { type Chunk, isEmbedded } from "./chunk.ts";
import type { ParsedText } from "./parsed-text.ts";
import { sectionsOf } from "./sections.ts";

/** How many chunks have a size: `from` is inclusive, `to` exclusive, both in tokens. */
export type SizeBin = { readonly from: number; readonly to: number; readonly count: number };

/** What a person checks before a document is indexed. */
export type ChunkReport = {
  /** Chunks that get a vector. */
  readonly embedded: number;
  /** Sizes of the embedded chunks in tokens; null without chunks. */
  readonly tokens: {
    readonly least: number;
    readonly median: number;
    readonly most: number;
    readonly sum: number;
  } | null;
  readonly histogram: readonly SizeBin[];
  /** Headings without text before the next heading that is not below them. */
  readonly lonelyHeadings: readonly { readonly title: string; readonly start: number; readonly end: number }[];
  /** Tables that are in no chunk as a whole, because they are longer than the embedder's window. */
  readonly splitTables: readonly { readonly start: number; readonly end: number; readonly page?: number }[];
  /** The findings as sentences. */
  readonly warnings: readonly string[];
};

/** Sums up the chunks of a document for a preview. `binTokens` is the width of a bar of the histogram, 64 tokens when left out. */
export function reportChunks(parsed: ParsedText, chunks: readonly Chunk[], binTokens = 64): ChunkReport {
  if (!Number.isInteger(binTokens) || binTokens < 1)
    throw new RangeError(`The width of a bar is ${binTokens} tokens. Pass a whole number of at least 1.`);
  const sizes = chunks.filter(isEmbedded).map(({ tokens }) => tokens);
  const lonelyHeadings = findLonelyHeadings(parsed);
  const splitTables = findSplitTables(parsed, chunks);
  return {
    embedded: sizes.length,
    tokens: sizesOf(sizes),
    histogram: histogramOf(sizes, binTokens),
    lonelyHeadings,
    splitTables,
    warnings: [
      ...lonelyHeadings.map(({ title }) => `The heading "${title}" has no text.`),
      ...splitTables.map(({ start, page }) => {
        const where = page === undefined ? `at offset ${start}` : `on page ${page}`;
        return `The table ${where} does not fit one chunk. It is split between rows, and each part repeats its header if there is one.`;
      }),
      ...(sizes.length === 0 ? ["The document has no visible text, so nothing is indexed."] : []),
    ],
  };
}

function findLonelyHeadings(parsed: ParsedText): ChunkReport["lonelyHeadings"] {
  const sections = sectionsOf(parsed);
  return sections.flatMap(({ isHeadingOnly, level, headingPath, start, end }, place) => {
    const hasLower = (sections[place + 1]?.level ?? 0) > level;
    return isHeadingOnly && !hasLower ? [{ title: headingPath.at(-1) ?? "", start, end }] : [];
  });
}

const findSplitTables = ({ text, blocks }: ParsedText, chunks: readonly Chunk[]): ChunkReport["splitTables"] =>
  blocks.flatMap(({ kind, isHidden, start, end, page }) => {
    const length = text.slice(start, end).trimEnd().length;
    if (kind !== "table" || isHidden || length === 0) return [];
    const first = start + (length - text.slice(start, start + length).trimStart().length);
    const isWhole = chunks.some(
      (chunk) => chunk.role !== "small" && chunk.start <= first && chunk.end >= start + length,
    );
    return isWhole ? [] : [{ start, end, ...(page !== undefined && { page }) }];
  });

function sizesOf(sizes: readonly number[]): ChunkReport["tokens"] {
  const sorted = sizes.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  const low = sorted[(sorted.length - 1) >> 1];
  const high = sorted[sorted.length >> 1];
  if (least === undefined || most === undefined || low === undefined || high === undefined) return null;
  return { least, median: (low + high) / 2, most, sum: sorted.reduce((sum, size) => sum + size, 0) };
}

function histogramOf(sizes: readonly number[], width: number): readonly SizeBin[] {
  const counts: number[] = [];
  for (const size of sizes) {
    const bin = Math.floor(size / width);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (count = 0, bin) => ({ from: bin * width, to: (bin + 1) * width, count }));
}
