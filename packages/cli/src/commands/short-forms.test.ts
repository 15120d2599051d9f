import { afterAll, beforeEach, expect, test } from "vitest";
import { startRecordingServer } from "../testing/recording-server.ts";
import { runInProcess } from "../testing/run-in-process.ts";

const server = await startRecordingServer();
afterAll(() => server.close());
beforeEach(() => {
  server.requests.splice(0);
});

const run = (argv: readonly string[], stdin = "") =>
  runInProcess([...argv, "--url", server.url, "--key", "k"], { stdin });
const lastRequest = () => server.requests.at(-1);

test("`runs` lists the ids that `gate --head` and `bisect` take, with their scores", async () => {
  const row = {
    runId: "run_1",
    status: "done",
    name: "base",
    experimentName: "Support",
    scores: [
      { scorer: "exact-match", value: 0.92 },
      { scorer: "judge", value: null },
    ],
    gate: "pass",
    costUsd: 0.01,
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  server.respondWith(() => ({ items: [row], nextCursor: null }));
  const { stdout } = await run(["runs", "--suite", "support"]);
  expect(lastRequest()).toMatchObject({ path: "/api/v1/runs", query: { suite: "support" } });
  expect(stdout).toMatch(/^RUN ID +STATUS +NAME .*\nrun_1 +done +base +Support +exact-match 0\.920, judge – +pass/);
  expect((await run(["runs", "--json"])).json().items[0].scores).toEqual(row.scores);
  expect((await run(["runs", "-q"])).stdout).toBe("run_1\n");
});

test("`traces` lists traces of a filter and of the last hours", async () => {
  server.respondWith(() => ({ items: [], nextCursor: null }));
  const before = Date.now();
  await run(["traces", "--filter", "status:error", "--since", "2h", "--limit", "5"]);
  const { from, ...query } = lastRequest()?.query ?? {};
  expect([lastRequest()?.path, query]).toEqual(["/api/v1/traces", { filter: "status:error", limit: "5" }]);
  expect(Math.abs(Date.parse(from ?? "") - (before - 7_200_000))).toBeLessThan(60_000);
  expect(await run(["traces", "--since", "yesterday"])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("2h or 7d"),
  });
});

test("`queues` lists queues with how many items are open and done", async () => {
  const items = { total: 10, open: 4, done: 6, toReview: 0 };
  server.respondWith(() => ({ items: [{ queueId: "queue_1", name: "Tone", items, dueAt: null }], nextCursor: null }));
  const { stdout } = await run(["queues"]);
  expect(stdout).toMatch(/^QUEUE ID +NAME +ITEMS TOTAL +ITEMS OPEN +ITEMS DONE .*\nqueue_1 +Tone +10 +4 +6/);
});

test("`tail` prints a line for each span as it comes", async () => {
  server.respondWith((_, response) => {
    const span = {
      startTime: "2026-01-01T00:00:00Z",
      status: "ok",
      kind: "generation",
      name: "chat",
      requestModel: "m",
      durationMs: 12,
      traceId: "ab",
    };
    response.writeHead(200, { "content-type": "text/event-stream" }).end(`data: ${JSON.stringify(span)}\n\n`);
  });
  const { stdout } = await run(["tail", "--model", "m"]);
  expect(lastRequest()).toMatchObject({ path: "/api/v1/spans/live", query: { model: "m" } });
  expect(stdout).toMatch(/^2026-01-01T00:00:00Z {2}ok {2}generation {2}chat {2}m {2}12 .*ab\n$/);
});

test("`notifications tail` prints a line for each notice of a severity as it comes", async () => {
  server.respondWith((_, response) => {
    const notice = {
      at: "2026-01-01T00:00:00Z",
      severity: "critical",
      event: "opened",
      title: "Error rate above 5 %",
      subjectId: "inc_1",
    };
    response.writeHead(200, { "content-type": "text/event-stream" }).end(`data: ${JSON.stringify(notice)}\n\n`);
  });
  const { stdout } = await run(["notifications", "tail", "--severity", "critical"]);
  expect(lastRequest()).toMatchObject({ path: "/api/v1/notices/live", query: { severity: "critical" } });
  expect(stdout).toBe("2026-01-01T00:00:00Z  critical  opened  Error rate above 5 %  inc_1\n");
});

test("`sql` runs a statement from the line or standard input, in every form", async () => {
  const result = {
    columns: [
      { name: "model", type: "String" },
      { name: "calls", type: "UInt64" },
    ],
    rows: [
      ["small", 3],
      ["large", 12],
    ],
    isTruncated: true,
  };
  server.respondWith(() => result);
  const table = await run(["sql", "SELECT 1", "--limit", "2"]);
  expect(lastRequest()).toMatchObject({ method: "POST", path: "/api/v1/sql", body: { sql: "SELECT 1", limit: 2 } });
  expect(table).toMatchObject({
    stdout: "MODEL  CALLS\nsmall      3\nlarge     12\n",
    stderr: "There are more rows. Raise --limit.\n",
  });
  expect((await run(["sql", "-", "--csv"], "SELECT 2")).stdout).toBe("model,calls\r\nsmall,3\r\nlarge,12\r\n");
  expect(lastRequest()?.body).toEqual({ sql: "SELECT 2" });
  expect((await run(["sql", "SELECT 1", "--jsonl"])).stdout).toBe(
    '{"model":"small","calls":3}\n{"model":"large","calls":12}\n',
  );
  expect((await run(["sql", "SELECT 1", "--json"])).json()).toEqual(result);
});

test("`sql schema` shows a row for each column of each table, and as JSON the functions too", async () => {
  const schema = {
    tables: [
      { name: "spans", description: "Steps.", columns: [{ name: "kind", type: "String", description: "The kind." }] },
      { name: "scores", description: "Scores.", columns: [{ name: "value", type: "Float64", description: "" }] },
    ],
    functions: ["count", "quantile"],
  };
  server.respondWith(() => schema);
  const { code, stdout } = await run(["sql", "schema"]);
  expect(lastRequest()).toMatchObject({ method: "GET", path: "/api/v1/sql/schema" });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^TABLE +COLUMN +TYPE +DESCRIPTION\nspans +kind +String +The kind\.\nscores +value +Float64 *\n$/,
  );
  expect((await run(["sql", "schema", "--csv"])).stdout).toBe(
    "table,column,type,description\r\nspans,kind,String,The kind.\r\nscores,value,Float64,\r\n",
  );
  expect((await run(["sql", "schema", "--json"])).json()).toEqual(schema);
});

test("`compare` shows a row for each run and scorer, with interval and verdict", async () => {
  const scorer = {
    name: "Exact match",
    meanBase: 0.9,
    meanHead: 0.7,
    difference: -0.2,
    interval: { low: -0.3, high: -0.1, level: 0.95 },
    adjustedPValue: 0.0004,
    items: 80,
    verdict: "worse",
  };
  server.respondWith(() => ({
    base: { runId: "run_1", name: "base" },
    heads: [{ run: { runId: "run_2", name: "new prompt" }, scorers: [scorer], warnings: ["Other items."] }],
    alpha: 0.05,
  }));
  const { code, stdout } = await run(["compare", "run_1", "run_2", "run_3", "--margin", "0.05"]);
  expect(lastRequest()).toMatchObject({
    path: "/api/v1/runs/compare",
    query: { base: "run_1", heads: "run_2,run_3", margin: "0.05" },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/new prompt +Exact match +0\.900 +0\.700 .*<0\.001 +80 +worse\nnew prompt: Other items\.\n$/);
});

test("`api` calls any path, with a query, a body and headers", async () => {
  server.respondWith(() => ({ a: 1 }));
  const { stdout } = await run([
    "api",
    "post",
    "/api/v1/x:y?a=1",
    "--query",
    "b=2 3",
    "--body",
    '{"c":[1]}',
    "--header",
    "x-one: two",
  ]);
  expect(lastRequest()).toMatchObject({
    method: "POST",
    path: "/api/v1/x:y",
    query: { a: "1", b: "2 3" },
    body: { c: [1] },
    headers: { "x-one": "two", authorization: "Bearer k" },
  });
  expect(stdout).toBe('{\n  "a": 1\n}\n');
  expect((await run(["api", "GET", "/api/v1/x", "--json"])).stdout).toBe('{"a":1}\n');
  server.respondWith((_, response) => response.writeHead(200, { "content-type": "text/plain" }).end("plain\n"));
  expect((await run(["api", "GET", "/metrics"])).stdout).toBe("plain\n");
});

test.each([
  ["ds_01abc", "/datasets/ds_01abc"],
  ["exp_01abc", "/experiments/exp_01abc"],
  ["ftjob_01abc", "/training/ftjob_01abc"],
  ["job_01abc", "/settings/jobs"],
  ["0123456789abcdef0123456789abcdef", "/traces/0123456789abcdef0123456789abcdef"],
  ["/prompts/support", "/prompts/support"],
])("`open` knows the page of %s", async (id, path) => {
  const { code, stdout } = await run(["open", id, "--print"]);
  expect([code, stdout]).toEqual([0, `${server.url}${path}\n`]);
});

test("`open` shows a run on the page of its experiment", async () => {
  server.respondWith(() => ({ runId: "run_1", experimentId: "exp_1" }));
  expect((await run(["open", "run_01abc", "--print"])).stdout).toBe(`${server.url}/experiments/exp_1\n`);
  expect(lastRequest()?.path).toBe("/api/v1/runs/run_01abc");
});
