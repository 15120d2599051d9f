import { afterAll, beforeAll, expect, test } from "vitest";
import { openScorers } from "../../testing/open-scorers.ts";

let world: Awaited<ReturnType<typeof openScorers>>;
beforeAll(async () => {
  world = await openScorers();
});
afterAll(() => world.close());

const check = (
  checks: unknown,
  { params = {}, ...sample }: { params?: object; output?: string; latencyMs?: number } = {},
) =>
  world.try(
    { kind: "checks", params },
    { output: "Paris, of course", expected: "Rome", metadata: { checks }, ...sample },
  );

test("the score is the weighted share of the checks that pass, and says which did not", async () => {
  const judged = await check([
    { kind: "contains", params: { phrases: ["Paris"] }, weight: 3 },
    { kind: "contains", params: { phrases: ["Rome"] }, name: "names Rome" },
  ]);
  expect(judged).toMatchObject({ state: "scored", value: 0.75, reason: "Not passed: names Rome (None was found.)" });
  expect(judged.details).toMatchObject({ checks: [{ isPassed: true }, { name: "names Rome", isPassed: false }] });
});

test("a check may be turned round, bring its own expected answer, and have a threshold where lower is better", async () => {
  const checks = [
    { kind: "contains", params: { phrases: ["sorry"] }, isNot: true },
    { kind: "exact-match", expected: "Paris, of course" },
    { kind: "latency", threshold: 100 },
  ];
  expect(await check(checks, { latencyMs: 99 })).toMatchObject({ value: 1 });
  expect(await check(checks, { latencyMs: 101, params: { pass: "all" } })).toMatchObject({ value: 0 });
});

test.each([
  ["no checks in the metadata", undefined, { state: "undefined", told: "The item has no `metadata.checks`." }],
  ["an empty list", [], { state: "undefined", told: "The item has no checks." }],
  ["a kind that is not there", [{ kind: "magic" }], { state: "failed", told: '"magic" is not a scorer kind' }],
  ["checks within checks", [{ kind: "checks" }], { state: "failed", told: '"checks" is not a scorer kind' }],
  [
    "wrong parameters",
    [{ kind: "contains", params: { phrase: "x" } }],
    { state: "failed", told: 'contains: has no field "phrase"' },
  ],
  ["no list at all", "Paris", { state: "failed", told: "metadata.checks: must be a list" }],
  ["a check that has no score here", [{ kind: "latency", threshold: 1 }], { state: "undefined", told: "latency:" }],
  [
    "weights of nothing",
    [{ kind: "contains", params: { phrases: ["a"] }, weight: 0 }],
    { state: "undefined", told: "weight 0" },
  ],
])("%s is no score and says why", async (_, checks, { state, told }) => {
  const judged = await check(checks);
  expect(judged).toMatchObject({ state, value: null });
  expect(judged.reason).toContain(told);
});
