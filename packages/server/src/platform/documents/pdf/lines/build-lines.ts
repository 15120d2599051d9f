import type { Cell, Glyph, Line, LinePart, PageContent, PageLines, Rectangle } from "../page-parts.ts";
import { buildSegments, commonSize, markSpaces } from "./build-segments.ts";
import { findColumns } from "./find-columns.ts";
import type { Row } from "./group-rows.ts";
import { isSpaceless } from "./scripts-of-text.ts";
import { logicalOrder } from "./visual-order.ts";

/** Gap, in em, between the parts of a line that can be cells of a table. Parts that do not line up are words of one line. */
const PART_GAP = 0.8;
/** Fewer visible characters on a page that paints something mean a scan or a drawing. */
const FEWEST_CHARACTERS = 20;
/** Share of the page that images cover under the text layer of a scan. */
const SCAN_COVER = 0.5;
/** Letters reach about this far, in em, above and below the baseline. */
const ASCENT = 0.8;
const DESCENT = 0.22;

export type PageSize = { readonly number: number; readonly width: number; readonly height: number };

/** The lines of a page in reading order. Text in another direction follows the text of the main direction, and hidden text comes last. */
export function buildLines(content: PageContent, page: PageSize): PageLines {
  const isScan = coverOf(content.images, page) >= SCAN_COVER;
  const isHidden = ({ hidden }: Glyph) => hidden === "other" || (hidden === "mode" && !isScan);
  const visible = content.glyphs.filter((glyph) => !isHidden(glyph));
  const hidden = content.glyphs.filter(isHidden);
  const shown = linesOf(visible, { page, isHidden: false, region: 0 });
  const lines = [...shown, ...linesOf(hidden, { page, isHidden: true, region: (shown.at(-1)?.region ?? 0) + 1 })];
  const characters = visible.reduce((sum, { text }) => sum + text.length, 0);
  const hasPicture = content.isPainted || content.images.length > 0;
  return { ...page, lines, needsOcr: characters < FEWEST_CHARACTERS && hasPicture };
}

function coverOf(images: readonly Rectangle[], page: PageSize): number {
  const area = images.reduce((sum, image) => {
    const width = Math.min(image.x + image.width, page.width) - Math.max(image.x, 0);
    const height = Math.min(image.y + image.height, page.height) - Math.max(image.y, 0);
    return sum + Math.max(width, 0) * Math.max(height, 0);
  }, 0);
  return area / (page.width * page.height);
}

type Setting = { readonly page: PageSize; readonly isHidden: boolean; readonly region: number };

function linesOf(glyphs: readonly Glyph[], { page, isHidden, region }: Setting): readonly Line[] {
  const byAngle = [...Map.groupBy(glyphs, ({ angle }) => angle)].toSorted(
    (one, other) => other[1].length - one[1].length,
  );
  const lines: Line[] = [];
  let number = region;
  for (const [angle, group] of byAngle) {
    for (const rows of findColumns(buildSegments(group, angle))) {
      for (const row of rows) lines.push(toLine(row, { page, isHidden, region: number, angle }));
      number++;
    }
  }
  return lines;
}

function toLine(row: Row, setting: Setting & { readonly angle: number }): Line {
  const cells = markSpaces(row.segments.flatMap((segment) => segment.cells));
  const size = commonSize(cells);
  const letters = cells.reduce((sum, { text }) => sum + text.length, 0);
  const share = (is: (cell: Cell) => boolean) =>
    cells.filter(is).reduce((sum, { text }) => sum + text.length, 0) / letters;
  const parts = splitParts(cells);
  return {
    text: textOf(cells),
    parts: parts.length > 1 ? parts.map(toPart) : [],
    start: row.start,
    end: row.end,
    baseline: row.baseline,
    size: Math.round(size * 100) / 100,
    isBold: share(({ style }) => style.isBold) > 0.9,
    isMono: share(({ style, text }) => style.isMono && !isSpaceless(text)) > 0.9,
    isHidden: setting.isHidden,
    region: setting.region,
    box: boxOf(row, size, setting),
  };
}

function splitParts(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const parts: Cell[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const cell of cells) {
    const part = parts.at(-1);
    if (part === undefined || cell.start - end > PART_GAP * cell.size) parts.push([cell]);
    else part.push(cell);
    end = Math.max(end, cell.end);
  }
  return parts;
}

const toPart = (cells: readonly Cell[]): LinePart => ({
  text: textOf(cells),
  start: cells[0]?.start ?? 0,
  end: Math.max(...cells.map(({ end }) => end)),
});

const textOf = (cells: readonly Cell[]) =>
  logicalOrder(cells)
    .map(({ text, hasSpace }, index) => (hasSpace && index > 0 ? ` ${text}` : text))
    .join("")
    .replace(/\s+/g, " ")
    .trim();

/** The rectangle of a line on its page, clipped to the page. Hidden text off the page gets an empty one at its edge. */
function boxOf(
  row: Row,
  size: number,
  { page, angle }: { readonly page: PageSize; readonly angle: number },
): Rectangle {
  const radians = (angle * Math.PI) / 180;
  const corners = [row.start, row.end].flatMap((u) =>
    [row.baseline - ASCENT * size, row.baseline + DESCENT * size].map((v) => [
      u * Math.cos(radians) - v * Math.sin(radians),
      u * Math.sin(radians) + v * Math.cos(radians),
    ]),
  );
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  const xs = corners.map(([x]) => within(x ?? 0, page.width));
  const ys = corners.map(([, y]) => within(y ?? 0, page.height));
  const [x, y] = [round(Math.min(...xs)), round(Math.min(...ys))];
  return { x, y, width: round(Math.max(...xs) - x), height: round(Math.max(...ys) - y) };
}

/** Hundredths of a point: boxes are stored as JSON, and 17 digits would triple its size. Down, so that a box stays inside the page. */
const round = (value: number) => Math.floor(value * 100) / 100;
