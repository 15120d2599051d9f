import { afterAll, beforeAll, expect, test } from "vitest";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { openTestTraces } from "../testing/open-test-traces.ts";

let opened: Awaited<ReturnType<typeof openTestTraces>>;
beforeAll(async () => {
  opened = await openTestTraces(Date.parse("2026-11-20T12:00:00.000Z"));
});
afterAll(() => opened.close());

test("the columns of an outline are of one length, also where spans have neither a price nor a first token", async () => {
  const scope = freshScope();
  const first = makeSpan({ name: "root", startTime: "2026-11-20T10:00:00.000Z" });
  const priced = makeSpan({
    traceId: first.traceId,
    parentSpanId: first.spanId,
    startTime: "2026-11-20T10:00:00.250Z",
    costUsd: 0.5,
    timeToFirstTokenMs: 20,
  });
  await opened.keep(scope, [priced, first]);
  const { columns, startTime, isCut } = await opened.traces.outline(scope, first.traceId);
  expect({ startTime: Date.parse(startTime), isCut }).toEqual({ startTime: Date.parse(first.startTime), isCut: false });
  expect(columns).toMatchObject({
    spanId: [first.spanId, priced.spanId],
    parentSpanId: ["", first.spanId],
    startMs: [0, 250],
    costUsd: [null, 0.5],
    timeToFirstTokenMs: [null, 20],
  });
  expect(new Set(Object.values(columns).map(({ length }) => length))).toEqual(new Set([2]));
});
