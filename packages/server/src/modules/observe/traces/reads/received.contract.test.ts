import { afterAll, beforeAll, expect, test } from "vitest";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { openTestTraces } from "../testing/open-test-traces.ts";

const START = { receivedMs: 0, traceId: "", spanId: "" };
/** Later than anything here is received by more than spans take to settle. */
const NOW = Date.now() + 600_000;

let world: Awaited<ReturnType<typeof openTestTraces>>;
beforeAll(async () => {
  world = await openTestTraces(NOW);
});
afterAll(() => world.close());

const spansOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) =>
    makeSpan({ traceId: (from + at + 1).toString(16).padStart(32, "0"), startTime: new Date(NOW).toISOString() }),
  );

test("spans are listed in the order they came, piece by piece, until nothing is new", async () => {
  const scope = freshScope();
  await world.keep(scope, spansOf(0, 2));
  await world.keep(scope, spansOf(2, 5));
  const list = (after: typeof START) => world.traces.listReceived(scope.projectId, { after, filter: "", limit: 2 });
  const traceIds: string[] = [];
  let after = START;
  for (;;) {
    const { spans, end } = await list(after);
    if (end === null) break;
    traceIds.push(...spans.map(({ traceId }) => traceId));
    after = end;
  }
  expect(traceIds).toEqual(spansOf(0, 5).map(({ traceId }) => traceId));
});

test("while others still wait to be delivered, those that are there are listed all the same", async () => {
  const scope = freshScope();
  await world.keep(scope, spansOf(0, 3));
  let asked = 0;
  while (asked < 20) {
    await world.traces.ingest(scope, spansOf(3, 4));
    // Some part of a millisecond later, while they wait.
    if (world.spool.status().oldestPendingSeconds === null) continue;
    const { spans } = await world.traces.listReceived(scope.projectId, { after: START, filter: "", limit: 3 });
    expect(spans).toHaveLength(3);
    asked++;
  }
});
