import type { SpanSummary } from "@treadle/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { createMetrics } from "../../../../platform/metrics/metrics.ts";
import type { EncodedRows } from "../../../../platform/spool/port.ts";
import { NO_PRIVACY } from "../../redaction/testing/no-privacy.ts";
import { createLiveSpans } from "../reads/live-spans.ts";
import { freshScope } from "../testing/make-span.ts";
import { createOtlp, type Otlp } from "./service.ts";
import { jsonSpan, jsonTraces } from "./testing/otlp-json.ts";
import { tracesToProtobuf } from "./testing/to-protobuf.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let otlp: Otlp;
let live: ReturnType<typeof createLiveSpans>;
let steps: string[];
let refusal: AppError | null;
const stored = new Set<string>();

beforeEach(() => {
  steps = [];
  refusal = null;
  stored.clear();
  live = createLiveSpans();
  otlp = createOtlp({
    spool: {
      async appendLines(encoded: readonly EncodedRows[]) {
        if (refusal) throw refusal;
        steps.push(`${encoded.reduce((sum, { rows }) => sum + rows, 0)} rows`);
      },
    },
    objects: {
      has: async (sha256) => stored.has(sha256),
      async put(content) {
        steps.push("object");
        stored.add("any");
        return { sha256: "", sizeBytes: (content as Uint8Array).byteLength };
      },
      get: () => Promise.reject(new AppError("not_found")),
    },
    traces: { live, getSpan: () => Promise.reject(new AppError("not_found")) },
    prices: { ownPrices: () => [] },
    privacy: NO_PRIVACY,
    clock: { now: () => Date.now(), elapsed: () => performance.now() },
    log: silent,
    metrics: createMetrics(),
  });
});
afterEach(() => otlp.close());

const exportOf = (...spans: Parameters<typeof jsonTraces>[0]) =>
  ({ signal: "traces", isProtobuf: true, bytes: tracesToProtobuf(jsonTraces(spans)) }) as const;

test("watchers of a project see its spans as they arrive, and no other project's spans", async () => {
  const [scope, other] = [freshScope(), freshScope()];
  const leaving = new AbortController();
  const liveSpans = live.watch(scope.projectId, {}, leaving.signal)[Symbol.asyncIterator]();
  await otlp.receive(other, exportOf(jsonSpan({ name: "not theirs" })));
  await otlp.receive(scope, exportOf(jsonSpan({ name: "theirs" }), jsonSpan({ name: "also" })));
  const names = [await liveSpans.next(), await liveSpans.next()].map(({ value }: { value: SpanSummary }) => value.name);
  expect(names).toEqual(["theirs", "also"]);
  leaving.abort();
});

test("contents of a span are stored before the row that names them", async () => {
  await otlp.receive(freshScope(), exportOf(jsonSpan({ attributes: { large: "x".repeat(300_000) } }), jsonSpan()));
  expect(steps).toEqual(["object", "2 rows"]);
});

test("while the spool is full, the sender gets a time to retry, and no watcher sees the spans", async () => {
  const scope = freshScope();
  const leaving = new AbortController();
  const firstSpan = live.watch(scope.projectId, {}, leaving.signal)[Symbol.asyncIterator]().next();
  refusal = new AppError("overloaded", { retryAfterSeconds: 10 });
  await expect(otlp.receive(scope, exportOf(jsonSpan({ name: "lost" })))).rejects.toMatchObject({
    code: "overloaded",
    retryAfterSeconds: 10,
  });
  refusal = null;
  await otlp.receive(scope, exportOf(jsonSpan({ name: "kept" })));
  expect((await firstSpan).value).toMatchObject({ name: "kept" });
  leaving.abort();
});
