import type { Rectangle } from "../page-parts.ts";

type Fill = Rectangle & { readonly color: string | null };

/** Fills that count as the ground of text. Maps and charts paint thousands, and the last ones decide. */
const MAX_FILLS = 400;
/** Largest difference of a color channel (0 to 255) that a reader cannot see. */
const SAME_CHANNEL = 12;
const PAPER = "#ffffff";

/**
 * The colors under the text of a page, as far as plain rectangles tell them. The color under anything else (images, patterns, curves) is
 * unknown, and text on an unknown ground counts as visible.
 */
export function createGround() {
  const fills: Fill[] = [];
  return {
    /** Adds what a fill covers; null for an unknown color. */
    paint(area: Rectangle, color: string | null): void {
      if (area.width < 1 || area.height < 1) return;
      fills.push({ ...area, color });
      if (fills.length > MAX_FILLS) fills.shift();
    },
    /** Whether text of this color at this point cannot be told from its ground. */
    hides(color: string, x: number, y: number): boolean {
      const fill = fills.findLast((area) => contains(area, x, y));
      return fill === undefined ? isSame(color, PAPER) : fill.color !== null && isSame(color, fill.color);
    },
  };
}

export type Ground = ReturnType<typeof createGround>;

const contains = (area: Rectangle, x: number, y: number) =>
  x >= area.x && x <= area.x + area.width && y >= area.y && y <= area.y + area.height;

const channels = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

function isSame(left: string, right: string): boolean {
  if (left === right) return true;
  const other = channels(right);
  return channels(left).every((value, index) => Math.abs(value - (other[index] ?? Number.NaN)) <= SAME_CHANNEL);
}
