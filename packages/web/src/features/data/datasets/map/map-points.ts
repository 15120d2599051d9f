/** A position on a map or on the screen. */
export type Point = readonly [x: number, y: number];
/** The visible part of a map, in map units. */
export type View = { readonly x0: number; readonly x1: number; readonly y0: number; readonly y1: number };

type Columns = { readonly x: readonly number[]; readonly y: readonly number[] };

/** A view of all points with a margin. */
export function wholeView({ x, y }: Columns): View {
  const [x0, x1] = reach(x);
  const [y0, y1] = reach(y);
  return { x0, x1, y0, y1 };
}

function reach(values: readonly number[]): [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return [0, 1];
  const room = (most - least || 1) * 0.04;
  return [least - room, most + room];
}

type Box = { readonly width: number; readonly height: number };

/** Converts map units to pixels; the map's y axis points up. */
export const toScreen =
  ({ x0, x1, y0, y1 }: View, { width, height }: Box) =>
  (x: number, y: number): Point => [((x - x0) / (x1 - x0)) * width, (1 - (y - y0) / (y1 - y0)) * height];

/** The view after a zoom around a screen position. */
export function zoomed({ x0, x1, y0, y1 }: View, factor: number, [left, top]: Point): View {
  const [x, y] = [x0 + (x1 - x0) * left, y1 - (y1 - y0) * top];
  return { x0: x + (x0 - x) * factor, x1: x + (x1 - x) * factor, y0: y + (y0 - y) * factor, y1: y + (y1 - y) * factor };
}

/** Whether a point is inside a closed line, by ray casting. */
export function isInside([x, y]: Point, line: readonly Point[]): boolean {
  let isIn = false;
  for (let here = 0, before = line.length - 1; here < line.length; before = here, here += 1) {
    const [ax, ay] = line[here] ?? [0, 0];
    const [bx, by] = line[before] ?? [0, 0];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isIn = !isIn;
  }
  return isIn;
}

const MOST_COLOURS = 6;

/** A colour for each of the most frequent values, by number; other values share no colour. */
export function coloursOf(values: readonly (string | null)[]): {
  readonly legend: readonly { readonly value: string; readonly rows: number }[];
  readonly numbers: Int8Array;
} {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const legend = [...counts]
    .map(([value, rows]) => ({ value, rows }))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, MOST_COLOURS);
  const numberOf = new Map(legend.map(({ value }, place) => [value, place]));
  return { legend, numbers: Int8Array.from(values, (value) => (value === null ? -1 : (numberOf.get(value) ?? -1))) };
}
