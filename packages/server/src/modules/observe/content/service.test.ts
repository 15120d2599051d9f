import { type Route, Span, SpanFilter, SpanNarrowing, SpanSummary } from "@treadle/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import type { AnyHandler } from "../../../kernel/call.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { createContentAccess } from "./index.ts";
import { MOST_READS, READ_WINDOW_MS } from "./read-log.ts";

const PLANTED = "planted-7f3a";
type Call = Parameters<AnyHandler>[0];

function open({ isRecording = true, redact = (text: string) => text } = {}) {
  const entries: { actor: string; action: string; target: string; details?: object }[] = [];
  const time = { now: 0, isAuditBroken: false };
  const protect = createContentAccess({
    audit: {
      record: async ({ actor }, entry) => {
        if (time.isAuditBroken) throw new Error("the audit log is away");
        entries.push({ actor, ...entry });
      },
    },
    isRecording: () => isRecording,
    redactorFor: () => ({ text: (_, text) => redact(text) }),
    clock: { now: () => time.now, elapsed: () => time.now },
  });
  const serve = (route: Partial<Route>, handle: AnyHandler): AnyHandler => {
    const whole = { name: "readIt", summary: "", permission: "traces:read", response: z.unknown(), ...route } as Route;
    const [entry] = protect([{ endpoint: "GET /x", route: whole, handle }]);
    if (!entry) throw new Error("no entry");
    return entry.handle;
  };
  return { entries, time, serve };
}

const scopeOf = (actor: string, ...permissions: ("traces:read" | "traces:content")[]): Scope => ({
  projectId: "proj_1",
  actor,
  userId: null,
  permissions: new Set(permissions),
});
const reader = scopeOf("key_reader", "traces:read", "traces:content");
const bare = scopeOf("key_bare", "traces:read");
const callOf = (scope: Scope, given: Partial<Call> = {}) =>
  ({ scope, params: {}, query: {}, body: undefined, ...given }) as unknown as Call;

const full = makeSpan({
  input: [{ role: "user", parts: [{ type: "text", content: PLANTED }] }],
  output: PLANTED,
  errorMessage: PLANTED,
  parameters: { temperature: 0.5, stop: PLANTED },
  attributes: { "http.body": PLANTED, "http.status": 200, "treadle.guard.action": "flag" },
  attempts: [{ connection: "c", provider: "p", model: "m", status: 500, error: PLANTED, durationMs: 1 }],
  events: [{ name: "said", time: "2026-11-20T12:00:00.000Z", attributes: { text: PLANTED } }],
  links: [],
  metadata: { tenant: "acme" },
});

test("a caller without the permission gets the measures of a span and none of its text", async () => {
  const { serve } = open();
  const shape = z.object({ spans: z.array(Span.extend({ isContentHidden: z.boolean().optional() })) });
  const read = serve({ response: shape }, async () => ({ spans: [full] }));
  const { spans } = (await read(callOf(bare))) as z.infer<typeof shape>;
  expect(JSON.stringify(spans)).not.toContain(PLANTED);
  expect(spans[0]).toMatchObject({
    isContentHidden: true,
    input: null,
    output: null,
    errorMessage: "",
    parameters: { temperature: 0.5 },
    attributes: { "http.status": 200, "treadle.guard.action": "flag" },
    attempts: [{ status: 500, error: "" }],
    events: [{ name: "said", attributes: {} }],
    metadata: { tenant: "acme" },
    durationMs: full.durationMs,
  });
  expect(shape.safeParse({ spans }).success).toBe(true);
  expect(await read(callOf(reader))).toEqual({ spans: [full] });
});

test("a stream of spans hides the text of each", async () => {
  const { serve } = open();
  const summary = { ...full, inputPreview: PLANTED, outputPreview: PLANTED };
  const watch = serve({ response: SpanSummary, answer: "events" }, async function* () {
    yield summary;
  });
  const seen = [];
  for await (const event of watch(callOf(bare)) as AsyncIterable<object>) seen.push(event);
  expect(seen).toMatchObject([{ inputPreview: "", outputPreview: "", isContentHidden: true }]);
});

test.each([
  ["search", { query: { search: "secret" } }],
  ["text in a filter", { query: { filter: "model:gpt-4o (secret OR -status:error)" } }],
  ["an attribute in a filter", { query: { filter: "attr.http.body:x" } }],
  ["a narrowing in a body", { body: { where: { filter: '-"secret"' } } }],
  ["a cohort in a body", { body: { where: {}, cohorts: [{ where: { search: "secret" } }] } }],
])("a filter that reads content is rejected: %s", async (_, input) => {
  const { serve } = open();
  const body = z.object({ where: SpanNarrowing, cohorts: z.array(z.object({ where: SpanNarrowing })).optional() });
  const read = serve({ query: SpanFilter, body: body.optional() }, async () => ({ count: 1 }));
  const refused = async (scope: Scope) => read(callOf(scope, input));
  await expect(refused(bare)).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("traces:content"),
  });
  expect(await refused(reader)).toEqual({ count: 1 });
});

test("a filter by names, numbers and technical attributes is accepted", async () => {
  const { serve } = open();
  const read = serve({ query: SpanFilter }, async () => "read");
  const filter = "model:gpt-4o latency>2s metadata.tenant:acme attr.treadle.guard.action:flag has:input error:timeout";
  expect(await read(callOf(bare, { query: { filter, search: " " } }))).toBe("read");
});

test("a route that is all content is refused, with the permission that it needs", async () => {
  const { serve } = open();
  const read = serve({ content: "required" }, async () => PLANTED);
  await expect((async () => read(callOf(bare)))()).rejects.toMatchObject({
    code: "forbidden",
    details: { permission: "traces:content" },
  });
  expect(await read(callOf(reader))).toBe(PLANTED);
});

test("a caller who reads the parts of a trace writes one entry in ten minutes", async () => {
  const { serve, entries, time } = open();
  const spans = serve({ name: "getTrace", response: z.object({ spans: z.array(Span) }) }, async () => ({
    spans: [full],
  }));
  const object = serve({ name: "getSpanObject", content: "required", answer: "file" }, async () => undefined);
  const call = callOf(reader, { params: { traceId: "t1", spanId: "s1" } });
  await Promise.all([spans(call), spans(call), object(call)]);
  expect(entries).toEqual([
    { actor: "key_reader", action: "content.read", target: "t1", details: { operation: "getTrace" } },
  ]);
  await spans(callOf(reader, { params: { traceId: "t2" } }));
  await spans(callOf({ ...reader, actor: "user_2" }, { params: { traceId: "t1" } }));
  await spans(callOf(bare, { params: { traceId: "t1" } }));
  expect(entries.map(({ actor, target }) => [actor, target])).toEqual([
    ["key_reader", "t1"],
    ["key_reader", "t2"],
    ["user_2", "t1"],
  ]);
  time.now += READ_WINDOW_MS;
  await spans(call);
  expect(entries).toHaveLength(4);
});

test("a list writes its query, and an empty list writes nothing", async () => {
  const { serve, entries } = open();
  const page = z.object({ items: z.array(SpanSummary), nextCursor: z.string().nullable() });
  const items: unknown[] = [];
  const list = serve({ name: "listSpans", response: page }, async () => ({ items, nextCursor: null }));
  await list(callOf(reader, { query: { search: "refund", limit: 50 } }));
  expect(entries).toEqual([]);
  items.push(full);
  await list(callOf(reader, { query: { search: "refund", limit: 50 } }));
  await list(callOf(reader, { query: { search: "refund", limit: 50, cursor: "next" } }));
  expect(entries).toMatchObject([{ target: "listSpans", details: { operation: "listSpans", search: "refund" } }]);
});

test("a caller who reads many traces writes a bounded number of entries, and one that says so", async () => {
  const { serve, entries } = open();
  const read = serve({ response: Span }, async () => full);
  for (let place = 0; place < MOST_READS + 50; place++)
    await read(callOf(reader, { params: { traceId: `trace ${place}` } }));
  expect(entries).toHaveLength(MOST_READS + 1);
  expect(entries.at(-1)).toMatchObject({ action: "content.read-many", target: "key_reader" });
});

test("content is not sent while its entry cannot be written", async () => {
  const { serve, entries, time } = open();
  const read = serve({ response: Span }, async () => full);
  const call = callOf(reader, { params: { traceId: "t1" } });
  time.isAuditBroken = true;
  await expect(read(call)).rejects.toThrow("away");
  time.isAuditBroken = false;
  await read(call);
  expect(entries).toHaveLength(1);
});

test("a query in an entry is redacted as the traces of the project are", async () => {
  const { serve, entries } = open({ redact: (text) => text.replace("ada@example.org", "[EMAIL]") });
  const read = serve({ name: "runSql", content: "partial" }, async () => ({ rows: [] }));
  await read(callOf(reader, { body: { sql: "SELECT 'ada@example.org'" } }));
  expect(entries).toMatchObject([{ target: "runSql", details: { sql: "SELECT '[EMAIL]'" } }]);
});

test("nothing is written where the project turned it off", async () => {
  const { serve, entries } = open({ isRecording: false });
  await serve({ response: Span }, async () => full)(callOf(reader, { params: { traceId: "t1" } }));
  expect(entries).toEqual([]);
});
