import type { SpanColumns } from "./span-columns.ts";

/** What was odd about a trace and how it was dealt with, for a line above it. */
export type Notes = {
  /** Spans without a received parent. They are at the top. */
  readonly orphans: number;
  /** Rings of parents; each was opened at its earliest span. */
  readonly rings: number;
  /** Spans that came twice with the same times; each is shown once. */
  readonly repeats: number;
  /** Different spans under one id; all are shown. */
  readonly sharedIds: number;
  /** Spans that began before their parent by their sender's clock, and the furthest that one was moved. */
  readonly moved: number;
  readonly furthestMs: number;
};

/** A number of a typed array; places outside it do not occur. */
const at = (list: Int32Array | Float64Array, place: number): number => list[place] ?? 0;

/** The order in which the spans are read, and the tree over the places of that order. */
export function drawOrder(columns: SpanColumns) {
  const { kept, parentOf, repeats, sharedIds, orphans } = findParents(columns);
  const rings = openRings(parentOf, columns.startMs);
  const count = columns.spanId.length;
  // Each span knows its first child and its next sibling; the last entry holds the tops.
  const firstChild = new Int32Array(count + 1).fill(-1);
  const sibling = new Int32Array(count).fill(-1);
  for (let rank = kept.length - 1; rank >= 0; rank -= 1) {
    const span = at(kept, rank);
    const above = at(parentOf, span) < 0 ? count : at(parentOf, span);
    sibling[span] = at(firstChild, above);
    firstChild[above] = span;
  }
  const order = new Int32Array(kept.length);
  const depth = new Int32Array(kept.length);
  const parent = new Int32Array(kept.length);
  const placeOf = new Int32Array(count);
  const isOrphan = new Uint8Array(kept.length);
  let span = at(firstChild, count);
  for (let place = 0, level = 0; span >= 0; place += 1) {
    order[place] = span;
    placeOf[span] = place;
    depth[place] = level;
    parent[place] = at(parentOf, span) < 0 ? -1 : at(placeOf, at(parentOf, span));
    isOrphan[place] = at(parentOf, span) < 0 && columns.parentSpanId[span] !== "" ? 1 : 0;
    let next = at(firstChild, span);
    if (next >= 0) level += 1;
    for (let above = span; next < 0 && above >= 0; ) {
      next = at(sibling, above);
      if (next >= 0) break;
      above = at(parentOf, above);
      level -= 1;
    }
    span = next;
  }
  return { order, parent, depth, size: sizesOf(parent), isOrphan, notes: { orphans, rings, repeats, sharedIds } };
}

function sizesOf(parent: Int32Array): Int32Array {
  const size = new Int32Array(parent.length).fill(1);
  for (let place = parent.length - 1; place >= 0; place -= 1) {
    const above = at(parent, place);
    if (above >= 0) size[above] = at(size, above) + at(size, place);
  }
  return size;
}

/** The parent of every span, as an index into the columns, and the retained spans, by time. */
function findParents({ spanId, parentSpanId, startMs, durationMs }: SpanColumns) {
  const byId = new Map<string, number>();
  const kept: number[] = [];
  let repeats = 0;
  let sharedIds = 0;
  for (const span of byTime(startMs)) {
    const id = spanId[span] ?? "";
    const known = byId.get(id);
    if (known === undefined) byId.set(id, span);
    else if (startMs[known] === startMs[span] && durationMs[known] === durationMs[span]) {
      repeats += 1;
      continue;
    } else sharedIds += 1;
    kept.push(span);
  }
  const parentOf = new Int32Array(spanId.length).fill(-1);
  let orphans = 0;
  for (const span of kept) {
    const id = parentSpanId[span] ?? "";
    if (id === "") continue;
    parentOf[span] = byId.get(id) ?? -1;
    if (at(parentOf, span) < 0) orphans += 1;
  }
  return { kept: Int32Array.from(kept), parentOf, repeats, sharedIds, orphans };
}

function byTime(startMs: readonly number[]): Int32Array {
  const order = Int32Array.from(startMs, (_, span) => span);
  const isSorted = startMs.every((start, span) => span === 0 || start >= (startMs[span - 1] ?? 0));
  // The sort is stable, so spans that began together keep the order in which they came.
  return isSorted ? order : order.sort((a, b) => (startMs[a] ?? 0) - (startMs[b] ?? 0));
}

/** Cuts every ring of parents above its earliest span. Each span is walked over once. Returns the number of rings. */
function openRings(parentOf: Int32Array, startMs: readonly number[]): number {
  const walkedBy = new Int32Array(parentOf.length).fill(-1);
  let rings = 0;
  for (let from = 0; from < parentOf.length; from += 1) {
    let span = from;
    while (span >= 0 && at(walkedBy, span) < 0) {
      walkedBy[span] = from;
      span = at(parentOf, span);
    }
    if (span < 0 || at(walkedBy, span) !== from) continue;
    let earliest = span;
    for (let step = at(parentOf, span); step !== span; step = at(parentOf, step))
      if ((startMs[step] ?? 0) < (startMs[earliest] ?? 0)) earliest = step;
    parentOf[earliest] = -1;
    rings += 1;
  }
  return rings;
}

type Times = {
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly parent: Int32Array;
  readonly services: readonly string[];
};

/** Clocks of one machine differ by less than this between its sources of time. */
const TOLERANCE_MS = 2;

/**
 * Start times relative to the trace's start. Nothing starts before its caller. If a sender's clock contradicts this,
 * the sender's children under one parent are moved together, with their descendants, until the first starts with the
 * parent.
 */
export function placeInTime({ start, duration, parent, services }: Times) {
  const moved = new Float64Array(start.length);
  const offsets = new Map<string, number>();
  let count = 0;
  let furthestMs = 0;
  for (let place = 0; place < start.length; place += 1) {
    const above = at(parent, place);
    if (above < 0) continue;
    const key = `${above} ${services[place]}`;
    const early = at(start, above) + at(moved, above) - (at(start, place) + at(moved, above));
    if (early > TOLERANCE_MS && !offsets.has(key)) offsets.set(key, early);
    moved[place] = at(moved, above) + (offsets.size > 0 ? (offsets.get(key) ?? 0) : 0);
    if (at(moved, place) === 0) continue;
    count += 1;
    furthestMs = Math.max(furthestMs, at(moved, place));
  }
  let beganAt = Number.POSITIVE_INFINITY;
  let endedAt = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < start.length; place += 1) {
    const begin = at(start, place) + at(moved, place);
    beganAt = Math.min(beganAt, begin);
    endedAt = Math.max(endedAt, begin + at(duration, place));
  }
  if (start.length === 0) beganAt = endedAt = 0;
  return {
    start: start.map((value, place) => value + at(moved, place) - beganAt),
    moved,
    beganAt,
    lengthMs: Math.max(0.001, endedAt - beganAt),
    notes: { moved: count, furthestMs },
  };
}
