import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type Recorded, startRecordingServer } from "../testing/recording-server.ts";
import { runInProcess } from "../testing/run-in-process.ts";

const server = await startRecordingServer();
afterAll(() => server.close());

const dataset = (number: number, others: object = {}) => ({
  datasetId: `ds_${number}`,
  name: `set ${number}`,
  rows: number,
  isEvaluation: false,
  latestVersion: null,
  branches: 1,
  description: 'a "quoted", long\ntext',
  createdAt: "2026-01-02T03:04:05.000Z",
  ...others,
});
const run = (...argv: string[]) => runInProcess([...argv, "--url", server.url, "--key", "k"]);

beforeEach(() => {
  server.requests.splice(0);
  server.respondWith(() => ({ items: [dataset(1), dataset(20)], nextCursor: null }));
});

/** A list of so many datasets, in pages as the server makes them. */
const pages =
  (count: number) =>
  ({ query }: Recorded) => {
    const [start, size] = [Number(query.cursor ?? 0), Number(query.limit ?? 50)];
    const items = Array.from({ length: Math.min(size, count - start) }, (_, place) => dataset(start + place));
    return { items, nextCursor: start + size < count ? String(start + size) : null };
  };

test("a list is a table: ids first, dates last, numbers to the right, empty columns left out", async () => {
  const { stdout } = await run("dataset", "list");
  expect(stdout.split("\n")).toEqual([
    "DATASET ID  NAME    ROWS  IS EVALUATION  BRANCHES  CREATED AT",
    "ds_1        set 1      1  false                 1  2026-01-02T03:04:05.000Z",
    "ds_20       set 20    20  false                 1  2026-01-02T03:04:05.000Z",
    "",
  ]);
});

test("a table of a terminal is no wider than the terminal, and holds no control characters", async () => {
  server.respondWith(() => ({ items: [dataset(1, { name: "red \u001b[31mname\nnext" })], nextCursor: null }));
  const argv = ["dataset", "list", "--url", server.url, "--key", "k"];
  const { stdout } = await runInProcess(argv, { columns: 30 });
  expect(stdout.split("\n").every((line) => line.length <= 30)).toBe(true);
  expect(stdout).toContain("red  [31mname");
  expect(stdout).not.toContain("\u001b");
});

test("the same list is JSON, one object a line, CSV and ids", async () => {
  expect((await run("dataset", "list", "--json")).json().items).toHaveLength(2);
  const lines = (await run("dataset", "list", "--jsonl")).stdout.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).datasetId)).toEqual(["ds_1", "ds_20"]);
  const csv = (await run("dataset", "list", "--csv")).stdout;
  expect(csv.split("\r\n")[0]).toMatch(/^datasetId,name,rows,/);
  expect(csv).toContain('"a ""quoted"", long\ntext"');
  expect((await run("dataset", "list", "-q")).stdout).toBe("ds_1\nds_20\n");
});

test("CSV prevents a spreadsheet from running a text as a formula, and does not change numbers", async () => {
  server.respondWith(() => ({ items: [{ datasetId: "=1+1", rows: -5 }], nextCursor: null }));
  expect((await run("dataset", "list", "--csv")).stdout).toBe("datasetId,rows\r\n'=1+1,-5\r\n");
});

test("chosen columns are shown in their order, also fields of fields", async () => {
  server.respondWith(() => ({ items: [dataset(1, { schema: { inputs: "text" } })], nextCursor: null }));
  expect((await run("dataset", "list", "--columns", "schema.inputs, name")).stdout).toBe(
    "SCHEMA INPUTS  NAME\ntext           set 1\n",
  );
  expect((await run("dataset", "list", "--columns", "name", "--jsonl")).stdout).toBe('{"name":"set 1"}\n');
  expect((await run("dataset", "list", "--columns", "rows,name", "--csv")).stdout).toBe("rows,name\r\n1,set 1\r\n");
});

test("an empty list is reported on standard error, and is empty in every format", async () => {
  server.respondWith(() => ({ items: [], nextCursor: null }));
  expect(await run("dataset", "list")).toMatchObject({ stdout: "", stderr: "No rows.\n", code: 0 });
  expect((await run("dataset", "list", "--csv")).stdout).toMatch(/^datasetId,name,.*\r\n$/);
  expect(await run("dataset", "list", "-q")).toMatchObject({ stdout: "", stderr: "" });
});

test("one page is read by default, and the way to the next is shown", async () => {
  server.respondWith(pages(120));
  const { stdout, stderr } = await run("dataset", "list");
  expect(stdout.trim().split("\n")).toHaveLength(51);
  expect(stderr).toBe("There are more rows. Use --all, or --cursor 50\n");
  expect(server.requests.map(({ query }) => query)).toEqual([{}]);
});

test("--limit reads as many pages as it takes, and no row more", async () => {
  server.respondWith(pages(1_000));
  const { stdout } = await run("dataset", "list", "--limit", "450", "-q");
  expect(stdout.trim().split("\n")).toHaveLength(450);
  expect(server.requests.map(({ query }) => query)).toEqual([
    { limit: "200" },
    { limit: "200", cursor: "200" },
    { limit: "50", cursor: "400" },
  ]);
});

test("--all reads every page, also into one JSON response and from a cursor on", async () => {
  server.respondWith(pages(450));
  expect((await run("dataset", "list", "--all", "-q")).stdout.trim().split("\n")).toHaveLength(450);
  const whole = (await run("dataset", "list", "--all", "--json")).json();
  expect([whole.items.length, whole.items[449].datasetId, whole.nextCursor]).toEqual([450, "ds_449", null]);
  const rest = await run("dataset", "list", "--all", "--cursor", "440", "-q");
  expect(rest.stdout.trim().split("\n")[0]).toBe("ds_440");
  expect(rest.stdout.trim().split("\n")).toHaveLength(10);
});

test("an object is a field in each line, its own small objects field by field, or the form that was asked for", async () => {
  server.respondWith(() => ({
    datasetId: "ds_1",
    tags: ["a", "b"],
    schema: { inputs: null, rows: 3 },
    list: [{ a: 1 }],
  }));
  expect((await run("dataset", "get", "ds_1")).stdout).toBe(
    [
      "datasetId      ds_1",
      "tags           a, b",
      "schema.inputs",
      "schema.rows    3",
      'list           [{"a":1}]',
      "",
    ].join("\n"),
  );
  expect((await run("dataset", "get", "ds_1", "-q")).stdout).toBe("ds_1\n");
  expect((await run("dataset", "get", "ds_1", "--json")).json()).toMatchObject({ tags: ["a", "b"] });
  expect((await run("dataset", "get", "ds_1", "--csv", "--columns", "datasetId,schema.rows")).stdout).toBe(
    "datasetId,schema.rows\r\nds_1,3\r\n",
  );
});

test("-q of a response without an id fails instead of printing nothing", async () => {
  server.respondWith(() => ({ ok: true }));
  expect(await run("dataset", "delete", "ds_1", "-q")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("has no id"),
  });
});

test("events are printed as they come: chosen columns for people, JSON otherwise", async () => {
  server.respondWith((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end('data: {"spanId":"a1","name":"chat","status":"ok"}\n\ndata: {"spanId":"a2","name":"tool"}\n\n');
  });
  expect((await run("span", "watch", "--columns", "spanId,name")).stdout).toBe("a1  chat\na2  tool\n");
  expect((await run("span", "watch", "--jsonl")).stdout.split("\n")[1]).toBe('{"spanId":"a2","name":"tool"}');
});

test("a streamed completion prints each chunk, also the end mark that is not JSON", async () => {
  server.respondWith((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).end('data: {"a":1}\n\ndata: [DONE]\n\n');
  });
  const { stdout } = await run("chat-completion", "create", "--model", "m", "--messages", "[]", "--stream");
  expect(stdout).toBe('{"a":1}\n[DONE]\n');
  expect(server.requests[0]?.body).toEqual({ model: "m", messages: [], stream: true });
});

test("a file is written byte for byte to a file or a pipe, and never to a terminal", async () => {
  const content = Buffer.from([0, 1, 2, 255, 10, 13]);
  server.respondWith((_, response) =>
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(content),
  );
  const folder = mkdtempSync(join(tmpdir(), "treadle-output-"));
  const file = join(folder, "out.bin");
  expect((await run("dataset-file", "download", "dsf_1", "--output", file)).stdout).toBe("");
  expect(readFileSync(file)).toEqual(content);
  expect((await run("dataset-file", "download", "dsf_1")).bytes).toEqual(content);
  const argv = ["dataset-file", "download", "dsf_1", "--url", server.url, "--key", "k"];
  const terminal = await runInProcess(argv, { columns: 80 });
  expect(terminal).toMatchObject({ code: 64, stdout: "", stderr: expect.stringContaining("--output FILE") });
  rmSync(folder, { recursive: true });
});

test("the server's own sentence is shown when it rejects a request", async () => {
  server.respondWith((_, response) => {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ error: { code: "not_found", message: "There is no dataset ds_1.", requestId: "req_1" } }),
    );
  });
  expect(await run("dataset", "get", "ds_1")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: "treadle: There is no dataset ds_1.\n",
  });
  const json = await run("dataset", "get", "ds_1", "--json");
  expect(JSON.parse(json.stderr)).toEqual({
    error: { code: "not_found", message: "There is no dataset ds_1.", requestId: "req_1" },
  });
});
