import { expect, test } from "vitest";
import { conditionOf, hasCondition, toggleCondition } from "./item-filter.ts";

test("a condition is added to the filter and removed again", () => {
  const condition = conditionOf("split", "train");
  const filter = toggleCondition('"some words"', condition);
  expect(filter).toBe('"some words" split:train');
  expect(hasCondition(filter, condition)).toBe(true);
  expect(hasCondition("split:training", condition)).toBe(false);
  expect(toggleCondition(filter, condition)).toBe('"some words"');
});

test("a value with more than one word is quoted", () => {
  expect(conditionOf("expected", 'say "no"')).toBe('expected:"say \\"no\\""');
  expect(conditionOf("metadata.topic", "card_arrival")).toBe("metadata.topic:card_arrival");
});
