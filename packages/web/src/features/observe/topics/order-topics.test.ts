import { expect, test } from "vitest";
import { growthWords, labelOf, orderTopics } from "./order-topics.ts";
import type { Topic } from "./use-topics.ts";

const topic = (topicId: string, traces: number, parentId: string | null = null) =>
  ({ topicId, traces, parentId, growth: null, isNew: false, isOther: topicId === "other" }) as Topic;

test("subtopics follow their topic when it is unfolded, largest first", () => {
  const topics = [topic("a", 5), topic("b", 9), topic("b1", 2, "b"), topic("b2", 7, "b")];
  const ids = (unfolded: string[]) => orderTopics(topics, new Set(unfolded)).map((row) => row.topic.topicId);
  expect(ids([])).toEqual(["b", "a"]);
  expect(ids(["b"])).toEqual(["b", "b2", "b1", "a"]);
});

test("traces in no topic come last, and without permission a topic has no label", () => {
  const rows = orderTopics([topic("other", 90), topic("a", 5)], new Set());
  expect(rows.map((row) => row.topic.topicId)).toEqual(["a", "other"]);
  expect(labelOf({ label: "", isOther: true })).toBe("Other");
  expect(labelOf({ label: "", isOther: false })).toBe("Hidden");
});

test("a change within noise is not called growth", () => {
  const growth = { difference: 0.012, lower: -0.01, upper: 0.03, pValue: 0.4, verdict: "inconclusive" as const };
  expect(growthWords({ growth, isNew: false })).toBe("+1.2 points, within noise");
  expect(growthWords({ growth: { ...growth, verdict: "growing" }, isNew: false })).toBe("growing, +1.2 points");
  expect(growthWords({ growth: null, isNew: true })).toBe("new");
});
