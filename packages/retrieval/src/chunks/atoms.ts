import { type Span, sentencesOf, trimSpan } from "../text/sentences.ts";
import { withContext } from "./chunk.ts";
import { cutLong } from "./cut-long.ts";
import type { Block, BlockKind } from "./parsed-text.ts";

/** The smallest part of a block that a chunk holds: a sentence, a table row, or lines of code. */
export type Atom = Span & {
  readonly tokens: number;
  readonly kind: BlockKind;
  /** The place of its block in the section. */
  readonly block: number;
  /** Whether it is no good as the end of a chunk: a heading, a caption before its table, or a table header. */
  readonly isGlued: boolean;
  /** Whether its sentence can be repeated at the start of the next chunk. */
  readonly isProse: boolean;
  /** The header to repeat if a chunk starts with this row. */
  readonly headerText?: string;
};

export type AtomContext = {
  readonly text: string;
  readonly prefix: string;
  readonly count: (text: string) => number;
  /** The most tokens of prefix, header and text together, and the size above which code is cut. */
  readonly maxTokens: number;
  readonly targetTokens: number;
};

const PROSE: ReadonlySet<BlockKind> = new Set(["paragraph", "list-item", "quote"]);
/** A header that leaves rows less than half of the window is not repeated. */
const MOST_HEADER_SHARE = 0.5;

/** The atoms of a block of visible text. `next` is the block after it. */
export function atomsOf(
  block: Block,
  context: AtomContext & { block: number; next: Block | undefined },
): readonly Atom[] {
  const isGlued = block.kind === "heading" || (block.kind === "caption" && context.next?.kind === "table");
  const base = { kind: block.kind, block: context.block, isGlued, isProse: PROSE.has(block.kind) };
  if (block.kind === "table") return tableAtoms(block, context, base);
  const spans = block.kind === "code" ? codeSpans(block, context) : wholeOrSentences(block, context);
  return spans.flatMap((span) => cutToFit(span, context)).map((atom) => ({ ...atom, ...base }));
}

type Counted = Span & { readonly tokens?: number };
type Base = Pick<Atom, "kind" | "block" | "isGlued" | "isProse">;

/** Headings, captions and rows of data stay whole; other text is cut into sentences. */
function wholeOrSentences(block: Block, { text }: AtomContext): readonly Counted[] {
  if (!PROSE.has(block.kind)) return spanOf(text, block);
  return sentencesOf(text.slice(block.start, block.end)).map(({ start, end }) => ({
    start: block.start + start,
    end: block.start + end,
  }));
}

/** The stretches of code between blank lines, and the lines of a stretch that is longer than the target. */
function codeSpans(block: Block, { text, count, targetTokens }: AtomContext): readonly Counted[] {
  return splitAt(text, block, /\n[ \t\r]*\n/g).flatMap((stretch) => {
    const tokens = count(text.slice(stretch.start, stretch.end));
    return tokens <= targetTokens ? [{ ...stretch, tokens }] : splitAt(text, stretch, /\n/g);
  });
}

function tableAtoms(block: Block, context: AtomContext, base: Base): readonly Atom[] {
  const { text, count, maxTokens } = context;
  const headerEnd = Math.min(Math.max(block.headerEnd ?? block.start, block.start), block.end);
  const header = { start: block.start, end: headerEnd };
  const headerText = text.slice(header.start, header.end).trim();
  const isRepeated = headerText !== "" && count(headerText) <= maxTokens * MOST_HEADER_SHARE;
  const headerAtoms = spanOf(text, header).flatMap((span) => cutToFit(span, context));
  const repeated = isRepeated ? { headerText } : {};
  const rows = splitAt(text, { start: headerEnd, end: block.end }, /\n/g).flatMap((row) =>
    cutToFit(row, { ...context, ...repeated }),
  );
  return [
    ...headerAtoms.map((atom) => ({ ...atom, ...base, isGlued: isRepeated && rows.length > 0 })),
    ...rows.map((atom) => ({ ...atom, ...base, ...repeated })),
  ];
}

const spanOf = (text: string, span: Span): readonly Span[] => {
  const trimmed = trimSpan(text, span);
  return trimmed.start < trimmed.end ? [trimmed] : [];
};

/** The parts of a span between matches of a pattern, without the blank ones. The indentation of the first line stays. */
function splitAt(text: string, { start, end }: Span, pattern: RegExp): readonly Span[] {
  const part = text.slice(start, end);
  const cuts = [...part.matchAll(pattern)].map(({ index, 0: found }) => ({ from: index, to: index + found.length }));
  return [...cuts, { from: part.length, to: part.length }].flatMap(({ from }, place) => {
    const first = cuts[place - 1]?.to ?? 0;
    const line = part.slice(first, from).trimEnd();
    return line.trim() === "" ? [] : [{ start: start + first, end: start + first + line.length }];
  });
}

/** A span with its tokens, cut where it is too long for the embedder with what is embedded before it. */
function cutToFit(
  span: Counted,
  context: AtomContext & { headerText?: string },
): readonly (Span & { tokens: number })[] {
  const { text, count } = context;
  const tokens = span.tokens ?? count(text.slice(span.start, span.end));
  const fits = (piece: Span) => fitsWindow(piece, context);
  if (fitsWindow(span, context, tokens)) return [{ start: span.start, end: span.end, tokens }];
  return cutLong(span, { text, fits })
    .flatMap((piece) => spanOf(text, piece))
    .map((piece) => ({ ...piece, tokens: count(text.slice(piece.start, piece.end)) }));
}

/** Whether a span fits the embedder's window with prefix and header. Sums decide where they are clear, as counting is expensive. */
export function fitsWindow(span: Span, context: AtomContext & { headerText?: string }, tokens?: number): boolean {
  const { text, count, maxTokens } = context;
  const own = text.slice(span.start, span.end);
  const before = withContext(context, "");
  const sum = (tokens ?? count(own)) + (before === "" ? 0 : count(before));
  if (sum > maxTokens) return false;
  return before === "" || sum <= maxTokens * CLEAR_SHARE || count(withContext(context, own)) <= maxTokens;
}

/** Below this share of the window a sum of counts is trusted: joined texts can have a few tokens more than their parts. */
const CLEAR_SHARE = 0.9;
