import { SqlAnswer, SqlSchema } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../../kernel/clock.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import { toRow } from "../../traces/rows/span-row.ts";
import { freshScope, makeSpan } from "../../traces/testing/make-span.ts";
import { createExploreServices } from "../index.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const scope = freshScope();
let columnar: Columnar;
let insights: ReturnType<typeof createExploreServices>;

beforeAll(async () => {
  columnar = await openTestColumnar();
  insights = createExploreServices({
    columnar,
    clock: systemClock,
    log: silent,
    traces: { listTraces: async () => ({ items: [], nextCursor: null }) },
  });
  const spans = Array.from({ length: 6 }, (_, place) =>
    makeSpan({
      traceId: String(place % 2).padStart(32, "1"),
      userId: `user ${place % 3}`,
      durationMs: place * 100,
      inputTokens: 10,
      costUsd: place === 0 ? null : 0.5,
      tags: place === 0 ? [] : ["a", "b"],
      metadata: { tenant: `t${place % 2}` },
      kind: place === 5 ? "tool" : "generation",
    }),
  );
  await columnar.insert(
    "spans",
    spans.map((span) => toRow(scope.projectId, span, false)),
  );
});
afterAll(() => columnar.close());

const run = async (sql: string, limit = 1_000) =>
  SqlAnswer.parse(await insights.runSql(scope, { sql, limit }, new AbortController().signal));

describe("a statement", () => {
  test.each<[string, unknown[][]]>([
    ["SELECT count() FROM spans", [[6]]],
    [
      "select user_id, sum(duration_ms) as ms from spans group by user_id order by ms desc limit 2;",
      [
        ["user 2", 700],
        ["user 1", 500],
      ],
    ],
    ["-- a comment\nSELECT /* another */ count(*) FROM spans -- at the end", [[6]]],
    ["FROM spans SELECT uniq(trace_id)", [[2]]],
    ["WITH slow AS (SELECT * FROM spans WHERE duration_ms >= 300) SELECT count() FROM slow", [[3]]],
    ["WITH spans AS (SELECT * FROM spans WHERE kind = 'tool') SELECT count() FROM spans", [[1]]],
    ["SELECT count() FROM spans AS a JOIN spans AS b ON a.span_id = b.span_id", [[6]]],
    ["SELECT count() FROM spans WHERE trace_id IN (SELECT trace_id FROM spans WHERE kind = 'tool')", [[3]]],
    ["SELECT (SELECT count() FROM spans) AS all, (SELECT max(duration_ms) FROM spans) AS longest", [[6, 500]]],
    [
      "SELECT tag, count() FROM spans ARRAY JOIN tags AS tag GROUP BY tag ORDER BY tag",
      [
        ["a", 5],
        ["b", 5],
      ],
    ],
    [
      "SELECT metadata['tenant'] AS tenant, countIf(kind = 'tool') FROM spans GROUP BY tenant ORDER BY tenant",
      [
        ["t0", 0],
        ["t1", 1],
      ],
    ],
    ["SELECT quantilesIf(0.5)(duration_ms, kind = 'generation')[1] FROM spans", [[200]]],
    [
      "SELECT arrayMap(x -> x * 2, [1, 2]), CASE WHEN 1 = 1 THEN 'y' END, 3::String, INTERVAL 1 DAY + toDate('2026-01-01')",
      [[[2, 4], "y", "3", "2026-01-02"]],
    ],
    ["SELECT row_number() OVER (PARTITION BY kind ORDER BY duration_ms) AS n FROM spans ORDER BY n LIMIT 1", [[1]]],
    ["SELECT * FROM (SELECT 1 AS n UNION ALL SELECT 2) ORDER BY n", [[1], [2]]],
    [
      "SELECT span_count, error_count, input_tokens, cost_usd FROM trace_summaries ORDER BY trace_id",
      [
        [3, 0, 30, 1],
        [3, 0, 20, 1],
      ],
    ],
    ["SELECT count() FROM scores", [[0]]],
    ["SELECT count() FROM span_contents", [[0]]],
    ["SELECT 'a;b', ';' AS `x;y (z)`, 'settings format' AS format", [["a;b", ";", "settings format"]]],
    ["SELECT toUInt64(18446744073709551615), toInt64(5), NULL, 0 / 0", [["18446744073709551615", 5, null, null]]],
    ["SELECT format('{} {}', 'a', user_id) FROM spans ORDER BY 1 LIMIT 1", [["a user 0"]]],
    ["WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT sum(n) FROM r", [[6]]],
  ])("%s is answered", async (sql, rows) => {
    expect((await run(sql)).rows).toEqual(rows);
  });

  test("retains its order and reports when there are more rows than requested", async () => {
    const { rows, isTruncated, columns } = await run("SELECT duration_ms FROM spans ORDER BY duration_ms DESC", 4);
    expect(rows).toEqual([[500], [400], [300], [200]]);
    expect(isTruncated).toBe(true);
    expect(columns).toEqual([{ name: "duration_ms", type: "Float64" }]);
    expect(await run("SELECT duration_ms FROM spans", 6)).toMatchObject({ isTruncated: false, rowsRead: 6 });
  });

  test.each<[string, string, object?]>([
    ["SELECT FRM", "Unknown expression identifier `FRM`"],
    ["SELECT frm spans wher", "failed at position 18", { position: 18 }],
    ["SELECT nope FROM spans", "Unknown expression identifier `nope`"],
    ["SELECT count() FROM nope", "There is no table `nope` here"],
    ["SELECT toUInt32(user_id) FROM spans", "Cannot parse string 'user"],
    ["SELECT {p:String}", "Parameters are not available here"],
    ["SELECT project_id FROM spans", "Unknown expression identifier `project_id`"],
    ["SELECT 1 AS a, 2 AS a", "Multiple expressions"],
  ])("%s is refused with words that help", async (sql, words, details) => {
    const refused = run(sql);
    await expect(refused).rejects.toMatchObject({ code: "invalid_request", message: expect.stringContaining(words) });
    if (details) await expect(refused).rejects.toMatchObject({ details });
    const message = await refused.catch((error: Error) => error.message);
    expect(message).not.toMatch(/PREWHERE project|DB::|__table|Stack|version|proj_|in scope/i);
  });

  test("that runs is stopped in the engine when its caller leaves", async () => {
    const controller = new AbortController();
    const sql =
      "SELECT sum(sipHash64(a.x, b.x)) FROM (SELECT arrayJoin(range(100000)) AS x) AS a CROSS JOIN (SELECT arrayJoin(range(1000000)) AS x) AS b";
    const running = insights.runSql(scope, { sql, limit: 1 }, controller.signal);
    const ended = expect(running).rejects.toMatchObject({ code: "cancelled" });
    const listed = () =>
      columnar.selectTable({
        sql: "SELECT query FROM system.processes WHERE query LIKE '%sum(sipHash64(a.x, b.x))%LIMIT 2%' AND query NOT LIKE '%processes%' AND NOT is_cancelled",
        params: {},
      });
    await expect.poll(async () => (await listed()).rows.length).toBe(1);
    controller.abort();
    await ended;
    expect((await listed()).rows).toEqual([]);
  });

  test("that needs too much memory gets an error", async () => {
    await expect(
      run("SELECT length(groupArray(repeat('x', 1000))) FROM (SELECT arrayJoin(range(100000000)))"),
    ).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(/GiB of memory/),
    });
  });

  test("with a too large result gets an error", async () => {
    await expect(run("SELECT repeat('x', 1000000) FROM (SELECT arrayJoin(range(100)))")).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(/larger than 32 MiB/),
    });
  });
});

test("the schema names every column a statement can see, and none that it cannot", async () => {
  const schema = SqlSchema.parse(await insights.sqlSchema(scope));
  expect(schema.tables.map(({ name }) => name)).toEqual(["spans", "scores", "span_contents", "trace_summaries"]);
  for (const { name, columns } of schema.tables) {
    expect(columns.map((column) => column.name)).not.toContain("project_id");
    const list = columns.map((column) => column.name).join(", ");
    expect((await run(`SELECT ${list} FROM ${name} LIMIT 1`)).columns).toHaveLength(columns.length);
  }
  expect(schema.tables[0]?.columns.find(({ name }) => name === "cost_usd")).toEqual({
    name: "cost_usd",
    type: "Nullable(Float64)",
    description: "Cost in US dollars; null when the price is unknown.",
  });
  const attributesOf = (table: string) =>
    schema.tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === "attributes");
  expect(attributesOf("spans")?.type).toMatch(/^Map\(/);
  expect(attributesOf("spans")?.description).toContain("A map");
  expect(attributesOf("span_contents")).toMatchObject({ type: "String", description: expect.stringContaining("JSON") });
  expect(schema.functions).toContain("quantile");
});
