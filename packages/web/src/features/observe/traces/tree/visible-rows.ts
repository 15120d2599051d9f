import type { Kind } from "../model/span-columns.ts";
import type { TraceModel } from "../model/trace-model.ts";

/** Which spans are rows, from the top down, how far each is indented, and whether it has rows below it to fold. */
export type VisibleRows = { readonly places: Int32Array; readonly depths: Int32Array; readonly isParent: Uint8Array };

export type Folding = {
  /** One for each span; 1 hides what is below it. */
  readonly collapsed: Uint8Array;
  /** Kinds that are left out; what is below them moves up to the next span that is shown. */
  readonly hidden: ReadonlySet<Kind>;
};

/** One pass over the model, which steps over whole subtrees that are folded. */
export function visibleRows(model: TraceModel, { collapsed, hidden }: Folding): VisibleRows {
  const places = new Int32Array(model.count);
  const depths = new Int32Array(model.count);
  const isParent = new Uint8Array(model.count);
  const shownBefore = countShown(model, hidden);
  /** Where the subtree of each shown ancestor ends. */
  const ends: number[] = [];
  let row = 0;
  for (let place = 0; place < model.count; ) {
    while (ends.length > 0 && (ends.at(-1) ?? 0) <= place) ends.pop();
    const end = place + (model.size[place] ?? 1);
    if (hidden.has(model.kinds[place] ?? "span")) {
      place += 1;
      continue;
    }
    places[row] = place;
    depths[row] = ends.length;
    isParent[row] = (shownBefore[end] ?? 0) - (shownBefore[place] ?? 0) > 1 ? 1 : 0;
    row += 1;
    if (collapsed[place] === 1) place = end;
    else {
      ends.push(end);
      place += 1;
    }
  }
  return { places: places.subarray(0, row), depths: depths.subarray(0, row), isParent: isParent.subarray(0, row) };
}

/** For each place, how many of the places before it are of a kind that is shown. */
function countShown(model: TraceModel, hidden: ReadonlySet<Kind>): Int32Array {
  const before = new Int32Array(model.count + 1);
  for (let place = 0; place < model.count; place += 1)
    before[place + 1] = (before[place] ?? 0) + (hidden.has(model.kinds[place] ?? "span") ? 0 : 1);
  return before;
}

/** Folds everything at this depth and deeper. */
export function collapseBelow(model: TraceModel, depth: number): Uint8Array {
  return Uint8Array.from(model.depth, (own, place) => (own >= depth && (model.size[place] ?? 1) > 1 ? 1 : 0));
}

/** Traces up to this size are shown whole; it is also what a larger one shows at first, about. */
const ROWS_AT_FIRST = 1_000;

/** How a trace is folded when it is opened: not at all, or as deep as still makes a list that a person can look through. */
export function initialFolding(model: TraceModel): Uint8Array {
  if (model.count <= ROWS_AT_FIRST) return new Uint8Array(model.count);
  const atDepth: number[] = [];
  for (const depth of model.depth) atDepth[depth] = (atDepth[depth] ?? 0) + 1;
  let shown = atDepth[0] ?? 0;
  let depth = 0;
  while (depth + 1 < atDepth.length && shown + (atDepth[depth + 1] ?? 0) <= ROWS_AT_FIRST) {
    depth += 1;
    shown += atDepth[depth] ?? 0;
  }
  // A root whose many steps are all there is must still show them.
  return collapseBelow(model, Math.max(1, depth));
}

/** Unfolds whatever is above a span; the same folding when it was in sight already. */
export function reveal(model: TraceModel, collapsed: Uint8Array, place: number): Uint8Array {
  let next: Uint8Array | undefined;
  for (let above = model.parent[place] ?? -1; above >= 0; above = model.parent[above] ?? -1) {
    if (collapsed[above] !== 1) continue;
    next ??= collapsed.slice();
    next[above] = 0;
  }
  return next ?? collapsed;
}

/** The row of a span, or of the nearest span above it that has a row; -1 when there is none. */
export function rowOf({ places }: VisibleRows, model: TraceModel, place: number): number {
  for (let wanted = place; wanted >= 0; wanted = model.parent[wanted] ?? -1) {
    const row = lastAtMost(places, wanted);
    if (places[row] === wanted) return row;
  }
  return -1;
}

/** The last row whose place is not after this one. */
function lastAtMost(places: Int32Array, place: number): number {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
