import type { TraceModel } from "./trace-model.ts";

/** Spans that the end of the trace waited for: their own share of that wait in milliseconds, and whether they are on the path at all. */
export type CriticalPath = { readonly isOn: Uint8Array; readonly ownMs: Float64Array };

/**
 * Walks back from the end of the trace. Within a span, the child that ended last before the current time is on the
 * critical path. The time between that child's end and the current time is the span's own.
 */
export function criticalPath(model: TraceModel): CriticalPath {
  const isOn = new Uint8Array(model.count);
  const ownMs = new Float64Array(model.count);
  const endOf = (place: number) => (model.start[place] ?? 0) + (model.duration[place] ?? 0);
  const waiting: { place: number; until: number }[] = [];
  /** Takes the children that were waited for until a moment; returns the time that none of them explains. */
  function follow(children: number[], from: number, until: number): number {
    children.sort((a, b) => endOf(b) - endOf(a));
    let moment = until;
    let own = 0;
    for (const child of children) {
      const end = Math.min(endOf(child), until);
      const begin = Math.max(model.start[child] ?? 0, from);
      // A span that was still running when the next one started was not waited for.
      if (end > moment || begin >= moment) continue;
      own += moment - end;
      waiting.push({ place: child, until: end });
      moment = begin;
    }
    return own + Math.max(0, moment - from);
  }
  follow(childrenOf(model, -1), 0, model.lengthMs);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { place, until } = next;
    isOn[place] = 1;
    ownMs[place] = follow(childrenOf(model, place), model.start[place] ?? 0, until);
  }
  return { isOn, ownMs };
}

/** The places right below a span, or the tops for -1. */
export function childrenOf({ size, count }: TraceModel, place: number): number[] {
  const end = place < 0 ? count : place + (size[place] ?? 1);
  const children: number[] = [];
  for (let child = place + 1; child < end; child += size[child] ?? 1) children.push(child);
  return children;
}
