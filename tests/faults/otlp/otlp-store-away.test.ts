import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../packages/server/src/kernel/clock.ts";
import { createOtlp, type Otlp } from "../../../packages/server/src/modules/observe/traces/otlp/service.ts";
import {
  type JsonSpan,
  jsonSpan,
  jsonTraces,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { createTraces } from "../../../packages/server/src/modules/observe/traces/service.ts";
import { freshScope } from "../../../packages/server/src/modules/observe/traces/testing/make-span.ts";
import { openTestColumnar } from "../../../packages/server/src/platform/columnar/testing/open-test-columnar.ts";
import { createMetrics } from "../../../packages/server/src/platform/metrics/metrics.ts";
import { openSpool } from "../../../packages/server/src/platform/spool/open.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let columnar: Awaited<ReturnType<typeof openTestColumnar>>;
let folder: string;
beforeAll(async () => {
  columnar = await openTestColumnar();
  folder = await mkdtemp(join(tmpdir(), "treadle-otlp-away-"));
});
afterAll(async () => {
  await columnar.close();
  await rm(folder, { recursive: true, force: true });
});

/** The receiver over a real spool, with a store that a test can take away, or whose acknowledgements it can drop. */
async function open(name: string, capBytes: number) {
  const store = { isAway: false, losesAnswers: false };
  const spool = await openSpool({
    folder: join(folder, name),
    capBytes,
    log: silent,
    clock: systemClock,
    limits: { delayMs: 20 },
    async deliver(table, lines, token) {
      if (store.isAway) throw new Error("connection refused");
      await columnar.insertLines(table, lines, { token });
      if (store.losesAnswers) {
        store.losesAnswers = false;
        throw new Error("connection reset before the answer");
      }
    },
  });
  const privacy = { rulesOf: () => null };
  const traces = createTraces({ columnar, spool, privacy, ownSpans: () => otlp.ownSpans, clock: systemClock });
  const objects = { has: async () => true, put: () => Promise.reject(new Error("none")), get: () => Promise.reject() };
  const otlp: Otlp = createOtlp({
    spool,
    privacy,
    traces,
    objects,
    clock: systemClock,
    log: silent,
    metrics: createMetrics(),
    prices: { ownPrices: () => [] },
  });
  const scope = freshScope();
  const close = async () => {
    await otlp.close();
    await spool.close();
  };
  const send = (spans: readonly JsonSpan[]) =>
    otlp.receive(scope, { signal: "traces", isProtobuf: true, bytes: tracesToProtobuf(jsonTraces(spans)) });
  return { store, spool, traces, scope, send, close };
}

const Count = {
  sql: "SELECT count() AS count, uniqExact(span_id) AS spans FROM spans WHERE project_id = {projectId:String}",
};

test("while the store is away every sender is answered as ever, and afterwards each span is there once", async () => {
  const { store, spool, traces, scope, send, close } = await open(randomUUID(), 1e9);
  const sent: JsonSpan[] = [];
  store.isAway = true;
  for (let batch = 0; batch < 100; batch++) {
    const spans = Array.from({ length: 20 }, () => jsonSpan({ traceId: "a".repeat(32) }));
    sent.push(...spans);
    expect(await send(spans)).toEqual({ rejected: 0, message: "" });
    // The sender got no response in time, so it sends the batch again.
    if (batch % 10 === 0) expect(await send(spans)).toEqual({ rejected: 0, message: "" });
  }
  expect(spool.status()).toMatchObject({ state: "degraded", pendingRows: 2_000 });
  store.isAway = false;
  store.losesAnswers = true;
  await spool.flush();
  const { columns } = await traces.outline(scope, "a".repeat(32));
  expect(new Set(columns.spanId)).toEqual(new Set(sent.map(({ spanId }) => spanId)));
  const [row] = (await columnar.selectTable({ ...Count, params: { projectId: scope.projectId } })).rows;
  expect(row?.map(Number)).toEqual([2_000, 2_000]);
  await close();
});

test("at the cap, senders are asked to retry, and no acknowledged span is lost or doubled", async () => {
  const { store, spool, scope, send, close } = await open(randomUUID(), 200_000);
  store.isAway = true;
  const batches = Array.from({ length: 40 }, () => Array.from({ length: 20 }, () => jsonSpan()));
  const waiting: (readonly JsonSpan[])[] = [];
  for (const spans of batches) {
    const answer = await send(spans).catch((error: unknown) => error);
    if (answer instanceof Error) {
      expect(answer).toMatchObject({ code: "overloaded", retryAfterSeconds: 10 });
      waiting.push(spans);
    }
  }
  expect(waiting.length).toBeGreaterThan(5);
  expect(waiting.length).toBeLessThan(35);
  store.isAway = false;
  for (const spans of waiting) {
    await spool.flush();
    expect(await send(spans)).toEqual({ rejected: 0, message: "" });
  }
  await spool.flush();
  const [row] = (await columnar.selectTable({ ...Count, params: { projectId: scope.projectId } })).rows;
  expect(row?.map(Number)).toEqual([800, 800]);
  await close();
});
