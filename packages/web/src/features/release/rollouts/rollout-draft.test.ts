import { RolloutInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { withMetric } from "../comparisons/index.ts";
import { armsOf, BEGUN, nextStage } from "./rollout-draft.ts";

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

test("a new form holds a rollout that the server takes", () => {
  const arms = armsOf({ variants: [variant("light", 1), variant("heavy", 9), variant("fresh", 0)] });
  expect(arms).toEqual({ candidate: "fresh", control: "heavy" });
  expect(RolloutInput.safeParse({ endpointId: "end_1", ...arms, ...BEGUN }).success).toBe(true);
});

test("an endpoint without a variant of weight 0 has no candidate", () => {
  expect(armsOf({ variants: [variant("only", 1)] })).toEqual({ candidate: "", control: "only" });
});

test("a stage that is added has a larger share than the last one, below the whole", () => {
  expect(nextStage([{ share: 0.25 }]).share).toBe(0.5);
  expect(nextStage([{ share: 0.8 }]).share).toBe(0.99);
  expect(nextStage([]).share).toBeGreaterThan(0);
});

test("another metric brings its direction and a margin of its size", () => {
  const score = withMetric({ metric: { kind: "error" }, margin: 0.01 }, "score");
  expect(score).toMatchObject({ metric: { kind: "score" }, direction: "higher", margin: 0.05 });
  expect(withMetric(score, "cost")).toMatchObject({ metric: { kind: "cost" }, direction: "lower", margin: 0.1 });
});
