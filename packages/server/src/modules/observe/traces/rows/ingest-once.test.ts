import { expect, test } from "vitest";
import { makeSpan } from "../testing/make-span.ts";
import { createIngestOnce } from "./ingest-once.ts";

const MINUTE = 60_000;

/** A spool whose appends end when the test says so. */
function open() {
  let now = 0;
  const rows: object[] = [];
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const append = (_projectId: string, given: readonly object[]) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({
        resolve: () => {
          rows.push(...given);
          resolve();
        },
        reject,
      });
    });
  const ingest = createIngestOnce({ append, clock: { now: () => now, elapsed: () => now } });
  return {
    rows,
    waiting,
    pass: (ms: number) => {
      now += ms;
    },
    async ingest(projectId: string, ...spans: ReturnType<typeof makeSpan>[]) {
      const ingested = ingest(projectId, spans);
      for (const append of waiting.splice(0)) append.resolve();
      return (await ingested).length;
    },
    begin: (...spans: ReturnType<typeof makeSpan>[]) => ingest("p", spans),
  };
}

test("a span that is sent again is stored once, and another project's of the same id is another span", async () => {
  const world = open();
  const [first, second] = [makeSpan(), makeSpan()];
  expect(await world.ingest("p", first, first)).toBe(1);
  expect(await world.ingest("p", first, second)).toBe(1);
  expect(await world.ingest("q", first)).toBe(1);
  world.pass(9 * MINUTE);
  expect(await world.ingest("p", first)).toBe(0);
  expect(world.rows).toHaveLength(3);
});

test("after twenty minutes a span is no longer remembered", async () => {
  const world = open();
  const [span, other] = [makeSpan(), makeSpan()];
  await world.ingest("p", span);
  world.pass(11 * MINUTE);
  await world.ingest("p", other);
  world.pass(11 * MINUTE);
  expect(await world.ingest("p", span)).toBe(1);
});

test("spans that could not be stored are taken when they are sent again", async () => {
  const world = open();
  const span = makeSpan();
  const failed = world.begin(span);
  world.waiting.shift()?.reject(new Error("The disk is full."));
  await expect(failed).rejects.toThrow("The disk is full.");
  expect(await world.ingest("p", span)).toBe(1);
  expect(world.rows).toHaveLength(1);
});

test("a copy is not acknowledged before the first one is stored, and fails with it", async () => {
  const world = open();
  const span = makeSpan();
  const first = world.begin(span);
  let isAnswered = false;
  const copy = world.begin(span).finally(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isAnswered).toBe(false);
  world.waiting.shift()?.reject(new Error("The disk is full."));
  await expect(first).rejects.toThrow("The disk is full.");
  await expect(copy).rejects.toThrow("The disk is full.");
  expect(await world.ingest("p", span)).toBe(1);
});
