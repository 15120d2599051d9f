import { api, PERMISSIONS, type Route, SERVER_PERMISSIONS } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import {
  jsonLogs,
  jsonSpan,
  jsonTraces,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const PLANTED = "quartz-4417";
const TRACE = "5".repeat(32);
const SPAN = "6".repeat(16);
const SESSION = "content-session";
const OF_SERVER: ReadonlySet<string> = new Set(SERVER_PERMISSIONS);
const PATIENCE = { timeout: 30_000, interval: 100 };
const NOW = new Date().toISOString();
const PERIOD = {
  from: new Date(Date.now() - 3_600_000).toISOString(),
  to: new Date(Date.now() + 3_600_000).toISOString(),
};

let treadle: SharedTreadle;
let owner: Client["call"];
let bare: { key: string; id: string };
let full: { key: string; id: string };
let ids: Record<string, string>;

async function makeKey(without: readonly string[] = []) {
  const permissions = PERMISSIONS.filter((name) => !without.includes(name) && !OF_SERVER.has(name));
  const { key, apiKeyId } = await owner("POST /api/v1/api-keys", { body: { name: "reader", permissions } });
  return { key, id: apiKeyId };
}

/** One span with the planted value in every field that holds content, and a log and a score with it. */
async function sendContent() {
  const note = { note: { stringValue: PLANTED } };
  const large = `${PLANTED} ${"filler ".repeat(400_000)}`;
  const span = jsonSpan({
    traceId: TRACE,
    spanId: SPAN,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "m",
      "session.id": SESSION,
      "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: PLANTED }] }]),
      "gen_ai.output.messages": JSON.stringify([
        { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "send", arguments: { to: PLANTED } }] },
      ]),
      "gen_ai.request.stop_sequences": [PLANTED],
      "app.note": PLANTED,
      "app.large": large,
    },
    status: { code: 2, message: PLANTED },
    events: [{ name: "said", attributes: Object.entries(note).map(([key, value]) => ({ key, value })) }],
  });
  const post = async (path: string, body: object) => {
    const response = await fetch(treadle.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).toBeLessThan(300);
  };
  await post("/v1/traces", jsonTraces([span]));
  await post(
    "/v1/logs",
    jsonLogs([{ traceId: TRACE, spanId: SPAN, eventName: "gen_ai.choice", body: { stringValue: PLANTED } }]),
  );
  await post("/api/public/scores", { traceId: TRACE, observationId: SPAN, name: "tone", value: 1, comment: PLANTED });
}

async function furnish(): Promise<Record<string, string>> {
  const questions = [{ type: "binary" as const, key: "good", title: "Good?" }];
  const queue = await owner("POST /api/v1/annotation-queues", { body: { name: "Answers", questions } });
  const { queueId } = queue;
  await owner("POST /api/v1/annotation-queues/:queueId/items", {
    params: { queueId },
    body: { from: "spans", select: { spans: [{ traceId: TRACE, spanId: SPAN }] } },
  });
  const items = await owner("GET /api/v1/annotation-queues/:queueId/items", { params: { queueId } });
  const { datasetId } = await owner("POST /api/v1/datasets", { body: { name: "From traces" } });
  const detail = await owner("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId: TRACE, spanId: SPAN } });
  const sha256 = /\b([0-9a-f]{64})\b/.exec(JSON.stringify(detail))?.[1] ?? "";
  return {
    traceId: TRACE,
    spanId: SPAN,
    sessionId: SESSION,
    queueId,
    itemId: items.items[0]?.itemId ?? "",
    datasetId,
    sha256,
  };
}

beforeAll(async () => {
  treadle = await openSharedTreadle();
  owner = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }).call;
  await sendContent();
  await vi.waitFor(async () => {
    const found = await owner("GET /api/v1/traces/:traceId/spans/:spanId", {
      params: { traceId: TRACE, spanId: SPAN },
    });
    expect(found.scores).toHaveLength(1);
    expect(JSON.stringify(found.contents)).toContain(PLANTED);
  }, PATIENCE);
  [bare, full, ids] = await Promise.all([makeKey(["traces:content"]), makeKey(), furnish()]);
}, 120_000);
afterAll(() => treadle?.stop());

/** Bodies of endpoints that read by POST. */
const BODIES: Readonly<Record<string, object>> = {
  measureSpans: { measures: ["spans"], dimensions: ["model", "errorType", "name"], ...PERIOD },
  runSql: { sql: "SELECT * FROM spans" },
  findSimilarSpans: { text: "quartz" },
  previewTraceItems: { select: { spans: [{ traceId: TRACE, spanId: SPAN }] } },
  selectForAnnotation: { size: 5 },
  nextAnnotationItems: { count: 3 },
  previewLiveRule: {},
  getScoreRate: { score: "tone", ...PERIOD },
};
const QUERIES: Readonly<Record<string, string>> = {
  getTraceTotals: new URLSearchParams(PERIOD).toString(),
  getOverview: new URLSearchParams(PERIOD).toString(),
  listSpanValues: "field=attributeKey",
  exportSpans: "format=jsonl",
  exportTraces: "format=csv",
  getConsensus: "question=good",
  listLiveScores: "",
};

async function ask(
  key: string,
  [endpoint, route]: readonly [string, Route],
): Promise<{ status: number; text: string }> {
  const [method = "", template = ""] = endpoint.split(" ");
  const path = template.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? `no-${name}`));
  const body = BODIES[route.name];
  const response = await fetch(`${treadle.url}${path}?${QUERIES[route.name] ?? ""}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** Endpoints that read: every GET that ends, and the POSTs above. */
const READS = Object.entries<Route>(api).filter(
  ([endpoint, { name, answer, permission, wire }]) =>
    (endpoint.startsWith("GET ") || BODIES[name] !== undefined) &&
    answer !== "events" &&
    permission !== "public" &&
    wire === undefined,
);

async function namesThatShow(key: string): Promise<string[]> {
  const names = [];
  for (const read of READS) if ((await ask(key, read)).text.includes(PLANTED)) names.push(read[1].name);
  return names;
}

describe("a key without traces:content", () => {
  test("gets no planted value from any endpoint that reads, and a key with it does from each that has content", async () => {
    expect(await namesThatShow(bare.key)).toEqual([]);
    expect((await namesThatShow(full.key)).sort()).toEqual(
      [
        "exportAnnotations",
        "exportSpans",
        "exportTraces",
        "findSimilarSpans",
        "getAnnotationItem",
        "getSession",
        "getSpan",
        "getSpanObject",
        "getTrace",
        "listAnnotationItems",
        "listSpans",
        "listTraces",
        "nextAnnotationItems",
        "previewTraceItems",
        "runSql",
        "selectForAnnotation",
      ].sort(),
    );
  }, 120_000);

  test("reads the measures of a span with a mark that its text is hidden", async () => {
    const { call } = createClient({ baseUrl: treadle.url, apiKey: bare.key });
    const span = await call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId: TRACE, spanId: SPAN } });
    expect(span).toMatchObject({ isContentHidden: true, input: null, requestModel: "m", status: "error" });
    expect(span.scores).toMatchObject([{ name: "tone", value: 1, comment: "" }]);
    const { items } = await call("GET /api/v1/traces", { query: { filter: "model:m" } });
    expect(items).toMatchObject([{ traceId: TRACE, isContentHidden: true, inputPreview: "" }]);
  });

  test.each([
    ["spans", `/api/v1/spans?search=${PLANTED}`],
    ["traces", `/api/v1/traces?filter=${encodeURIComponent(`"${PLANTED}"`)}`],
    ["sessions", "/api/v1/sessions?filter=attr.app.note:x"],
    ["exports", "/api/v1/spans/export?payloads=true"],
    ["objects", `/api/v1/traces/${TRACE}/spans/${SPAN}/objects/${"0".repeat(64)}`],
  ])("is refused where it asks for content by a filter or a file: %s", async (_, path) => {
    const response = await fetch(treadle.url + path, { headers: { authorization: `Bearer ${bare.key}` } });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("traces:content");
  });

  test.each([
    "SELECT input FROM spans",
    "SELECT s.output_preview FROM spans AS s",
    "SELECT name FROM spans WHERE attributes['app.note'] LIKE 'q%'",
    "SELECT body FROM span_contents",
    "SELECT comment FROM scores",
  ])("cannot read a column with content by SQL: %s", async (sql) => {
    const run = (apiKey: string) =>
      createClient({ baseUrl: treadle.url, apiKey }).call("POST /api/v1/sql", { body: { sql } });
    await expect(run(bare.key)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(/column.*traces:content/),
    });
    await expect(run(full.key)).resolves.toBeDefined();
  });

  test("reads other columns by SQL, and its schema lists only these", async () => {
    const { call } = createClient({ baseUrl: treadle.url, apiKey: bare.key });
    const { rows } = await call("POST /api/v1/sql", { body: { sql: "SELECT name, value FROM scores" } });
    expect(rows).toEqual([["tone", 1]]);
    const { tables } = await call("GET /api/v1/sql/schema");
    const names = tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`));
    expect(names).toContain("spans.cost_usd");
    expect(names.filter((name) => /\.(input|output|attributes|body|comment|events)/.test(name))).toEqual([
      "spans.input_tokens",
      "spans.output_tokens",
      "trace_summaries.input_tokens",
      "trace_summaries.output_tokens",
    ]);
  });

  test("gets no planted value from tools of the Model Context Protocol", async () => {
    const tool = async (key: string, name: string, args: object) => {
      const response = await fetch(`${treadle.url}/mcp`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "callTool", arguments: { name, arguments: args } },
        }),
      });
      return response.text();
    };
    for (const [name, args] of [
      ["getSpan", { traceId: TRACE, spanId: SPAN }],
      ["getTrace", { traceId: TRACE }],
      ["listSpans", {}],
      ["getSession", { sessionId: SESSION }],
    ] as const) {
      expect(await tool(bare.key, name, args), name).not.toContain(PLANTED);
      expect(await tool(full.key, name, args), name).toContain(PLANTED);
    }
    expect(await tool(bare.key, "findSimilarSpans", { body: { text: "quartz" } })).toContain("traces:content");
  });

  test("watches spans without their text", async () => {
    const watch = async (key: string) => {
      const controller = new AbortController();
      const response = await fetch(`${treadle.url}/api/v1/spans/live`, {
        headers: { authorization: `Bearer ${key}` },
        signal: controller.signal,
      });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (!reader) throw new Error("no stream");
      return {
        async until(text: string) {
          for (let seen = ""; ; ) {
            const { value, done } = await reader.read();
            seen += value ?? "";
            if (!done && !seen.includes(text)) continue;
            controller.abort();
            return seen;
          }
        },
      };
    };
    const [hidden, shown] = [await watch(bare.key), await watch(full.key)];
    const seen = [hidden.until("live-span"), shown.until("live-span")] as const;
    await owner("POST /api/v1/spans", {
      body: {
        spans: [
          {
            traceId: "7".repeat(32),
            spanId: "8".repeat(16),
            name: "live-span",
            startTime: NOW,
            durationMs: 1,
            input: PLANTED,
          },
        ],
      },
    });
    expect(await seen[0]).not.toContain(PLANTED);
    expect(await seen[1]).toContain(PLANTED);
  });
});

describe("reads of content in the audit log", () => {
  const readsOf = async (actor: string) => {
    const { items } = await owner("GET /api/v1/audit-entries", { query: { kind: "reads", limit: 200 } });
    return items.filter((entry) => entry.actor === actor);
  };

  test("one caller who opens a trace writes one entry, and a caller without the permission writes none", async () => {
    const { key, id } = await makeKey();
    const { call } = createClient({ baseUrl: treadle.url, apiKey: key });
    for (let count = 0; count < 3; count++) {
      await call("GET /api/v1/traces/:traceId", { params: { traceId: TRACE } });
      await call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId: TRACE, spanId: SPAN } });
    }
    await call("GET /api/v1/spans", { query: { search: PLANTED } });
    expect(await readsOf(id)).toMatchObject([
      { action: "content.read", target: "listSpans", details: { search: PLANTED } },
      { action: "content.read", target: TRACE },
    ]);
    expect(await readsOf(bare.id)).toEqual([]);
    const changes = await owner("GET /api/v1/audit-entries", { query: { kind: "changes", limit: 200 } });
    expect(changes.items.filter(({ action }) => action.startsWith("content."))).toEqual([]);
  });

  test("a project can turn them off", async () => {
    const { version: _, updatedAt: __, ...settings } = await owner("GET /api/v1/privacy");
    await owner("PUT /api/v1/privacy", { body: { ...settings, recordsContentReads: false } });
    const { key, id } = await makeKey();
    const { call } = createClient({ baseUrl: treadle.url, apiKey: key });
    await call("GET /api/v1/traces/:traceId", { params: { traceId: TRACE } });
    expect(await readsOf(id)).toEqual([]);
    await owner("PUT /api/v1/privacy", { body: settings });
  });
});
