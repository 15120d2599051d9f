import type { ErrorRow } from "../stores/failure-store.ts";

/** How long an error waits for the spans below it, which other senders may send a little later. */
export const SETTLE_MS = 10_000;

type Place = Pick<ErrorRow, "trace_id" | "span_id">;
const keyOf = ({ trace_id, span_id }: Place) => `${trace_id} ${span_id}`;

/**
 * The failed spans that do not count, because the same error counts at another span. Failed spans that are linked as parent and child
 * are one error that was passed upward. It counts at the deepest spans among those that were received within the settling time of
 * the first one. Spans that were received later do not count. Only the times of receipt decide, and never when they are read, so
 * that each span has the same result at any time.
 */
export function passedOn(errors: readonly ErrorRow[], read: readonly (Place & { received_ms: number })[]): Set<string> {
  const ofTrace = Map.groupBy(errors, ({ trace_id }) => trace_id);
  return new Set(
    read
      .filter((row) => {
        // Spans that were received after the settling time were not there when this one was due.
        const known = (ofTrace.get(row.trace_id) ?? []).filter(
          ({ received_ms }) => received_ms <= row.received_ms + SETTLE_MS,
        );
        return isPassedOn(row, known);
      })
      .map(keyOf),
  );
}

export const isIn = (spans: ReadonlySet<string>, row: Place) => spans.has(keyOf(row));

function isPassedOn({ span_id: id, received_ms: at }: Place & { received_ms: number }, known: readonly ErrorRow[]) {
  const linked = linkedTo(id, known);
  const first = Math.min(at, ...linked.map(({ received_ms }) => received_ms));
  if (at > first + SETTLE_MS) return true;
  return linked.some(
    ({ span_id, parent_span_id, received_ms }) =>
      span_id !== id && parent_span_id === id && received_ms <= first + SETTLE_MS,
  );
}

/** The failed spans above and below one, and itself. Another child of the same parent is another error. */
function linkedTo(id: string, known: readonly ErrorRow[]): ErrorRow[] {
  const byId = new Map(known.map((row) => [row.span_id, row]));
  const children = Map.groupBy(known, ({ parent_span_id }) => parent_span_id);
  const above = new Set([id]);
  for (const next of above) {
    const parent = byId.get(next)?.parent_span_id;
    if (parent !== undefined && byId.has(parent)) above.add(parent);
  }
  const below = new Set([id]);
  for (const next of below) for (const { span_id } of children.get(next) ?? []) below.add(span_id);
  return [...new Set([...above, ...below])].flatMap((one) => byId.get(one) ?? []);
}
