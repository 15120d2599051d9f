import type { Draft, Line, PageLines } from "../page-parts.ts";

/** The outline's titles, in the form of `titleKey`, with their levels from 1. */
export type OutlineLevels = ReadonlyMap<string, number>;

const LARGE = 1.12;
const LOWEST_LEVEL = 6;
const LONGEST_LARGE = { lines: 3, letters: 200 };
const LONGEST_BOLD = { lines: 2, letters: 120 };

export const titleKey = (text: string) =>
  text
    .normalize("NFKC")
    .replace(/[\s\p{P}]+/gu, "")
    .toLowerCase();

/** The size, in points, in which most of the visible text is set. */
export function bodySizeOf(pages: readonly PageLines[]): number {
  const letters = new Map<number, number>();
  for (const { lines } of pages) {
    for (const { size, text, isHidden } of lines) {
      if (!isHidden) letters.set(halves(size), (letters.get(halves(size)) ?? 0) + text.length);
    }
  }
  return [...letters].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}

const halves = (size: number) => Math.round(size * 2) / 2;

/**
 * The drafts with headings marked: short blocks that are larger or bolder than the body, or that the outline names. The largest style
 * has level 1; the outline's levels win where it names a heading of that style.
 */
export function markHeadings(
  pages: readonly (readonly Draft[])[],
  bodySize: number,
  outline: OutlineLevels,
): readonly (readonly Draft[])[] {
  const isBoldBody = isMostlyBold(pages, bodySize);
  const isHeading = (draft: Draft) =>
    looksLikeHeading(draft, { bodySize, isBoldBody }) || outlineLevel(draft, outline) !== undefined;
  const levels = levelsOfStyles(pages.flat().filter(isHeading), outline);
  return pages.map((drafts) =>
    drafts.map((draft) =>
      isHeading(draft)
        ? {
            ...draft,
            kind: "heading",
            level: outlineLevel(draft, outline) ?? levels.get(styleKey(draft)) ?? LOWEST_LEVEL,
          }
        : draft,
    ),
  );
}

function isMostlyBold(pages: readonly (readonly Draft[])[], bodySize: number): boolean {
  let balance = 0;
  for (const { lines } of pages.flat()) {
    for (const line of lines) {
      if (halves(line.size) === bodySize) balance += line.isBold ? line.text.length : -line.text.length;
    }
  }
  return balance > 0;
}

const textOf = ({ lines }: Draft) => lines.map(({ text }) => text).join(" ");

type Body = { readonly bodySize: number; readonly isBoldBody: boolean };

function looksLikeHeading(draft: Draft, { bodySize, isBoldBody }: Body): boolean {
  const [first] = draft.lines;
  if (
    first === undefined ||
    first.isHidden ||
    draft.kind === "table" ||
    draft.kind === "code" ||
    draft.kind === "caption"
  )
    return false;
  const text = textOf(draft);
  if (!/\p{L}/u.test(text)) return false;
  const fits = (most: { lines: number; letters: number }) =>
    draft.lines.length <= most.lines && text.length <= most.letters;
  if (first.size >= LARGE * bodySize) return fits(LONGEST_LARGE);
  const isBold = !isBoldBody && draft.lines.every((line: Line) => line.isBold) && first.size >= bodySize * 0.95;
  return isBold && fits(LONGEST_BOLD) && !/[.;,:]$/.test(text);
}

function outlineLevel(draft: Draft, outline: OutlineLevels): number | undefined {
  if (outline.size === 0 || draft.lines.length > LONGEST_LARGE.lines || draft.lines[0]?.isHidden !== false)
    return undefined;
  return draft.kind === "paragraph" || draft.kind === "list-item" ? outline.get(titleKey(textOf(draft))) : undefined;
}

const styleKey = ({ lines }: Draft) => `${halves(lines[0]?.size ?? 0)} ${lines[0]?.isBold === true}`;

function levelsOfStyles(headings: readonly Draft[], outline: OutlineLevels): ReadonlyMap<string, number> {
  const styles = [...Map.groupBy(headings, styleKey)].toSorted(([, [one]], [, [other]]) => rankOf(other) - rankOf(one));
  return new Map(
    styles.map(([style, members], index) => {
      const named = members.map((draft) => outlineLevel(draft, outline)).filter((level) => level !== undefined);
      return [style, Math.min(named.length > 0 ? Math.min(...named) : index + 1, LOWEST_LEVEL)];
    }),
  );
}

const rankOf = (draft: Draft | undefined) =>
  halves(draft?.lines[0]?.size ?? 0) + (draft?.lines[0]?.isBold === true ? 0.25 : 0);
