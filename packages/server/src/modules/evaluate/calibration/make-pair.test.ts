import { expect, test } from "vitest";
import { facetsOf, makePair, type Reading, readingOf, valueAt } from "./make-pair.ts";

const boolean: Reading = { scale: "pass", passAt: null };
const from3: Reading = { scale: "pass", passAt: 3 };
const pair = (human: unknown, judge: { value?: number | null; label?: string }, reading: Reading) =>
  makePair(
    "cal_1",
    {
      key: "a",
      traceId: null,
      spanId: null,
      reason: "",
      facets: {},
      human,
      judge: { value: judge.value ?? null, label: judge.label ?? null },
    },
    reading,
  );

type Given = readonly [words: string, human: unknown, value: number | null, reading: Reading];

const READ: readonly (readonly [...Given, distance: number])[] = [
  ["a word of either side", "Pass", 1, boolean, 0],
  ["a word of the other", "incorrect", 1, boolean, 1],
  ["a truth", false, 0, boolean, 0],
  ["a number as a text", "1", 0, boolean, 1],
  ["a number from the mark on", 4, 3, from3, 0],
  ["a number below it", 2.9, 5, from3, 1],
  ["a word where there is a mark", "no", 1, from3, 0],
  ["two numbers", 4, 2.5, { scale: "number", passAt: null }, 1.5],
];
test.each(READ)("%s is read as people mean it", (_, ...given) => {
  const [human, value, reading, distance] = given;
  expect(pair(human, { value }, reading).distance).toBe(distance);
});

const UNREAD: readonly Given[] = [
  ["a word that says neither", "perhaps", 1, boolean],
  ["a number that is neither 0 nor 1", 4, 1, boolean],
  ["an empty text", "  ", 1, boolean],
  ["an object", { verdict: "pass" }, 1, boolean],
  ["no score", "pass", null, boolean],
  ["a word among numbers", "good", 3, { scale: "number", passAt: null }],
];
test.each(UNREAD)("%s is not guessed", (_, ...given) => {
  const [human, value, reading] = given;
  expect(pair(human, { value }, reading).distance).toBeNull();
});

test("labels are the same without regard to case, and a judge's label comes before its value", () => {
  const labels: Reading = { scale: "label", passAt: null };
  expect(pair("Refund", { label: "refund", value: 3 }, labels).distance).toBe(0);
  expect(pair("Refund", { label: "other" }, labels).distance).toBe(1);
  expect(pair(3, { value: 3 }, labels).distance).toBe(0);
});

test("the scale comes from the scorer, unless a threshold makes it pass or fail", () => {
  expect(readingOf({ type: "boolean" }, null).scale).toBe("pass");
  expect(readingOf({ type: "number" }, null).scale).toBe("number");
  expect(readingOf({ type: "number" }, 0.5).scale).toBe("pass");
  expect(readingOf({ type: "label" }, null).scale).toBe("label");
});

test("a place that an item does not have is nothing, also a place of every object", () => {
  const item = { metadata: { human: { verdict: "pass" } }, expected: null };
  expect(valueAt(item, "metadata.human.verdict")).toBe("pass");
  for (const path of ["metadata.other", "expected.a", "metadata.constructor", "metadata.human.verdict.length"])
    expect(valueAt(item, path)).toBeUndefined();
});

test("plain values slice, and so does the split; the label does not", () => {
  const metadata = { topic: "a", size: 3, isNew: true, list: [1], none: null, human: "pass" };
  expect(facetsOf({ metadata, split: "test" }, "metadata.human")).toEqual({
    topic: "a",
    size: "3",
    isNew: "true",
    split: "test",
  });
});
