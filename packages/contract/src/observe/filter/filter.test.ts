import fc from "fast-check";
import { expect, test } from "vitest";
import {
  escapeFilterValue,
  FILTER_FIELDS,
  FILTER_LIMITS,
  FILTER_OPERATORS,
  type FilterNode,
  type FilterTerm,
  formatFilter,
  parseFilter,
  readFilterRange,
  splitFilterPattern,
} from "./filter.ts";

const term = (field: FilterTerm["field"], operator: FilterTerm["operator"], ...values: string[]): FilterNode => ({
  type: "field",
  field,
  key: "",
  operator,
  values,
});
const read = (text: string) => {
  const { filter, problems } = parseFilter(text);
  expect(problems).toEqual([]);
  return filter;
};

test("conditions stand one after the other, alternatives have OR between them, and parentheses group", () => {
  expect(read('model:gpt-4o latency>2s "refund" -status:error (user:a,b OR tag:vip)')).toEqual({
    type: "and",
    nodes: [
      term("model", ":", "gpt-4o"),
      term("latency", ">", "2s"),
      { type: "text", text: "refund" },
      { type: "not", node: term("status", ":", "error") },
      { type: "or", nodes: [term("user", ":", "a", "b"), term("tag", ":", "vip")] },
    ],
  });
  expect(read("a b OR c")).toEqual({
    type: "or",
    nodes: [
      {
        type: "and",
        nodes: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { type: "text", text: "c" },
    ],
  });
  expect(read("NOT (a AND (b c))")).toEqual(read("-(a b c)"));
  expect(read("  ")).toBeNull();
});

test("keys follow a point, plain or in quotes, and aliases are read in any case", () => {
  expect(read('attr.http.route:"/x y"')).toEqual({ ...term("attr", ":", "/x y"), key: "http.route" });
  expect(read('meta."a \\"b\\" \\\\*"!=1')).toEqual({ ...term("metadata", "!=", "1"), key: 'a "b" \\*' });
  expect(read("score.helpful<0.5")).toEqual({ ...term("score", "<", "0.5"), key: "helpful" });
  expect(read("USERID=x")).toEqual(term("user", ":", "x"));
});

test.each<[string, [number, number], string]>([
  ["model:", [0, 6], "needs a value"],
  ["a nonsense:1 b", [2, 12], 'no field "nonsense"'],
  ["x modle:1", [2, 9], "Did you mean model?"],
  ["(a b", [0, 1], "never closed"],
  ["a ) b", [2, 3], "no ( for this )"],
  ['a "b c', [2, 6], "never closed"],
  ["latency>soon", [0, 12], "a time such as"],
  ["latency>1s..2s", [0, 14], "behind a colon"],
  ["tokens>1,2", [0, 10], "takes one value"],
  ["model>5", [0, 7], "since it is no number"],
  ["status:bad", [0, 10], "one of ok, error, cancelled"],
  ["metadata:x", [0, 10], "needs a key"],
  ["model.x:y", [0, 9], "has no keys"],
  ["a OR", [2, 4], "both sides"],
  ["OR a", [0, 2], "both sides"],
  ["a -", [2, 3], "must not hold"],
  ['""', [0, 2], "nothing to look for"],
  ["cost:5..1", [0, 9], "an amount"],
  ['metadata."a" b', [0, 12], "followed by a comparison"],
])("%s is refused at its place with what to do", (text, [from, to], message) => {
  const { filter, problems } = parseFilter(text);
  expect(filter).toBeNull();
  expect(problems[0]).toMatchObject({ from, to, message: expect.stringContaining(message) });
});

test("a filter that is too long, too deep or has too many conditions is refused", () => {
  const refused = (text: string) => parseFilter(text).problems[0]?.message;
  expect(refused("x".repeat(FILTER_LIMITS.characters + 1))).toContain("longer than");
  expect(refused("(".repeat(900) + ")".repeat(900))).toContain("deep");
  expect(refused("-".repeat(1_900))).toContain("deep");
  expect(refused("a ".repeat(FILTER_LIMITS.nodes + 1))).toContain("conditions");
  expect(refused(`tag:${"a,".repeat(FILTER_LIMITS.values)}a`)).toContain("values");
});

const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('qu"ote', "a b", "OR", "-x", "a:b", "(", "ü漢😀", "a*b", "\\", "\\*", '\\"', ">1"),
);
const pattern = text.map(escapeFilterValue).chain((escaped) => fc.constantFrom(escaped, `${escaped}*`));
const isWord = (value: string) => value !== "" && !/^\*+$/.test(value);
const VALUES = { number: "1.5k", duration: "2s", money: "0.05", score: "0.5", text: "", choice: "" } as const;

const termOf = (field: (typeof FILTER_FIELDS)[number]) => {
  const choices: readonly string[] = ("choices" in field && field.choices) || [];
  const value = field.kind === "text" ? pattern : fc.constantFrom(...(choices.length ? choices : [VALUES[field.kind]]));
  const operators = field.kind === "text" || choices.length ? FILTER_OPERATORS.slice(0, 2) : FILTER_OPERATORS;
  return fc
    .record({
      type: fc.constant("field" as const),
      field: fc.constant(field.name),
      key: field.isKeyed ? text.filter((key) => key !== "") : fc.constant(""),
      operator: fc.constantFrom(...operators),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
    })
    .map((each) => ({ ...each, values: each.operator === ":" ? each.values : each.values.slice(0, 1) }));
};

const leaf = fc.oneof(
  fc.constantFrom(...FILTER_FIELDS).chain(termOf),
  fc.record({ type: fc.constant("text" as const), text: pattern.filter(isWord) }),
);
const { node } = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.record({ type: fc.constant("not" as const), node: tie("node") }),
    ...(["and", "or"] as const).map((type) =>
      fc
        .array(tie("node"), { minLength: 2, maxLength: 3 })
        .filter((nodes) => nodes.every((each) => each.type !== type))
        .map((nodes) => ({ type, nodes })),
    ),
  ),
}));

test("every filter is the same filter again after it was written and read", () => {
  fc.assert(
    fc.property(node, (filter) => {
      const written = formatFilter(filter);
      fc.pre(written.length <= FILTER_LIMITS.characters);
      expect(parseFilter(written), written).toEqual({ filter, problems: [] });
    }),
    { numRuns: 2_000 },
  );
});

test("any text is read without a fault, its problems lie within it, and what is read can be written and read again", () => {
  const piece = fc.oneof(
    text,
    fc.constantFrom("model:", "latency>", "2s", " OR ", "NOT ", "(", ")", "-", '"', ",", ".", " "),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const source = pieces.join("");
      const { filter, problems } = parseFilter(source);
      for (const { from, to } of problems) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeGreaterThan(from);
        expect(to).toBeLessThanOrEqual(Math.max(source.length, from + 1));
      }
      expect(parseFilter(formatFilter(filter))).toEqual({ filter, problems: [] });
    }),
    { numRuns: 2_000 },
  );
});

test("numbers have units and ranges", () => {
  expect(readFilterRange("duration", "2s")).toEqual({ min: 2_000, max: 2_000 });
  expect(readFilterRange("duration", "300")).toEqual({ min: 300, max: 300 });
  expect(readFilterRange("duration", "1s..1.5m")).toEqual({ min: 1_000, max: 90_000 });
  expect(readFilterRange("number", "1.5k..")).toEqual({ min: 1_500, max: Number.POSITIVE_INFINITY });
  expect(readFilterRange("money", "..$0.5")).toEqual({ min: Number.NEGATIVE_INFINITY, max: 0.5 });
  for (const wrong of ["", "..", "1..2..3", "2..1", "x", "1 s", "NaN", "Infinity", "--1"])
    expect(readFilterRange("duration", wrong), wrong).toBeNull();
});

test("a pattern is split at its wildcards, and an escaped text is matched as it is", () => {
  expect(splitFilterPattern("a*b\\*c\\\\*")).toEqual(["a", "b*c\\", ""]);
  fc.assert(
    fc.property(fc.string(), (plain) => {
      expect(splitFilterPattern(escapeFilterValue(plain))).toEqual([plain]);
    }),
  );
});
