import type { Kind, SpanColumns, SpanStatus } from "./span-columns.ts";
import { drawOrder, type Notes, placeInTime } from "./trace-order.ts";

/** What a span and everything below it add up to. Money and tokens are counted at the innermost call of a model. */
export type Sums = {
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** Dollars of the calls whose price is known. */
  readonly costUsd: Float64Array;
  /** How many calls have a known price; none means that nothing is known of the cost. */
  readonly priced: Int32Array;
  readonly errors: Int32Array;
};

/**
 * A trace prepared for reading: parents before their children, siblings by time. Every array is indexed by the position
 * in that order. The subtree of `i` is the range from `i` to `i + size[i]`, so no view follows pointers.
 */
export type TraceModel = {
  readonly count: number;
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly kinds: readonly Kind[];
  readonly statuses: readonly SpanStatus[];
  readonly services: readonly string[];
  readonly models: readonly string[];
  /** The place of the parent, or -1 at the top. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** How many spans the subtree holds, itself counted. */
  readonly size: Int32Array;
  /** Milliseconds since the trace began. */
  readonly start: Float64Array;
  readonly duration: Float64Array;
  /** Milliseconds to the first token; NaN where it was not measured. */
  readonly firstToken: Float64Array;
  /** 1 where the parent was named but not received. */
  readonly isOrphan: Uint8Array;
  /** How far a span was moved in time because its sender's clock put it before its parent. */
  readonly moved: Float64Array;
  readonly sums: Sums;
  readonly beganAt: number;
  readonly lengthMs: number;
  readonly notes: Notes;
  /** The place of a span, or -1. */
  placeOf(spanId: string | undefined): number;
};

/** Builds the model in time that grows with the number of spans only, whatever their parents say. */
export function modelOf(columns: SpanColumns): TraceModel {
  const { order, parent, depth, size, isOrphan, notes } = drawOrder(columns);
  const count = order.length;
  const pick = <Value>(values: readonly Value[]) => inOrder(order, values);
  const numbers = (values: readonly (number | null)[]) => numbersInOrder(order, values);
  const services = pick(columns.service);
  const duration = numbers(columns.durationMs);
  const time = placeInTime({ start: numbers(columns.startMs), duration, parent, services });
  const ids = pick(columns.spanId);
  const kinds = pick(columns.kind);
  const statuses = pick(columns.status);
  const places = new Map<string, number>();
  for (let place = count - 1; place >= 0; place -= 1) places.set(ids[place] ?? "", place);
  return {
    count,
    ids,
    names: pick(columns.name),
    kinds,
    statuses,
    services,
    models: pick(columns.model),
    parent,
    depth,
    size,
    isOrphan,
    duration,
    firstToken: numbers(columns.timeToFirstTokenMs),
    ...time,
    sums: sumUp({
      parent,
      kinds,
      statuses,
      inputTokens: numbers(columns.inputTokens),
      outputTokens: numbers(columns.outputTokens),
      costUsd: numbers(columns.costUsd),
    }),
    notes: { ...notes, ...time.notes },
    placeOf: (spanId) => (spanId === undefined ? -1 : (places.get(spanId) ?? -1)),
  };
}

/** Plain loops: these run over every column of a trace, and a callback for each value is most of the time it takes. */
function inOrder<Value>(order: Int32Array, values: readonly Value[]): Value[] {
  const picked = new Array<Value>(order.length);
  for (let place = 0; place < order.length; place += 1) picked[place] = values[order[place] ?? 0] as Value;
  return picked;
}
function numbersInOrder(order: Int32Array, values: readonly (number | null)[]): Float64Array {
  const picked = new Float64Array(order.length);
  for (let place = 0; place < order.length; place += 1) picked[place] = values[order[place] ?? 0] ?? Number.NaN;
  return picked;
}

type Own = {
  readonly parent: Int32Array;
  readonly kinds: readonly Kind[];
  readonly statuses: readonly SpanStatus[];
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  readonly costUsd: Float64Array;
};

export const isCall = (kind: Kind | undefined) => kind === "generation" || kind === "embedding";

/** Adds every span to its parent, last ones first, so that each is whole before it is passed on. */
function sumUp(own: Own): Sums {
  const count = own.parent.length;
  const sums: Sums = {
    inputTokens: new Float64Array(count),
    outputTokens: new Float64Array(count),
    costUsd: new Float64Array(count),
    priced: new Int32Array(count),
    errors: new Int32Array(count),
  };
  const lists = Object.values(sums);
  const add = (list: Float64Array | Int32Array, at: number, value: number) => {
    list[at] = (list[at] ?? 0) + value;
  };
  for (let place = count - 1; place >= 0; place -= 1) {
    // Frameworks report one call twice, as a step and as the request inside it. The inner one counts.
    const isInner = (sums.inputTokens[place] ?? 0) + (sums.outputTokens[place] ?? 0) === 0;
    if (isCall(own.kinds[place]) && isInner) {
      add(sums.inputTokens, place, own.inputTokens[place] || 0);
      add(sums.outputTokens, place, own.outputTokens[place] || 0);
      const cost = own.costUsd[place] ?? Number.NaN;
      if (!Number.isNaN(cost)) {
        add(sums.costUsd, place, cost);
        add(sums.priced, place, 1);
      }
    }
    if (own.statuses[place] === "error") add(sums.errors, place, 1);
    const above = own.parent[place] ?? -1;
    if (above < 0) continue;
    for (const list of lists) add(list, above, list[place] ?? 0);
  }
  return sums;
}
