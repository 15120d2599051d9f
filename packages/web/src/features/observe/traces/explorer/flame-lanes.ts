import type { TraceModel } from "../model/trace-model.ts";

/** For each span the line it is drawn on, and for each line its spans by time, which never overlap. */
export type Lanes = { readonly laneOf: Int32Array; readonly lanes: readonly (readonly number[])[] };

/** Beyond this many lines a span is put on the last one, where it may cover another. */
const MOST_LANES = 400;

/** Puts every span below its parent, on the first line that is free for all of its time. */
export function layLanes(model: TraceModel): Lanes {
  const laneOf = new Int32Array(model.count);
  const lanes: number[][] = [];
  /** When the last span of each line ends. */
  const free: number[] = [];
  const order = Int32Array.from(model.start, (_, place) => place);
  // By time; of those that begin together the parents come first, as they do in the model.
  order.sort((a, b) => (model.start[a] ?? 0) - (model.start[b] ?? 0) || a - b);
  for (const place of order) {
    const above = model.parent[place] ?? -1;
    const start = model.start[place] ?? 0;
    let lane = above < 0 ? 0 : (laneOf[above] ?? 0) + 1;
    while (lane < MOST_LANES && (free[lane] ?? Number.NEGATIVE_INFINITY) > start) lane += 1;
    laneOf[place] = lane;
    free[lane] = Math.max(free[lane] ?? 0, start + (model.duration[place] ?? 0));
    const line = lanes[lane];
    if (line) line.push(place);
    else lanes[lane] = [place];
  }
  return { laneOf, lanes: Array.from(lanes, (lane) => lane ?? []) };
}

/** The last span of a line that begins at or before a moment, as an index into the line; -1 when there is none. */
export function lastBefore(model: TraceModel, lane: readonly number[], ms: number): number {
  let low = 0;
  let high = lane.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((model.start[lane[middle] ?? 0] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The span of a line that was running at a moment, give or take; -1 when there is none. */
export function spanAt(
  model: TraceModel,
  lane: readonly number[],
  { ms, giveMs }: { ms: number; giveMs: number },
): number {
  const place = lane[lastBefore(model, lane, ms + giveMs)] ?? -1;
  const end = (model.start[place] ?? 0) + (model.duration[place] ?? 0);
  return place >= 0 && end >= ms - giveMs ? place : -1;
}
