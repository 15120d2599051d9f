import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let call: Client["call"];
const startTime = new Date(Date.now() - 60_000).toISOString();

/** A call that a guard policy checked. */
const GUARDED = {
  "treadle.guard.policy": "gpol_1",
  "treadle.guard.version": 1,
  "treadle.guard.action": "flag",
  "treadle.guard.findings": [{ detector: "secrets", kind: "github-token" }],
};

beforeAll(async () => {
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  const spans = Array.from({ length: 20 }, (_, place) => ({
    traceId: String(place + 1).padStart(32, "a"),
    spanId: String(place + 1).padStart(16, "b"),
    name: "chat",
    kind: "generation" as const,
    startTime,
    durationMs: 100 * (place + 1),
    responseModel: place % 4 === 0 ? "small" : "large",
    costUsd: 0.5,
    ...(place === 3 && { attributes: GUARDED }),
    ...(place === 7 && { status: "error" as const, errorType: "timeout" }),
    input: "hello",
    output: "there",
  }));
  await call("POST /api/v1/spans", { body: { spans } });
  for (let tries = 0; tries < 200; tries++) {
    const { items } = await call("GET /api/v1/spans", { query: { limit: 20 } });
    if (items.length === 20) return;
    await delay(50);
  }
  throw new Error("the spans did not arrive");
});
afterAll(() => treadle?.stop());

const between = () => ({ from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() });

test("a template becomes a dashboard whose charts all have an answer", async () => {
  const { items: templates } = await call("GET /api/v1/dashboard-templates", {});
  for (const { templateId: _, ...template } of templates) {
    const { dashboardId } = await call("POST /api/v1/dashboards", { body: template });
    const { charts } = await call("GET /api/v1/dashboards/:dashboardId", { params: { dashboardId } });
    for (const { query, title } of charts) {
      const { rows } = await call("POST /api/v1/span-metrics", {
        body: { ...query, ...between(), compare: "previous" },
      });
      expect(rows.length, title).toBeGreaterThan(0);
    }
  }
});

test("measures, a statement and a file report the same cost", async () => {
  const body = { ...between(), measures: ["costUsd"], dimensions: ["model"] };
  const { rows } = await call("POST /api/v1/span-metrics", { body });
  expect(rows.map(({ group, values }) => [group.model, values.costUsd])).toEqual([
    ["large", 7.5],
    ["small", 2.5],
  ]);
  const sql = "SELECT response_model, sum(cost_usd) AS cost FROM spans GROUP BY response_model ORDER BY cost DESC";
  expect((await call("POST /api/v1/sql", { body: { sql } })).rows).toEqual([
    ["large", 7.5],
    ["small", 2.5],
  ]);
  const response = await fetch(`${treadle.url}/api/v1/spans/export?format=jsonl&filter=model:small`, {
    headers: { authorization: `Bearer ${treadle.apiKey}` },
  });
  expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="treadle-spans-.+\.jsonl"$/);
  const lines = (await response.text()).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).costUsd).reduce((sum, cost) => sum + cost)).toBe(2.5);
});

test("a statement that is wrong is answered with what is wrong and where", async () => {
  await expect(call("POST /api/v1/sql", { body: { sql: "SELECT frm spans wher" } })).rejects.toMatchObject({
    status: 400,
    code: "invalid_request",
    message: expect.stringContaining("failed at position 18 (wher)"),
    details: { param: "sql", position: 18 },
  });
  await expect(call("POST /api/v1/sql", { body: { sql: "SELECT * FROM system.tables" } })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining("There is no table `system.tables` here"),
  });
});

test("a file that is asked for wrongly is an error and not a file", async () => {
  const response = await fetch(`${treadle.url}/api/v1/spans/export?format=xls`, {
    headers: { authorization: `Bearer ${treadle.apiKey}` },
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining("query.format: must be one of csv, jsonl, parquet") },
  });
});
