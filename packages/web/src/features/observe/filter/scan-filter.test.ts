import { expect, test } from "vitest";
import { conditionsOf, scanFilter, tonesOf } from "./scan-filter.ts";

const words = (text: string) => conditionsOf(text).map(({ from, to }) => text.slice(from, to));

test("each required condition is separate, with brackets", () => {
  expect(words('model:a,"b c" latency>2s "charge back" -status:error')).toEqual([
    'model:a,"b c"',
    "latency>2s",
    '"charge back"',
    "-status:error",
  ]);
  expect(words("(user:a OR tag:vip) AND NOT kind:tool -(a b)")).toEqual([
    "(user:a OR tag:vip)",
    "NOT kind:tool",
    "-(a b)",
  ]);
});

test("an OR at the top makes the whole one condition", () => {
  expect(words("a OR b c")).toEqual(["a OR b c"]);
  expect(words("")).toEqual([]);
});

test("what is half written is taken as it is", () => {
  expect(words('model: (user:a "never closed')).toEqual(["model:", '(user:a "never closed']);
  expect(words(") - -)")).toHaveLength(4);
  const [term] = scanFilter('metadata."a key":x,');
  expect(term).toMatchObject({
    field: { from: 0, to: 16 },
    values: [
      { from: 17, to: 18 },
      { from: 19, to: 19 },
    ],
  });
});

test("the pieces are the text again, each in its tone", () => {
  const text = '  -model:gpt-4o,b OR "x y"  latency>=2s)';
  expect(
    tonesOf(text)
      .map(({ from, to }) => text.slice(from, to))
      .join(""),
  ).toBe(text);
  expect(
    tonesOf("-model:a b")
      .filter(({ tone }) => tone !== "space")
      .map(({ tone }) => tone),
  ).toEqual(["joiner", "field", "operator", "value", "text"]);
});
