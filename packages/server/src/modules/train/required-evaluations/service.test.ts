import { type Item, RequiredEvaluationInput } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { concludeEvaluation } from "./conclude-evaluation.ts";
import { headOf, openEvaluations, scope } from "./testing/open-evaluations.ts";

let open: Awaited<ReturnType<typeof openEvaluations>>;
beforeAll(async () => {
  open = await openEvaluations();
}, 60_000);
afterAll(() => open?.close());

const itemsOf = (split: string | null, expected: unknown, count = 4): Item[] =>
  Array.from({ length: count }, (_, at) => ({
    itemId: `${split}${at}`,
    inputs: { text: `question ${at}` },
    expected,
    metadata: {},
    split,
    source: { kind: "manual" },
  }));
const MINE = { name: "mine", version: 2 };
const required = (more: object = {}) =>
  RequiredEvaluationInput.parse({
    name: "general",
    dataset: { datasetId: "ds", version: "3" },
    scorers: [{ kind: "exact-match" }],
    ...more,
  });

beforeEach(async () => {
  for (const { requiredEvaluationId } of (await open.evaluations.list(scope)).items)
    await open.evaluations.remove(scope, requiredEvaluationId);
  open.started.length = 0;
  open.kept.length = 0;
  Object.assign(open.world, {
    items: [...itemsOf("train", "a"), ...itemsOf("test", "b")],
    verdicts: [],
    failing: null,
    version: { slug: "mine@2", whyNot: null, base: "tiny", data: [{ datasetId: "ds", version: "1" }] },
  });
});

const evaluate = async () => {
  const { jobId } = await open.evaluations.evaluate(scope, MINE);
  return open.ended(jobId);
};

test("a version is compared with its base on held-out data with the same prompts, and the verdict is stored with it", async () => {
  open.world.verdicts = ["better"];
  expect((await evaluate()).status).toBe("done");
  expect(open.started).toHaveLength(1);
  expect(open.started[0]).toMatchObject({
    dataset: { datasetId: "ds", version: "1", split: "test" },
    variants: [
      { name: "base", model: "tiny", messages: null, parameters: { temperature: 0 } },
      { name: "trained", model: "mine@2", messages: null, parameters: { temperature: 0 } },
    ],
    scorers: [{ kind: "exact-match" }],
  });
  expect(open.kept).toEqual([
    {
      verdict: "better",
      summary: "Better than its base on held out: test.",
      experimentId: "exp_1",
      scores: [
        {
          name: "held out: test, Exact match",
          value: 0.8,
          baseline: 0.5,
          low: 0.49,
          high: 0.94,
          difference: { value: 0.3, low: 0.1, high: 0.5 },
          pValue: 0.01,
          items: 10,
        },
      ],
    },
  ]);
});

test("a loss on a set that the project requires is not made good by a gain on what was held out", async () => {
  await open.evaluations.add(scope, required());
  open.world.verdicts = ["better", "worse"];
  await evaluate();
  expect(open.started.map(({ dataset }) => dataset.version)).toEqual(["1", "3"]);
  expect(open.kept[0]).toMatchObject({
    verdict: "worse",
    summary: "Worse than its base on general. Better than its base on held out: test.",
  });
});

test("a version whose data has a prompt is asked with it, and without an expected answer it is not measured", async () => {
  const prompt = [{ role: "user" as const, content: "Intent of: {{text}}" }];
  const data = { datasetId: "ds", version: "1", prompt, target: "expected" };
  open.world.version = { ...open.world.version, data: [data] };
  await evaluate();
  expect(open.started[0]?.variants.map(({ messages }) => messages)).toEqual([prompt, prompt]);
  open.world.version = { ...open.world.version, data: [{ ...data, target: "inputs.intent" }] };
  await evaluate();
  expect(open.started).toHaveLength(1);
});

test("long answers are compared by how like they are, and splits that training evaluates on come after those it leaves alone", async () => {
  open.world.items = [...itemsOf("validation", "x".repeat(200)), ...itemsOf("train", "a")];
  await evaluate();
  expect(open.started[0]).toMatchObject({ dataset: { split: "validation" }, scorers: [{ kind: "edit-similarity" }] });
});

test("without data, without a base, or where it cannot run, this is reported and there is no verdict", async () => {
  open.world.items = itemsOf(null, "a");
  await evaluate();
  open.world.items = itemsOf("test", { chosen: [], rejected: [] });
  await evaluate();
  open.world.version = { ...open.world.version, base: null };
  await evaluate();
  open.world.version = { ...open.world.version, base: "tiny", slug: null, whyNot: "It is no GGUF." };
  await evaluate();
  expect(open.started).toEqual([]);
  expect(open.kept.map(({ verdict }) => verdict)).toEqual([null, null, null, null]);
  expect(open.kept.map(({ summary }) => summary)).toEqual([
    expect.stringContaining("no held-out split"),
    expect.stringContaining("no held-out split"),
    expect.stringContaining("no base"),
    expect.stringContaining("It is no GGUF."),
  ]);
});

test("a failed experiment is reported, and leaves no verdict", async () => {
  open.world.failing = "The provider is away.";
  const job = await evaluate();
  expect(job).toMatchObject({ status: "failed", error: { message: expect.stringContaining("The provider is away.") } });
  expect(open.kept).toEqual([]);
});

test("required evaluations have unique names and an existing dataset, and can be removed", async () => {
  const added = await open.evaluations.add(scope, required());
  expect(added).toMatchObject({ name: "general", margin: 0.02, createdBy: "Ada" });
  await expect(open.evaluations.add(scope, required())).rejects.toMatchObject({ code: "conflict" });
  const away = required({ name: "other", dataset: { datasetId: "gone", version: "1" } });
  await expect(open.evaluations.add(scope, away)).rejects.toMatchObject({ code: "not_found" });
  const other = { ...scope, projectId: "proj_2" };
  expect((await open.evaluations.list(other)).items).toEqual([]);
  await expect(open.evaluations.remove(other, added.requiredEvaluationId)).rejects.toMatchObject({ code: "not_found" });
  await expect(open.evaluations.evaluate(scope, { name: "nobody", version: 1 })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a version is not evaluated twice concurrently", async () => {
  const [first, second] = await Promise.all([
    open.evaluations.evaluate(scope, MINE),
    open.evaluations.evaluate(scope, MINE),
  ]);
  expect(second.jobId).toBe(first.jobId);
  await open.ended(first.jobId);
});

test("all the same is the same, some undecided is unclear, and nothing measured is unclear too", () => {
  const part = (verdict: Parameters<typeof headOf>[0], name: string) => ({
    name,
    experimentId: "e",
    head: headOf(verdict),
    scores: [],
  });
  const of = (...verdicts: Parameters<typeof headOf>[0][]) =>
    concludeEvaluation(verdicts.map((verdict, at) => part(verdict, `set ${at}`))).verdict;
  expect(of("equivalent", "equivalent")).toBe("same");
  expect(of("equivalent", "inconclusive")).toBe("unclear");
  expect(of("better", "inconclusive")).toBe("better");
  expect(of()).toBe("unclear");
});
