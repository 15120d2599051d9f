import type { Span } from "../text/sentences.ts";
import { type Atom, type AtomContext, atomsOf, fitsWindow } from "./atoms.ts";
import { checkBlocks } from "./check-blocks.ts";
import { type Chunk, type ChunkOptions, type ChunkRole, type ReadOptions, readOptions } from "./chunk.ts";
import { createChunkIds } from "./chunk-ids.ts";
import { packAtoms } from "./pack.ts";
import { createPageFinder } from "./pages.ts";
import type { Block, ParsedText } from "./parsed-text.ts";
import { createPrefix } from "./prefix.ts";
import { joinLoneHeadings, type Section, sectionsOf } from "./sections.ts";

/**
 * Cuts a document into chunks: first by its structure, then by size in tokens. Every visible character of a block that is not white
 * space is in at least one chunk, and hidden text is in none. The same input always gives the same chunks.
 *
 * Chunks of the same section overlap by whole sentences; chunks of different sections never do. With `isSmallToBig` the result holds
 * parents, each followed by its small chunks. Throws a RangeError for options or blocks out of range.
 */
export function cutChunks(parsed: ParsedText, options: ChunkOptions): readonly Chunk[] {
  const checked = readOptions(options);
  checkBlocks(parsed);
  const read = { ...checked, countTokens: countOnce(checked.countTokens) };
  const finish = createFinisher(parsed, read);
  const prefixOf = createPrefix(parsed.title, read);
  return joinLoneHeadings(sectionsOf(parsed)).flatMap((section) => {
    const cut = cutSection(section, { parsed, read, prefix: prefixOf(section.headingPath) });
    return finish(section, cut);
  });
}

type Draft = Span & {
  readonly role: ChunkRole;
  readonly kinds: Chunk["kinds"];
  readonly prefix: string;
  readonly headerText?: string;
  readonly children: readonly Draft[];
};
type SectionInput = { readonly parsed: ParsedText; readonly read: ReadOptions; readonly prefix: string };

function cutSection(section: Section, { parsed: { text }, read, prefix }: SectionInput): readonly Draft[] {
  const { maxTokens, targetTokens } = read;
  const context = { text, prefix, maxTokens, targetTokens, count: read.countTokens };
  return visibleRuns(section.blocks).flatMap((run) => {
    const atoms = run.flatMap((block, place) => atomsOf(block, { ...context, block: place, next: run[place + 1] }));
    return packRun(atoms, context, read);
  });
}

/** Runs of visible blocks: a chunk never reaches over a hidden block. */
function visibleRuns(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const runs: Block[][] = [[]];
  for (const block of blocks)
    if (block.isHidden && block.start < block.end) runs.push([]);
    else runs.at(-1)?.push(block);
  return runs.filter(({ length }) => length > 0);
}

function packRun(atoms: readonly Atom[], context: AtomContext, read: ReadOptions): readonly Draft[] {
  const room = Math.max(1, read.maxTokens - context.count(context.prefix));
  const target = Math.min(read.targetTokens, room);
  const fits = (span: Span, { headerText }: Atom) => fitsWindow(span, { ...context, headerText });
  const overlap = read.isSmallToBig ? 0 : read.overlapShare * target;
  const draft = (role: ChunkRole, part: readonly Atom[], children: readonly Draft[]): readonly Draft[] => {
    const [first, last] = [part[0], part.at(-1)];
    if (!(first && last)) return [];
    const kinds = [...new Set(part.map(({ kind }) => kind))];
    const { headerText } = first;
    const { prefix } = context;
    return [{ role, start: first.start, end: last.end, kinds, prefix, ...(headerText && { headerText }), children }];
  };
  return packAtoms(atoms, { target, wholeUpTo: room, overlap, fits }).flatMap(({ start, to }) => {
    const part = atoms.slice(start, to);
    if (!read.isSmallToBig) return draft("chunk", part, []);
    const small = Math.min(read.smallTokens, target);
    const packs = packAtoms(part, { target: small, wholeUpTo: small, overlap: 0, fits });
    return draft(
      "parent",
      part,
      packs.flatMap((pack) => draft("small", part.slice(pack.start, pack.to), [])),
    );
  });
}

/** Counts equal texts, such as a prefix or the only sentence of a chunk, only once. */
function countOnce(countTokens: (text: string) => number): (text: string) => number {
  const counts = new Map<string, number>();
  return (text) => {
    const counted = counts.get(text);
    if (counted !== undefined) return counted;
    const tokens = text === "" ? 0 : countTokens(text);
    counts.set(text, tokens);
    return tokens;
  };
}

/** Gives drafts their ids, ordinals, pages and tokens. */
function createFinisher({ text, pages, blocks }: ParsedText, read: ReadOptions) {
  const pagesOf = createPageFinder(pages, blocks);
  const ordinals = { big: 0, small: 0 };
  return (section: Section, drafts: readonly Draft[]): readonly Chunk[] => {
    const idOf = createChunkIds(section, read);
    const finish = ({ children, ...draft }: Draft, parentId?: string): readonly Chunk[] => {
      const own = text.slice(draft.start, draft.end);
      const size = draft.role === "small" ? "small" : "big";
      const chunk = {
        ...draft,
        chunkId: idOf(draft.role, own),
        ordinal: ordinals[size]++,
        headingPath: section.headingPath,
        ...pagesOf(draft),
        tokens: read.countTokens(own),
        ...(parentId !== undefined && { parentId }),
      };
      return [chunk, ...children.flatMap((child) => finish(child, chunk.chunkId))];
    };
    return drafts.flatMap((draft) => finish(draft));
  };
}
