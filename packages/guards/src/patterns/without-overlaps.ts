import type { Span } from "../finding.ts";

/** Spans in order. Of two that overlap, the one of lower rank stays; of two of the same rank, the one that begins first. */
export function withoutOverlaps<Ranked extends Span & { readonly rank: number }>(spans: readonly Ranked[]): Ranked[] {
  const accepted: Ranked[] = [];
  for (const span of spans.toSorted((one, two) => one.start - two.start || one.rank - two.rank || two.end - one.end)) {
    const last = accepted.at(-1);
    if (!last || span.start >= last.end) accepted.push(span);
    else if (span.rank < last.rank) accepted[accepted.length - 1] = span;
  }
  return accepted;
}
