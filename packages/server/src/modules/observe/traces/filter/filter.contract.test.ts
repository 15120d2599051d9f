import {
  escapeFilterValue,
  FILTER_FIELDS,
  type FilterNode,
  formatFilter,
  type Score,
  type Span,
} from "@treadle/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { toScoreRow } from "../rows/content-rows.ts";
import { toRow } from "../rows/span-row.ts";
import { freshScope, makeSpan } from "../testing/make-span.ts";
import { openTestTraces } from "../testing/open-test-traces.ts";
import { whereSpans } from "./filter-sql.ts";
import { matchesFilter } from "./match-filter.ts";

let opened: Awaited<ReturnType<typeof openTestTraces>>;
beforeAll(async () => {
  opened = await openTestTraces(Date.parse("2026-11-20T12:00:00.000Z"));
});
afterAll(() => opened.close());

const { projectId } = freshScope();
const WORDS = [
  "",
  "alpha",
  "Beta",
  "a,b",
  'qu"ote',
  "%",
  "_",
  "\\",
  "alpha Beta",
  "alphabet",
  "“alpha”",
  "漢字です",
  "x\ny\\n",
  "5",
];
const word = fc.constantFrom(...WORDS);
const level = fc.constantFrom(0, 1, 2, 0.5);

const arbitrarySpan = fc.record({
  kind: fc.constantFrom("generation", "tool"),
  status: fc.constantFrom("ok", "error"),
  name: word.map((text) => text || "name"),
  requestModel: word,
  responseModel: word,
  provider: word,
  endpoint: word,
  userId: word,
  sessionId: word,
  service: word,
  environment: word,
  release: word,
  promptName: word,
  promptVersion: word,
  variant: word,
  rolloutId: word,
  errorType: word,
  traceName: word,
  scopeName: word,
  dialect: word,
  errorMessage: word,
  tags: fc.array(word, { maxLength: 2 }),
  durationMs: level,
  timeToFirstTokenMs: fc.option(level),
  costUsd: fc.option(level),
  inputTokens: fc.integer({ min: 0, max: 2 }),
  outputTokens: fc.integer({ min: 0, max: 2 }),
  isCacheHit: fc.boolean(),
  parentSpanId: fc.constantFrom("", "00000000000000aa"),
  metadata: fc.dictionary(fc.constantFrom("tenant", "a.b", "__proto__"), word, { maxKeys: 2 }),
  attributes: fc.dictionary(
    fc.constantFrom("http.route", "n", 'k"', "treadle.guard.policy", "treadle.guard.action"),
    fc.oneof(word, level, fc.boolean(), fc.array(word)),
    {
      maxKeys: 3,
    },
  ),
  input: fc.option(word.map((text) => [{ role: "user", parts: [{ type: "text", content: `Tell: ${text}!` }] }])),
  output: fc.option(word.map((text) => ({ text }))),
});
const spans = fc
  .sample(arbitrarySpan, { numRuns: 80, seed: 11 })
  .map((values, index) => makeSpan({ ...(values as Partial<Span>), traceId: `${index % 40}`.padStart(32, "a") }));

const arbitraryScore = fc.record({
  place: fc.nat({ max: spans.length - 1 }),
  isOfTrace: fc.boolean(),
  name: fc.constantFrom("helpful", "tone"),
  value: fc.option(level),
  label: word,
});
const scores = fc.sample(arbitraryScore, { numRuns: 40, seed: 5 }).map(({ place, isOfTrace, ...rest }): Score => {
  const { traceId = "", spanId = "" } = spans[place] ?? {};
  return {
    traceId,
    spanId: isOfTrace ? "" : spanId,
    comment: "",
    source: "api",
    time: "2026-11-20T10:00:00.000Z",
    ...rest,
  };
});

const pattern = word.chain((text) => {
  const plain = escapeFilterValue(text);
  return fc.constantFrom(
    plain,
    plain,
    `${plain}*`,
    `*${plain}`,
    `${plain.slice(0, 1)}*${plain.slice(2)}`.replaceAll("\\", ""),
  );
});
const NUMBERS = {
  number: ["0", "1", "1..2", "..1", "2.."],
  duration: ["1ms", "500us", "0..1"],
  money: ["0", "$1", "0.5..2"],
};
const NUMBER_VALUES: Readonly<Record<string, readonly string[]>> = { ...NUMBERS, score: NUMBERS.number };
const KEYS: Readonly<Record<string, readonly string[]>> = {
  score: ["helpful", "tone", "none"],
  metadata: ["tenant", "a.b", "__proto__", "none"],
  attr: ["http.route", "n", 'k"', "none"],
};

const termOf = (field: (typeof FILTER_FIELDS)[number]): fc.Arbitrary<FilterNode> => {
  const choices: readonly string[] = ("choices" in field && field.choices) || [];
  const numbers = NUMBER_VALUES[field.kind] ?? [];
  const isWords = field.kind === "text" || field.kind === "score";
  const equal = fc.oneof(
    ...(choices.length > 0 ? [fc.constantFrom(...choices)] : []),
    ...(numbers.length > 0 ? [fc.constantFrom(...numbers)] : []),
    ...(isWords ? [pattern] : []),
  );
  const key = fc.constantFrom(...(KEYS[field.name] ?? [""]));
  const common = { type: fc.constant("field" as const), field: fc.constant(field.name), key };
  const operator = fc.constantFrom(":" as const, "!=" as const);
  const term = fc.record({ ...common, operator, values: fc.array(equal, { minLength: 1, maxLength: 2 }) });
  if (numbers.length === 0) return term;
  const order = fc.constantFrom(">" as const, ">=" as const, "<" as const, "<=" as const);
  const single = fc.constantFrom(...numbers.filter((value) => !value.includes("..")));
  return fc.oneof(term, fc.record({ ...common, operator: order, values: single.map((value) => [value]) }));
};

const leaf: fc.Arbitrary<FilterNode> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...FILTER_FIELDS).chain(termOf) },
  {
    weight: 1,
    arbitrary: pattern
      .filter((text) => text.replaceAll("*", "") !== "")
      .map((text): FilterNode => ({ type: "text", text })),
  },
);
const { node } = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.record({ type: fc.constant("not" as const), node: tie("node") }),
    fc.record({
      type: fc.constantFrom("and" as const, "or" as const),
      nodes: fc.array(tie("node"), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

const scoresOf = ({ traceId, spanId }: Span) =>
  scores.filter((score) => score.traceId === traceId && (score.spanId === "" || score.spanId === spanId));

/** A span as the live tail would see it if it named the user and the session of its trace itself. */
function withOwners(span: Span): Span {
  const ofTrace = spans
    .filter(({ traceId }) => traceId === span.traceId)
    .sort((a, b) => Number(a.parentSpanId !== "") - Number(b.parentSpanId !== "") || order(a.startTime, b.startTime));
  const ownerOf = (field: "userId" | "sessionId") => {
    const named = ofTrace.filter((each) => each[field] !== "");
    const isFirst = (each: Span) =>
      each.parentSpanId === named[0]?.parentSpanId && each.startTime === named[0].startTime;
    return (
      span[field] ||
      (named
        .filter(isFirst)
        .map((each) => each[field])
        .sort()[0] ??
        "")
    );
  };
  return { ...span, userId: ownerOf("userId"), sessionId: ownerOf("sessionId") };
}
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

test("the store and the live tail keep the same spans, whatever the filter", async () => {
  await opened.keep({ projectId, actor: "key_test", userId: null, permissions: new Set(["traces:write"]) }, spans);
  await opened.columnar.insert(
    "scores",
    scores.map((score) => toScoreRow(projectId, score)),
  );
  let matchCount = 0;
  await fc.assert(
    fc.asyncProperty(node, async (tree) => {
      const filter = { filter: formatFilter(tree) };
      const { clause, sql, params } = whereSpans(projectId, filter);
      const rows = await opened.columnar.select({
        sql: `SELECT span_id FROM spans ${clause} ${sql} ORDER BY span_id`,
        params,
        row: z.object({ span_id: z.string() }),
      });
      const expected = spans
        .filter((span) => matchesFilter(toRow(projectId, withOwners(span), false), filter, scoresOf(span)))
        .map((span) => span.spanId)
        .sort();
      matchCount += expected.length;
      expect(
        rows.map((row) => row.span_id),
        filter.filter,
      ).toEqual(expected);
    }),
    { numRuns: 300 },
  );
  expect(matchCount).toBeGreaterThan(0);
});

const isKept = async (filter: string) => {
  const { clause, sql, params } = whereSpans(projectId, { filter });
  const row = z.object({ n: z.coerce.number() });
  return (await opened.columnar.select({ sql: `SELECT count() AS n FROM spans ${clause} ${sql}`, params, row }))[0]?.n;
};

test("the words of a list are found by the index, without a look at the payloads", async () => {
  // The index is made when parts are merged.
  await opened.columnar.command("OPTIMIZE TABLE spans FINAL");
  const { clause, sql, params } = whereSpans(projectId, { filter: "alpha -beta (alph* OR status:error)" });
  const lines = await opened.columnar.select({
    sql: `EXPLAIN indexes = 1 SELECT span_id FROM spans ${clause} ${sql} ORDER BY start_time DESC LIMIT 10`,
    params,
    row: z.object({ explain: z.string() }),
  });
  const plan = lines.map(({ explain }) => explain).join("\n");
  expect(plan).toContain("spans_words");
  expect(plan).toContain("__text_index_spans_words");
  expect(/Output: .*/.exec(plan.slice(plan.indexOf("ReadFromMergeTree")))?.[0]).not.toMatch(/\b(?:input|output)\b/);
});

test("an attribute that no span has is not looked for in the rows, and a zero is not empty", async () => {
  expect(await isKept("attr.none:x")).toBe(0);
  expect(await isKept('metadata.none:""')).toBe(spans.length);
});

test("a filter that is wrong is refused with its place before the store is asked", () => {
  expect(() => whereSpans(projectId, { filter: "a nonsense:1" })).toThrow(/character 3: There is no field "nonsense"/);
});
