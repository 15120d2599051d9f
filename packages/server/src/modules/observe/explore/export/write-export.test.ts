import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Span } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import { freshScope, makeSpan } from "../../traces/testing/make-span.ts";
import { openTestTraces } from "../../traces/testing/open-test-traces.ts";
import { createExploreServices } from "../index.ts";
import { csvLine } from "./csv.ts";
import type { ExportQuery } from "./write-export.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let opened: Awaited<ReturnType<typeof openTestTraces>>;
let insights: ReturnType<typeof createExploreServices>;
beforeAll(async () => {
  opened = await openTestTraces(NOW);
  const { columnar, traces } = opened;
  insights = createExploreServices({ columnar, traces, log: silent, clock: { now: () => NOW, elapsed: () => 0 } });
});
afterAll(() => opened.close());

/** Takes a file as a slow caller does: after each piece it must be waited for. */
function takeFile(whenPiece = () => {}) {
  const pieces: Buffer[] = [];
  const response = { headers: {} as Readonly<Record<string, string>>, isOpen: true, isEnded: false, waits: 0 };
  const keep = (chunk: Uint8Array | string) => {
    pieces.push(Buffer.from(chunk));
    whenPiece();
    return false;
  };
  const sink: Sink = {
    isOpen() {
      return response.isOpen;
    },
    head: (_, headers) => {
      response.headers = headers;
    },
    write: keep,
    drained: async () => {
      response.waits += 1;
    },
    end: (chunk) => {
      if (chunk !== undefined) keep(chunk);
      response.isEnded = true;
    },
    destroy: () => {
      response.isOpen = false;
    },
  };
  return {
    sink,
    taken: response,
    bytes: () => Buffer.concat(pieces),
    text: () => Buffer.concat(pieces).toString(),
    pieces,
  };
}

const signal = new AbortController().signal;
const asked = (query: Partial<ExportQuery>): ExportQuery => ({ format: "csv", formulas: "quote", ...query });
async function exported(scope: Scope, thing: "spans" | "traces", query: Partial<ExportQuery>) {
  const file = takeFile();
  await insights.exports[thing]({ scope, query: asked(query), sink: file.sink, signal });
  return file;
}
const at = (second: number) => new Date(NOW - 3_600_000 + second * 1_000).toISOString();
const manySpans = (count: number, more: Partial<Span> = {}) =>
  Array.from({ length: count }, (_, place) => makeSpan({ startTime: at(place % 7), name: `span ${place}`, ...more }));

test("CSV has a header, every span once, newest first, and the name of the project and the time", async () => {
  const scope = freshScope();
  await opened.keep(scope, manySpans(2_150));
  await opened.keep(freshScope(), manySpans(3));
  const { text, taken, pieces } = await exported(scope, "spans", { format: "csv" });
  const [header, ...lines] = text().trimEnd().split("\r\n");
  expect(header).toMatch(/^traceId,spanId,parentSpanId,name,kind,startTime,durationMs,/);
  expect(new Set(lines.map((line) => line.split(",")[1])).size).toBe(2_150);
  const times = lines.map((line) => line.split(",")[5] ?? "");
  expect(times).toEqual(times.toSorted().reverse());
  expect(times[0]).toBe("2026-11-20T11:00:06.000000Z");
  expect(taken).toMatchObject({ isEnded: true, waits: 2 });
  expect(pieces).toHaveLength(3);
  expect(taken.headers).toMatchObject({
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="treadle-spans-${scope.projectId}-20261120T120000Z.csv"`,
    "x-treadle-rows": "2150",
    "x-treadle-total-rows": "2150",
  });
});

test("a limit cuts the oldest, and the headers say how many there were", async () => {
  const scope = freshScope();
  await opened.keep(scope, manySpans(12));
  const { text, taken } = await exported(scope, "spans", { format: "jsonl", limit: 5 });
  expect(text().trimEnd().split("\n")).toHaveLength(5);
  expect(taken.headers).toMatchObject({ "x-treadle-rows": "5", "x-treadle-total-rows": "12" });
});

test("a filter narrows a file as it narrows the list", async () => {
  const scope = freshScope();
  await opened.keep(scope, [...manySpans(3), ...manySpans(2, { userId: "ada" })]);
  const { text } = await exported(scope, "spans", { format: "jsonl", filter: "user:ada" });
  expect(
    text()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).userId),
  ).toEqual(["ada", "ada"]);
});

test("JSON lines hold payloads as the values they were, when they are asked for", async () => {
  const scope = freshScope();
  const input = [{ role: "user", content: 'line\nbreak, "quotes" and \u2028' }];
  await opened.keep(scope, [
    makeSpan({
      startTime: at(1),
      input,
      output: null,
      tags: ["a"],
      metadata: { k: "v" },
      costUsd: 0.5,
      parameters: { t: 1 },
    }),
  ]);
  const plain = JSON.parse((await exported(scope, "spans", { format: "jsonl" })).text());
  expect(plain).toMatchObject({ tags: ["a"], metadata: { k: "v" }, costUsd: 0.5, timeToFirstTokenMs: null });
  expect(plain).not.toHaveProperty("input");
  const whole = JSON.parse((await exported(scope, "spans", { format: "jsonl", payloads: true })).text());
  expect(whole).toMatchObject({ input, output: null, parameters: { t: 1 } });
});

test("text that a spreadsheet would run is quoted unless disabled", async () => {
  const scope = freshScope();
  await opened.keep(scope, [makeSpan({ startTime: at(1), name: '=HYPERLINK("http://x")' })]);
  const quoted = (await exported(scope, "spans", {})).text();
  expect(quoted).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect((await exported(scope, "spans", { formulas: "keep" })).text()).toContain('"=HYPERLINK(""http://x"")"');
});

test.each([
  [["a", 1, -2.5, true, null, undefined], "a,1,-2.5,true,,\r\n"],
  [["a,b", 'say "x"', "two\nlines", "a\r"], '"a,b","say ""x""","two\nlines","a\r"\r\n'],
  [["+1", "-1", "@a", "\tb", "=c"], "'+1,'-1,'@a,'\tb,'=c\r\n"],
  [[["a", "b"], { k: "v" }], '"[""a"",""b""]","{""k"":""v""}"\r\n'],
])("the values %j are the line %j", (values, line) => {
  expect(csvLine(values, { quotesFormulas: true })).toBe(line);
});

test.each(["spans", "traces"] as const)(
  "a Parquet file of %s has every row, with the types that were stored",
  async (thing) => {
    const scope = freshScope();
    await opened.keep(scope, manySpans(25, { tags: ["a", "b"], metadata: { k: "v" }, inputTokens: 7 }));
    const folder = await mkdtemp(join(tmpdir(), "treadle-export-"));
    const path = join(folder, "file.parquet");
    const { bytes, taken } = await exported(scope, thing, { format: "parquet" });
    await writeFile(path, bytes());
    const sql = `SELECT count(), sum(inputTokens), any(tags), uniq(traceId), toTypeName(any(startTime)) FROM file('${path}', Parquet)`;
    const { rows } = await opened.columnar.selectTable({ sql, params: {} });
    await rm(folder, { recursive: true });
    expect(rows.flat().map(String)).toEqual(["25", "175", "a,b", "25", expect.stringContaining("DateTime64(6")]);
    expect(taken.headers["content-type"]).toBe("application/vnd.apache.parquet");
  },
);

test("a Parquet file above the limit is rejected with the alternative", async () => {
  await expect(exported(freshScope(), "spans", { format: "parquet", limit: 100_001 })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringMatching(/at most 100000 rows, not 100001.*format=jsonl/),
  });
});

test("traces are exported as the list shows them, page after page", async () => {
  const scope = freshScope();
  await opened.keep(scope, manySpans(230, { userId: "ada", outputTokens: 3 }));
  const lines = (await exported(scope, "traces", { format: "jsonl" })).text().trimEnd().split("\n");
  expect(lines).toHaveLength(230);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ spanCount: 1, userId: "ada", outputTokens: 3 });
  const { text, taken } = await exported(scope, "traces", { limit: 210 });
  expect(text().trimEnd().split("\r\n")).toHaveLength(211);
  expect(taken.headers).toMatchObject({ "x-treadle-rows": "210", "x-treadle-total-rows": "230" });
});

test("a file of nothing is a header, or empty", async () => {
  const scope = freshScope();
  expect((await exported(scope, "spans", {})).text().split("\r\n")).toHaveLength(2);
  expect((await exported(scope, "spans", { format: "jsonl" })).text()).toBe("");
});

test("nothing more is read once the caller has gone", async () => {
  const scope = freshScope();
  await opened.keep(scope, manySpans(4_100));
  const file = takeFile(() => {
    if (file.pieces.length === 2) file.taken.isOpen = false;
  });
  await insights.exports.spans({ scope, query: asked({}), sink: file.sink, signal });
  expect(file.pieces).toHaveLength(2);
  expect(file.taken.isEnded).toBe(false);
});
