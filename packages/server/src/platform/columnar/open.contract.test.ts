import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openColumnar } from "./open.ts";
import { type Columnar, RejectedBatchError } from "./port.ts";
import { startClickHouseStub } from "./testing/start-clickhouse-stub.ts";

// The engine serves one folder per process, so both adapters use the same folder with different projects.
const folder = await mkdtemp(join(tmpdir(), "treadle-columnar-"));
const embedded = await openColumnar({ folder });
const stub = await startClickHouseStub(folder);
const server = await openColumnar({ url: stub.url, folder });
afterAll(async () => {
  await server.close();
  await stub.close();
  await embedded.close();
  await rm(folder, { recursive: true, force: true });
});

type Adapter = { name: string; columnar: Columnar };
const adapters: Adapter[] = [
  { name: "chDB", columnar: embedded },
  { name: "ClickHouse over HTTP", columnar: server },
];

describe.each(adapters)("$name", ({ name, columnar }) => {
  const projectOf = (part: string) => `${name} ${part}`;
  const count = async (projectId: string) => {
    const sql = "SELECT toUInt32(count()) AS n FROM spans WHERE project_id = {projectId:String}";
    const [row] = await columnar.select({ sql, params: { projectId }, row: z.object({ n: z.number() }) });
    return row?.n;
  };
  const span = (projectId: string, index: number, rest: object = {}) => ({
    project_id: projectId,
    start_time: `${1_790_000_000 + index}.5`,
    trace_id: `trace-${index}`,
    span_id: `span-${index}`,
    ...rest,
  });
  const SLOW = "SELECT toString(sum(sipHash64(number))) AS n FROM numbers(100000000000) WHERE 1 = {one:UInt8}";
  const Text = z.object({ n: z.string() });
  const running = async () => {
    // The embedded engine lists a query that it has stopped until its session gets another one.
    const sql = `SELECT query AS n FROM system.processes
      WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%system.processes%' AND NOT is_cancelled`;
    return (await columnar.select({ sql, params: {}, row: Text })).length;
  };

  test("names its engine, answers a check and knows its size", async () => {
    expect(columnar.engine).toMatch(name === "chDB" ? /^chDB [\d.]+ \(ClickHouse \d/ : /^ClickHouse \d/);
    await columnar.check();
    await columnar.insert("spans", [span(projectOf("size"), 1)]);
    expect(await columnar.sizeBytes()).toBeGreaterThan(0);
  });

  test("a batch with a token that was inserted before is not inserted again, in any of its months", async () => {
    const projectId = projectOf("tokens");
    const rows = Array.from({ length: 50 }, (_, index) => span(projectId, index * 1_000_000));
    await columnar.insert("spans", rows, { token: `it's \\ one of ${name}` });
    await columnar.insert("spans", rows, { token: `it's \\ one of ${name}` });
    expect(await count(projectId)).toBe(50);
    await columnar.insert("spans", rows, { token: `another of ${name}` });
    expect(await count(projectId)).toBe(100);
  });

  test("a batch whose rows lie in more than a hundred months is taken", async () => {
    const projectId = projectOf("months");
    await columnar.insert(
      "spans",
      Array.from({ length: 120 }, (_, index) => span(projectId, -index * 2_700_000)),
    );
    expect(await count(projectId)).toBe(120);
  });

  test("rows that the table cannot store are rejected as a batch, and none are stored", async () => {
    const projectId = projectOf("rejected");
    const wrong = [
      { duration_ms: "long" },
      { start_time: "yesterday" },
      { tags: "x" },
      { metadata: [1] },
      { no_such_column: 1 },
    ];
    for (const rest of wrong) {
      const failed = columnar.insert("spans", [span(projectId, 1), span(projectId, 2, rest)]);
      await expect(failed, JSON.stringify(rest)).rejects.toThrow(RejectedBatchError);
    }
    await expect(columnar.insertLines("spans", Buffer.from("{ not json"))).rejects.toThrow(RejectedBatchError);
    expect(await count(projectId)).toBe(0);
  });

  test("a table that is missing is not the rows' fault", async () => {
    const failed = columnar.insert("no_such_table", [{ a: 1 }]).catch((error: unknown) => error);
    expect(await failed).toBeInstanceOf(Error);
    expect(await failed).not.toBeInstanceOf(RejectedBatchError);
  });

  test("text of every kind comes back as it was", async () => {
    const projectId = projectOf("text");
    const texts = [
      "\u0000 nul",
      "a\nb\tc\\'\"",
      "🧵 ü 漢字 \u202e rtl",
      "{name:String} /* ; DROP TABLE spans; */",
      "\u2028",
      "",
    ];
    await columnar.insert(
      "spans",
      texts.map((input, index) => span(projectId, index, { input, metadata: { "a.b": input } })),
    );
    const rows = await columnar.select({
      sql: "SELECT input, metadata FROM spans WHERE project_id = {projectId:String} AND input IN {texts:Array(String)} ORDER BY start_time",
      params: { projectId, texts },
      row: z.object({ input: z.string(), metadata: z.record(z.string(), z.string()) }),
    });
    expect(rows).toEqual(texts.map((input) => ({ input, metadata: { "a.b": input } })));
  });

  test("parameters of each kind are bound by the engine", async () => {
    const sql = `SELECT {text:String} AS text, {count:UInt32} AS count, {share:Float64} AS share, {none:Nullable(String)} AS none,
      {list:Array(String)} AS list, toString({at:DateTime64(3, 'UTC')}) AS at`;
    const params = {
      text: "' OR 1=1 --\\",
      count: 7,
      share: 0.25,
      none: null,
      list: ["a'b", "c"],
      at: "2026-01-02 03:04:05.678",
    };
    const row = z.object({
      text: z.string(),
      count: z.number(),
      share: z.number(),
      none: z.null(),
      list: z.array(z.string()),
      at: z.string(),
    });
    expect(await columnar.select({ sql, params, row })).toEqual([params]);
  });

  test("a row that is not what the query promised is an error, not a wrong value", async () => {
    const failed = columnar.select({ sql: "SELECT 1 AS n", params: {}, row: Text });
    await expect(failed).rejects.toBeInstanceOf(z.ZodError);
  });

  test("what a query had answered before it failed is in no later answer", async () => {
    const failing =
      "SELECT toString(number) AS n FROM numbers(200000) WHERE throwIf(number = 150000) = 0 SETTINGS max_block_size = 1000, max_threads = 1";
    await expect(columnar.select({ sql: failing, params: {}, row: Text })).rejects.toThrow();
    const asked = Array.from({ length: 6 }, () =>
      columnar.select({ sql: "SELECT 'next' AS n", params: {}, row: Text }),
    );
    expect(await Promise.all(asked)).toEqual(asked.map(() => [{ n: "next" }]));
  });

  test("an answer of any shape comes with the names and types of its columns", async () => {
    const sql = "SELECT 1 AS a, {text:String} AS b, [NULL, 2] AS c, 1 AS a";
    expect(await columnar.selectTable({ sql, params: { text: "it's \"\n" } })).toMatchObject({
      columns: [
        { name: "a", type: "UInt8" },
        { name: "b", type: "String" },
        { name: "c", type: "Array(Nullable(UInt8))" },
        { name: "a", type: "UInt8" },
      ],
      rows: [[1, "it's \"\n", [null, 2], 1]],
    });
  });

  test("an explanation comes line by line, with its indents and quotes", async () => {
    const sql = "EXPLAIN AST SELECT 'it''s \\n' AS `a \"b\"`";
    expect((await columnar.explain({ sql, params: {} })).slice(0, 5)).toEqual([
      "SelectWithUnionQuery (children 1)",
      " ExpressionList (children 1)",
      "  SelectQuery (children 1)",
      "   ExpressionList (children 1)",
      "    Literal 'it\\'s \\n' (alias a \"b\")",
    ]);
  });

  test("a cancelled query stops in the engine, and its place is free again", async () => {
    const stop = new AbortController();
    const slow = Array.from({ length: 5 }, () =>
      columnar.select({ sql: SLOW, params: { one: 1 }, row: Text, signal: stop.signal }),
    );
    const ends = Promise.all(slow.map((each) => each.catch((error: unknown) => error)));
    setTimeout(() => stop.abort(), 300);
    for (const end of await ends) expect(end).toMatchObject({ code: "cancelled" });
    expect(await running()).toBe(0);
    await expect(
      columnar.select({ sql: SLOW, params: { one: 1 }, row: Text, signal: stop.signal }),
    ).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  test("a light query, a check and an insert do not wait for a heavy query", async () => {
    const stop = new AbortController();
    const heavy = columnar
      .select({ sql: SLOW, params: { one: 1 }, row: Text, signal: stop.signal })
      .catch((error: unknown) => error);
    await expect.poll(running).toBe(1);
    await columnar.check();
    await columnar.insert("spans", [span(projectOf("light"), 1)]);
    expect(await count(projectOf("light"))).toBe(1);
    expect(await running(), "the heavy query is still running").toBe(1);
    stop.abort();
    await heavy;
  });

  test("a command changes stored data", async () => {
    const table = `notes_${adapters.findIndex((adapter) => adapter.name === name)}`;
    await columnar.command(`CREATE TABLE ${table} (id UInt32) ENGINE = MergeTree ORDER BY id`);
    await columnar.insert(table, [{ id: 1 }, { id: 2 }]);
    await columnar.command(`ALTER TABLE ${table} DELETE WHERE id = {id:UInt32} SETTINGS mutations_sync = 1`, { id: 1 });
    const row = z.object({ id: z.number() });
    expect(await columnar.select({ sql: `SELECT id FROM ${table}`, params: {}, row })).toEqual([{ id: 2 }]);
  });
});

test("a server that cannot be reached is named without its password", async () => {
  const closed = openColumnar({ url: "http://reader:secret@127.0.0.1:9/", folder });
  await expect(closed).rejects.toThrow(/127\.0\.0\.1:9/);
  await expect(closed).rejects.not.toThrow(/secret/);
});
