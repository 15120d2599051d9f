import { type Chart, DASHBOARD_COLUMNS } from "@treadle/contract";

export type Place = Chart["layout"];
export type Placed = { readonly id: string; readonly layout: Place };

/** A chart can be made no smaller than is readable. */
export const LEAST = { w: 2, h: 3 } as const;
const MOST_ROWS = 40;

const doOverlap = (a: Place, b: Place) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const shareColumns = (a: Place, b: Place) => a.x < b.x + b.w && b.x < a.x + a.w;

/** The charts in the order they are read, and in which one column shows them. */
export const inReadingOrder = <Item extends Placed>(items: readonly Item[]): Item[] =>
  items.toSorted((a, b) => a.layout.y - b.layout.y || a.layout.x - b.layout.x);

/** Charts do not overlap and move up as far as possible. The moved chart stays at its position. */
export function settle<Item extends Placed>(items: readonly Item[], movedId?: string): Item[] {
  const order = items.toSorted(
    (a, b) => a.layout.y - b.layout.y || Number(b.id === movedId) - Number(a.id === movedId) || a.layout.x - b.layout.x,
  );
  const placed = new Map<string, Item>();
  for (const item of order) placed.set(item.id, { ...item, layout: lower(item.layout, [...placed.values()]) });
  return items.map((item) => placed.get(item.id) ?? item);
}

function lower(layout: Place, others: readonly Placed[]): Place {
  const isFree = (y: number) => !others.some((other) => doOverlap({ ...layout, y }, other.layout));
  let { y } = layout;
  while (y > 0 && isFree(y - 1)) y -= 1;
  while (!isFree(y)) y += 1;
  return { ...layout, y };
}

/** The nearest place inside the grid. */
export function fit({ x, y, w, h }: Place): Place {
  const width = Math.min(DASHBOARD_COLUMNS, Math.max(LEAST.w, w));
  return {
    x: Math.min(DASHBOARD_COLUMNS - width, Math.max(0, x)),
    y: Math.max(0, y),
    w: width,
    h: Math.min(MOST_ROWS, Math.max(LEAST.h, h)),
  };
}

/** All charts after one of them was put somewhere else or given another size. */
export const put = <Item extends Placed>(items: readonly Item[], id: string, layout: Place): Item[] =>
  settle(
    items.map((item) => (item.id === id ? { ...item, layout: fit(layout) } : item)),
    id,
  );

export const STEPS = ["left", "right", "up", "down", "wider", "narrower", "taller", "shorter"] as const;
export type Step = (typeof STEPS)[number];

/** All charts after one step of one of them. Up and down pass the chart that is in the way. */
export function step<Item extends Placed>(items: readonly Item[], id: string, way: Step): Item[] {
  const layout = items.find((item) => item.id === id)?.layout;
  return layout ? put(items, id, { ...layout, ...changeOf(items, { id, layout }, way) }) : [...items];
}

function changeOf(items: readonly Placed[], { id, layout }: Placed, way: Step): Partial<Place> {
  const { x, y, w, h } = layout;
  const inTheWay = items
    .filter((item) => item.id !== id && shareColumns(item.layout, layout))
    .map((item) => item.layout);
  switch (way) {
    case "left":
      return { x: x - 1 };
    case "right":
      return { x: x + 1 };
    case "up":
      return { y: Math.max(0, ...inTheWay.filter((other) => other.y < y).map((other) => other.y)) };
    case "down": {
      const below = inTheWay.filter((other) => other.y >= y + h).toSorted((a, b) => a.y - b.y)[0];
      return { y: below ? below.y + below.h : y };
    }
    case "wider":
      return { w: w + 1, x: x + w >= DASHBOARD_COLUMNS ? x - 1 : x };
    case "narrower":
      return { w: w - 1 };
    case "taller":
      return { h: h + 1 };
    case "shorter":
      return { h: h - 1 };
    default:
      return way satisfies never;
  }
}

/** The first row below everything. */
export const bottomOf = (items: readonly Placed[]): number =>
  Math.max(0, ...items.map(({ layout }) => layout.y + layout.h));
