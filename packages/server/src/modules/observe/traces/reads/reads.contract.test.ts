import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  FILTER_FIELDS,
  type FilterField,
  SessionSummary,
  SessionTrace,
  type Span,
  SpanDetail,
  SpanSummary,
  TraceOutline,
  TraceSummary,
  UserSummary,
} from "@treadle/contract";
import { afterAll, describe, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { openColumnar } from "../../../../platform/columnar/open.ts";
import { startClickHouseStub } from "../../../../platform/columnar/testing/start-clickhouse-stub.ts";
import { createRetentionStore } from "../retention-store.ts";
import { toContentRow, toScoreRow } from "../rows/content-rows.ts";
import { toRow } from "../rows/span-row.ts";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { createTraceReads } from "./reads.ts";

// The engine serves one folder per process, so both adapters use the same folder with different projects.
const folder = await mkdtemp(join(tmpdir(), "treadle-reads-"));
const embedded = await openColumnar({ folder });
const stub = await startClickHouseStub(folder);
const server = await openColumnar({ url: stub.url, folder });
afterAll(async () => {
  await server.close();
  await stub.close();
  await embedded.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (minute: number, second = 0) =>
  new Date(Date.parse("2026-11-20T10:00:00.000Z") + (minute * 60 + second) * 1_000).toISOString();
const idOf = (digit: string) => digit.repeat(32);
const VALUES = { text: "x", number: ">1", duration: ">1s", money: ">0.01", choice: "", score: "<0.5" } as const;
/** Any condition on a field, as a person writes it. */
const conditionOn = ({ name, kind, isKeyed, choices }: FilterField) =>
  `${name}${isKeyed ? ".key" : ""}${kind === "text" || choices ? ":" : ""}${choices?.[0] ?? VALUES[kind]}`;
const page = { limit: 50, order: "startTime", direction: "desc" } as const;

describe.each([
  { name: "chDB", columnar: embedded },
  { name: "ClickHouse over HTTP", columnar: server },
])("$name", ({ columnar }) => {
  const reads = createTraceReads(columnar);
  const keep = ({ projectId }: Scope, ...spans: Span[]) =>
    columnar.insert(
      "spans",
      spans.map((span) => toRow(projectId, span, false)),
    );

  test("spans that came late, in any order and twice are summed up once in their trace", async () => {
    const scope = freshScope();
    const traceId = idOf("1");
    const root = makeSpan({
      traceId,
      kind: "agent",
      name: "root",
      startTime: at(0),
      durationMs: 60_000,
      traceName: "",
    });
    const call = makeSpan({ traceId, parentSpanId: root.spanId, startTime: at(0, 30), inputTokens: 10, costUsd: 1 });
    const late = makeSpan({
      traceId,
      parentSpanId: root.spanId,
      startTime: at(-1),
      inputTokens: 5,
      traceName: "given",
    });
    await keep(scope, call);
    await keep(scope, late, call);
    await keep(scope, root);
    await keep(scope, call, root);
    const { items } = await reads.listTraces(scope, { limit: 50 });
    expect(items.map((item) => TraceSummary.parse(item))).toMatchObject([
      { traceId, name: "given", startTime: at(-1), durationMs: 120_000, spanCount: 3, inputTokens: 15, costUsd: 1 },
    ]);
    expect((await reads.list(scope, page)).items.map(({ spanId }) => spanId)).toEqual([
      call.spanId,
      root.spanId,
      late.spanId,
    ]);
    const outline = TraceOutline.parse(await reads.outline(scope, traceId));
    expect(outline).toMatchObject({ startTime: at(-1), isCut: false });
    expect(outline.columns.spanId).toEqual([late.spanId, root.spanId, call.spanId]);
    expect(outline.columns.startMs).toEqual([0, 60_000, 90_000]);
    expect(outline.columns.costUsd).toEqual([null, null, 1]);
  });

  test("a trace whose parents go in a circle, and one without a first span, are traces all the same", async () => {
    const scope = freshScope();
    const [a, b] = ["00000000000000aa", "00000000000000bb"];
    await keep(
      scope,
      makeSpan({ traceId: idOf("2"), spanId: a, parentSpanId: b, name: "a", startTime: at(0) }),
      makeSpan({ traceId: idOf("2"), spanId: b, parentSpanId: a, name: "b", startTime: at(0, 1) }),
    );
    expect((await reads.listTraces(scope, { limit: 50 })).items).toMatchObject([{ name: "a", spanCount: 2 }]);
    expect((await reads.outline(scope, idOf("2"))).columns.parentSpanId).toEqual([b, a]);
  });

  test("one span is returned with its payloads, events, links, scores and logs", async () => {
    const scope = freshScope();
    const span = makeSpan({
      traceId: idOf("3"),
      events: [{ name: "exception", time: at(1), attributes: { "exception.type": "Oops", depth: 2 } }],
      links: [{ traceId: idOf("4"), spanId: "00000000000000cc", attributes: {} }],
      scopeName: "my.lib",
      dialect: "gen-ai",
      promptName: "greet",
      promptVersion: "3",
      release: "1.2",
    });
    const sibling = makeSpan({ traceId: span.traceId, parentSpanId: span.spanId });
    await keep(scope, span, sibling);
    const ids = { traceId: span.traceId, spanId: span.spanId };
    const score = { ...ids, name: "helpful", value: 0.5, label: "", comment: "ok", source: "api", time: at(2) };
    await columnar.insert("scores", [
      toScoreRow(scope.projectId, score),
      toScoreRow(scope.projectId, score),
      toScoreRow(scope.projectId, { ...score, spanId: "", name: "whole", value: null, label: "good" }),
      toScoreRow(scope.projectId, { ...score, spanId: sibling.spanId, name: "other" }),
    ]);
    const logRecord = {
      name: "gen_ai.user.message",
      time: at(0),
      body: { content: "hello logs" },
      attributes: { a: 1 },
    };
    await columnar.insert("span_contents", [
      toContentRow(scope.projectId, { ...ids, ...logRecord }),
      toContentRow(scope.projectId, { ...ids, ...logRecord }),
    ]);
    const detail = SpanDetail.parse(await reads.getSpan(scope, ids));
    expect(detail).toMatchObject({
      events: span.events,
      links: span.links,
      scopeName: "my.lib",
      dialect: "gen-ai",
      promptName: "greet",
      promptVersion: "3",
      release: "1.2",
      contents: [logRecord],
      scores: [score, { name: "whole", value: null, label: "good" }],
    });
    expect(JSON.stringify(detail.input)).toContain("hello logs");
    const { items } = await reads.list(scope, { ...page, filter: `span:${span.spanId}` });
    expect(items.map((item) => SpanSummary.parse(item))).toMatchObject([
      { inputPreview: "hello logs", release: "1.2" },
    ]);
    expect((await reads.listTraces(scope, { limit: 50 })).items).toMatchObject([{ inputPreview: "hello logs" }]);
    expect((await reads.list(scope, { ...page, filter: "score.helpful<1" })).items).toHaveLength(1);
    expect((await reads.list(scope, { ...page, filter: "score.whole:good" })).items).toHaveLength(2);
    await expect(reads.getSpan(scope, { ...ids, spanId: "00000000000000dd" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(reads.getSpan(freshScope(), ids)).rejects.toMatchObject({ code: "not_found" });
    await expect(reads.outline(freshScope(), span.traceId)).rejects.toMatchObject({ code: "not_found" });
  });

  test("sessions are listed by when they were last active, and read as the conversation they were", async () => {
    const scope = freshScope();
    const turns = ["a", "b", "a", "c", "a"].map((sessionId, index) =>
      makeSpan({
        traceId: idOf(`${index + 1}`),
        sessionId,
        userId: `user of ${sessionId}`,
        startTime: at(index),
        input: `question ${index}`,
        output: `answer ${index}`,
        inputTokens: 10,
        costUsd: index === 0 ? null : 0.5,
        status: index === 2 ? "error" : "ok",
      }),
    );
    await keep(scope, ...turns, makeSpan({ startTime: at(9) }));
    const first = await reads.listSessions(scope, { limit: 2 });
    const second = await reads.listSessions(scope, { limit: 2, cursor: first.nextCursor ?? "" });
    const all = [...first.items, ...second.items].map((item) => SessionSummary.parse(item));
    expect(all.map(({ sessionId }) => sessionId)).toEqual(["a", "c", "b"]);
    expect(second.nextCursor).toBeNull();
    expect(all[0]).toMatchObject({
      userId: "user of a",
      traceCount: 3,
      spanCount: 3,
      errorCount: 1,
      inputTokens: 30,
      costUsd: 1,
      firstTime: at(0),
      lastTime: at(4),
      models: ["gpt-4.1-2025-04-14"],
    });
    expect((await reads.listSessions(scope, { limit: 50, filter: "status:error" })).items).toMatchObject([
      { sessionId: "a", spanCount: 1 },
    ]);
    const opening = await reads.getSession(scope, "a", { limit: 2 });
    const rest = await reads.getSession(scope, "a", { limit: 2, cursor: opening.nextCursor ?? "" });
    expect(opening.session).toMatchObject({ traceCount: 3 });
    expect([...opening.items, ...rest.items].map((item) => SessionTrace.parse(item))).toMatchObject([
      { traceId: idOf("1"), input: "question 0", output: "answer 0" },
      { traceId: idOf("3"), input: "question 2", output: "answer 2" },
      { traceId: idOf("5"), input: "question 4", output: "answer 4" },
    ]);
    expect(rest.nextCursor).toBeNull();
    await expect(reads.getSession(scope, "none", { limit: 2 })).rejects.toMatchObject({ code: "not_found" });
  });

  test("users are listed with what they took", async () => {
    const scope = freshScope();
    await keep(
      scope,
      makeSpan({ userId: "ann", sessionId: "1", startTime: at(0), costUsd: 1 }),
      makeSpan({ userId: "ann", sessionId: "2", startTime: at(2), costUsd: 2 }),
      makeSpan({ userId: "bob", startTime: at(1) }),
    );
    const { items } = await reads.listUsers(scope, { limit: 50 });
    expect(items.map((item) => UserSummary.parse(item))).toMatchObject([
      { userId: "ann", traceCount: 2, sessionCount: 2, costUsd: 3, firstTime: at(0), lastTime: at(2) },
      { userId: "bob", traceCount: 1, sessionCount: 0, costUsd: null },
    ]);
    expect((await reads.listUsers(scope, { limit: 50, from: at(1), to: at(2) })).items).toMatchObject([
      { userId: "bob" },
    ]);
  });

  test.each(FILTER_FIELDS)("$name narrows every list", async (field) => {
    const scope = freshScope();
    await keep(scope, makeSpan({ userId: "ann", sessionId: "1", costUsd: 1, inputTokens: 5, outputTokens: 5 }));
    const query = { ...page, filter: conditionOn(field) };
    for (const list of [reads.list, reads.listTraces, reads.listSessions, reads.listUsers])
      await expect(list(scope, query)).resolves.toMatchObject({ nextCursor: null });
  });

  test("the values that a filter offers are those that were recorded, keys of maps and names of scores too", async () => {
    const scope = freshScope();
    await keep(scope, makeSpan({ release: "1.0", metadata: { plan: "pro" }, attributes: { "http.route": "/x" } }));
    const score = { traceId: idOf("1"), spanId: "", name: "tone", value: 1, label: "", comment: "", source: "api" };
    await columnar.insert("scores", [toScoreRow(scope.projectId, { ...score, time: at(0) })]);
    const valuesOf = async (field: Parameters<typeof reads.values>[1]["field"]) =>
      (await reads.values(scope, { field })).items.map(({ value }) => value);
    expect(await valuesOf("release")).toEqual(["1.0"]);
    expect(await valuesOf("metadataKey")).toEqual(["plan"]);
    expect(await valuesOf("attributeKey")).toEqual(["http.route"]);
    expect(await valuesOf("scoreName")).toEqual(["tone"]);
  });

  test("data older than a time can be dropped, in one project only", async () => {
    const [mine, theirs] = [freshScope(), freshScope()];
    const [old, young] = [makeSpan({ startTime: at(0) }), makeSpan({ startTime: at(1) })];
    await keep(mine, old, young);
    await keep(theirs, old);
    await createRetentionStore(columnar).deleteOlderThan(mine.projectId, at(1));
    expect((await reads.list(mine, page)).items.map(({ spanId }) => spanId)).toEqual([young.spanId]);
    expect((await reads.listTraces(mine, { limit: 50 })).items).toMatchObject([{ traceId: young.traceId }]);
    expect((await reads.list(theirs, page)).items).toHaveLength(1);
  });
});
