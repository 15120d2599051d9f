import { AnnotationRuleInput, DriftTrigger } from "@treadle/contract";
import { expect, test } from "vitest";
import { KINDS, kindOf, START, STARTS, triggerOf } from "./rule-draft.ts";

test("the initial form of each kind is a valid rule once its names are set", () => {
  for (const kind of Object.keys(KINDS).map(kindOf)) {
    const trigger = triggerOf({ ...START, kind, number: STARTS[kind], names: "one, two" });
    expect(AnnotationRuleInput.safeParse({ name: "Rule", trigger })).toMatchObject({ success: true });
  }
});

test("the scores and categories of a drift rule become columns, and percentages become shares", () => {
  const drift = { ...START.drift, of: ["answer"] as const, scores: "helpful, ", categories: "model, metadata.plan" };
  const trigger = triggerOf({ ...START, kind: "drift", drift });
  expect(trigger).toMatchObject({
    columns: [
      { of: "answer" },
      { of: "score", score: "helpful" },
      { of: "category", by: "model" },
      { of: "category", by: "metadata.plan" },
    ],
    alpha: 0.01,
    share: 0.05,
    windowHours: 24,
    referenceDays: 7,
  });
  expect(
    DriftTrigger.safeParse({ ...trigger, columns: [{ of: "category", by: "colour" }] }).error?.issues[0]?.message,
  ).toContain("metadata.KEY");
});
