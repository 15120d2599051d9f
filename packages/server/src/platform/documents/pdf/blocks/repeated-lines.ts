import type { Line, PageLines } from "../page-parts.ts";

const FEWEST_PAGES = 4;
/** Share of all pages, or of the left or right pages, on which a header or footer repeats. */
const SHARE_OF_PAGES = 0.5;
const SHARE_OF_SIDE = 0.8;
/** Headers and footers are in the outer parts of a page. */
const MARGIN = 0.15;
/** Lines of one height differ by less than this, in points. */
const HEIGHT_STEP = 6;
/** Larger lines are headings that repeat a word, such as "Chapter 3". */
const HEADER_SIZE = 1.15;

/** The pages without headers and footers: lines near an edge that repeat at the same height, with any numbers in them. */
export function dropRepeatedLines(pages: readonly PageLines[], bodySize: number): readonly PageLines[] {
  if (pages.length < FEWEST_PAGES) return pages;
  const keyOf = (line: Line, page: PageLines) =>
    isOuter(line, page) && line.size <= HEADER_SIZE * bodySize ? repeatKey(line) : null;
  const places = new Map<string, Set<number>>();
  for (const page of pages) {
    for (const line of page.lines) {
      const key = keyOf(line, page);
      if (key !== null) places.set(key, (places.get(key) ?? new Set()).add(page.number));
    }
  }
  const repeated = new Set([...places].filter(([, on]) => isRepeated(on, pages.length)).map(([key]) => key));
  return pages.map((page) => {
    const lines = page.lines.filter((line) => !repeated.has(keyOf(line, page) ?? ""));
    return { ...page, lines };
  });
}

function isOuter({ box, isHidden }: Line, { height }: PageLines): boolean {
  const middle = box.y + box.height / 2;
  return !isHidden && (middle < MARGIN * height || middle > (1 - MARGIN) * height);
}

/** Page numbers differ, so all numbers are the same here, Roman ones alone on a line included. */
const repeatKey = ({ text, box }: Line) =>
  `${Math.round(box.y / HEIGHT_STEP)} ${text.replace(/\p{Nd}+/gu, "#").replace(/^[ivxlc]+$/i, "#")}`;

function isRepeated(on: ReadonlySet<number>, pages: number): boolean {
  if (on.size >= SHARE_OF_PAGES * pages) return true;
  return [0, 1].some((side) => {
    const ofSide = side === 1 ? Math.ceil(pages / 2) : Math.floor(pages / 2);
    const count = [...on].filter((page) => page % 2 === side).length;
    return ofSide >= FEWEST_PAGES && count >= SHARE_OF_SIDE * ofSide;
  });
}
