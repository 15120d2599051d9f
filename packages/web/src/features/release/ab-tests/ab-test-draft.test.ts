import { AbTestInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { armsOf, BEGUN, evenShares } from "./ab-test-draft.ts";

const variant = (name: string, weight: number) => ({
  name,
  weight,
  priority: 1,
  model: "m",
  prompt: null,
  parameters: {},
  tools: null,
  cacheTtlSeconds: null,
});

test("a new form holds a test that the server takes", () => {
  const arms = armsOf({ variants: [variant("light", 1), variant("heavy", 9), variant("fresh", 0)] });
  expect(arms).toEqual({ control: "heavy", arms: evenShares(["heavy", "light"]) });
  expect(AbTestInput.safeParse({ name: "Test", endpointId: "end_1", ...arms, ...BEGUN }).success).toBe(true);
});

test.each([2, 3, 4, 5, 6])("the shares of %d arms add up to 1", (count) => {
  const arms = evenShares(Array.from({ length: count }, (_, place) => `v${place}`));
  expect(arms.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
});
