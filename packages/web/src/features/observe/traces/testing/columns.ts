import type { SpanColumns } from "../model/span-columns.ts";

type Row = { [Field in keyof SpanColumns]: SpanColumns[Field][number] };

/** Columns from short rows: an id, its parent, when it begins and how long it takes, and what else matters. */
export function columnsOf(
  rows: readonly (readonly [id: string, parent: string, start: number, duration: number, more?: Partial<Row>])[],
): SpanColumns {
  const whole = rows.map(
    ([spanId, parentSpanId, startMs, durationMs, more]): Row => ({
      spanId,
      parentSpanId,
      startMs,
      durationMs,
      name: spanId,
      kind: "span",
      status: "ok",
      service: "",
      model: "",
      timeToFirstTokenMs: null,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: null,
      ...more,
    }),
  );
  const column = <Field extends keyof Row>(field: Field) => whole.map((row) => row[field]);
  return {
    spanId: column("spanId"),
    parentSpanId: column("parentSpanId"),
    name: column("name"),
    kind: column("kind"),
    status: column("status"),
    service: column("service"),
    model: column("model"),
    startMs: column("startMs"),
    durationMs: column("durationMs"),
    timeToFirstTokenMs: column("timeToFirstTokenMs"),
    inputTokens: column("inputTokens"),
    outputTokens: column("outputTokens"),
    costUsd: column("costUsd"),
  };
}
