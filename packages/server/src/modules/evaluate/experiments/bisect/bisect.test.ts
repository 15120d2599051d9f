import { BisectInput, ExperimentInput, type Item, RunInput, UploadedAnswer } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEvals, scope, scorerOf } from "../testing/open-evals.ts";

const items = (length: number): Item[] =>
  Array.from({ length }, (_, at) => ({
    itemId: `q${at}`,
    inputs: { question: `What is ${at}?` },
    expected: String(at),
    metadata: {},
    split: null,
    source: { kind: "manual" },
  }));
const isRight = scorerOf("right", ({ output, expected }) => (output === expected ? 1 : 0));
const isStrict = scorerOf("strict", ({ output, expected }) =>
  output === expected && Number(expected) % 3 > 0 ? 1 : 0,
);

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({ many: items(200) });
});
afterAll(() => world.close());

const messages = (content: string) => [{ role: "user" as const, content }];
const GOOD = {
  name: "good",
  model: "m",
  parameters: { temperature: 0, top_p: 1, seed: 1 },
  messages: messages("{{question}}"),
};
const BAD = {
  name: "bad",
  model: "n",
  parameters: { temperature: 1, top_p: 0.5, seed: 2 },
  messages: messages("So: {{question}}"),
};

type Request = { readonly temperature?: unknown; readonly messages: readonly unknown[] };
const questionOf = ({ messages: [message] }: Request) => Number(/\d+/.exec(JSON.stringify(message))?.[0]);
/** A hot model gets every third question wrong. */
const sayHot = (request: Request) =>
  request.temperature === 1 && questionOf(request) % 3 === 0 ? "no idea" : String(questionOf(request));

async function runOf(variant: object, more: object = {}): Promise<string> {
  const dataset = { datasetId: "many" };
  const input = { name: "x", dataset, variants: [variant], scorers: [{ kind: "right", params: {} }], ...more };
  const { runs } = await world.run(ExperimentInput.parse(input));
  return runs[0]?.runId ?? "";
}

async function bisect(input: object) {
  const { bisectId } = await world.evals.bisects.start(scope, BisectInput.parse(input));
  return endOf(bisectId);
}
async function endOf(bisectId: string) {
  for (;;) {
    const bisectResult = await world.evals.bisects.get(scope, bisectId);
    if (bisectResult.status !== "queued" && bisectResult.status !== "running") return bisectResult;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const LONG = { timeout: 60_000 };

test(
  "the one change of five that made the score fall is named, with its effect and the items that turned",
  LONG,
  async () => {
    world.say(sayHot, isRight);
    const [good, bad] = [await runOf(GOOD), await runOf(BAD)];
    const asked = world.asked.length;
    const result = await bisect({ good, bad });
    expect(result).toMatchObject({
      status: "done",
      outcome: "found",
      message: "temperature: 0 → 1, 100 % of the fall.",
    });
    expect(result.steps.map(({ kind }) => kind)).toEqual(["messages", "parameter", "parameter", "parameter", "model"]);
    expect(result.total).toMatchObject({ verdict: "worse", items: 200 });
    const [finding] = result.findings;
    expect(finding).toMatchObject({ step: { kind: "parameter", before: "0", after: "1" }, share: 1, isCertain: true });
    expect(finding?.comparison).toMatchObject({
      meanBase: 1,
      meanHead: 1 - 67 / 200,
      worse: 67,
      better: 0,
      verdict: "worse",
    });
    expect(finding?.comparison.interval?.high).toBeLessThan(0);
    expect(finding?.turned).toHaveLength(67);
    expect(finding?.turned.every(({ itemId }) => Number(itemId.slice(1)) % 3 === 0)).toBe(true);
    // Three checks decide on some of the items. Only the two states next to the change are answered in full.
    expect(world.asked.length - asked).toBeLessThan(3 * 200 + 1);
    expect(result.spent.calls).toBe(world.asked.length - asked);
    const run = await world.evals.runs.get(scope, finding?.afterRunId ?? "");
    expect(run).toMatchObject({
      origin: "bisect",
      status: "done",
      variant: { model: "m", parameters: { temperature: 1 } },
    });
  },
);

test("the version of the dataset that made the score fall is named, not the dataset", LONG, async () => {
  const asked = (at: number, word: string) => ({ inputs: { question: `${word} ${at}?` } });
  const wordy = (word: string, isHard: (at: number) => boolean) =>
    items(120).map((item, at) => ({ ...item, ...asked(at, isHard(at) ? "Hard" : word) }));
  world.change(
    "grown",
    wordy("What is", () => false),
  );
  world.say(
    (request) => (JSON.stringify(request.messages).includes("Hard") ? "no idea" : String(questionOf(request))),
    isRight,
  );
  const more = { dataset: { datasetId: "grown" } };
  const good = await runOf(GOOD, more);
  world.change(
    "grown",
    wordy("Tell me", () => false),
  );
  world.change(
    "grown",
    wordy("Say", (at) => at % 4 === 0),
  );
  world.change(
    "grown",
    wordy("Name", (at) => at % 4 === 0),
  );
  const bad = await runOf(GOOD, more);
  const result = await bisect({ good, bad });
  expect(result.steps.map(({ kind }) => kind)).toEqual(["dataset", "dataset", "dataset"]);
  expect(result.findings.map(({ step }) => step.label)).toEqual(["the dataset: version 2 → version 3"]);
  expect(result.findings[0]).toMatchObject({ comparison: { worse: 30, better: 0 }, isCertain: true });
});

test(
  "a retriever that made the score fall is named by its versions, whichever of them is in use now",
  LONG,
  async () => {
    const variants = [
      { ...GOOD, parameters: { top_p: 1 } },
      { ...GOOD, parameters: { top_p: 0.9 } },
    ];
    for (const now of ["r1", "r2"] as const) {
      let live: string = "r1";
      world.say(
        (request) => (live === "r2" && questionOf(request) % 3 === 0 ? "no idea" : String(questionOf(request))),
        isRight,
      );
      const good = await runOf(variants[0] ?? {}, { versions: { retriever: "r1" } });
      live = "r2";
      const bad = await runOf(variants[1] ?? {}, { versions: { retriever: "r2" } });
      live = now;
      const result = await bisect({ good, bad });
      const where = now === "r1" ? "from the current version to r2" : "from r1 to the current version";
      expect(result.findings.map(({ step }) => [step.kind, step.label, step.isRunnable])).toEqual([
        ["retriever", `retriever: r1 → r2, ${where}, cannot run here`, false],
      ]);
    }
  },
);

test("two changes that both matter are both found", LONG, async () => {
  const sayBoth = (request: Request & { readonly model?: string }) =>
    request.model === "n" && questionOf(request) % 3 === 1 ? "no idea" : sayHot(request);
  world.say(sayBoth, isRight);
  const result = await bisect({ good: await runOf(GOOD), bad: await runOf(BAD) });
  expect(result.findings.map(({ step }) => step.label)).toEqual(["temperature: 0 → 1", "m → n"]);
  expect(result.message).toMatch(/ of the fall\. Another change also matters\.$/);
});

test("a scorer that judges otherwise is a change as well, and costs no new answer", LONG, async () => {
  world.say((request) => String(questionOf(request)), isRight);
  const good = await runOf(GOOD);
  const strict = { ...isStrict, key: "right" };
  world.say((request) => String(questionOf(request)), strict);
  const bad = await runOf(GOOD, { scorers: [{ kind: "strict", params: {}, name: "right" }] });
  world.say((request) => String(questionOf(request)), isRight, strict);
  const result = await bisect({ good, bad });
  expect(result.findings.map(({ step }) => step.kind)).toEqual(["judge"]);
  expect(world.asked).toEqual([]);
});

test("runs without a detectable difference are not searched", LONG, async () => {
  world.say(
    (request) => (questionOf(request) < 2 && request.temperature === 1 ? "no" : String(questionOf(request))),
    isRight,
  );
  const [good, bad] = [await runOf(GOOD), await runOf(BAD)];
  const asked = world.asked.length;
  const result = await bisect({ good, bad });
  expect(["nothing-to-find", "undecided"]).toContain(result.outcome);
  expect([result.findings, result.probes, world.asked.length]).toEqual([[], [], asked]);
  expect((await bisect({ good: bad, bad: good })).outcome).not.toBe("found");
});

test("a search respects its budget, and reports its progress", LONG, async () => {
  world.say(sayHot, isRight);
  // Models that nothing else here asks, so that no earlier answer can be taken and every look is paid for.
  const [good, bad] = [await runOf({ ...GOOD, model: "dear" }), await runOf({ ...BAD, model: "dearer" })];
  const result = await bisect({ good, bad, budget: { usd: 0.1, tokens: 1_000_000 } });
  expect(result).toMatchObject({ status: "done", outcome: "budget", findings: [] });
  expect(result.message).toBe("The budget was used up before all of 5 changes could be searched.");
  expect(result.spent.calls).toBeGreaterThan(0);
  expect(result.spent.usd).toBeLessThanOrEqual(0.1 + 1e-9);
});

test("a search continues after a restart without repeating calls", LONG, async () => {
  world.say(sayHot, isRight);
  // Models that nothing else here asks, so that no earlier answer can be taken.
  const [good, bad] = [await runOf({ ...GOOD, model: "fresh" }), await runOf({ ...BAD, model: "fresher" })];
  let hold = true;
  world.say(async (request, call) => {
    if (hold && call === 30) await new Promise((resolve) => setTimeout(resolve, 300));
    return sayHot(request);
  }, isRight);
  const { bisectId } = await world.evals.bisects.start(scope, BisectInput.parse({ good, bad }));
  while (world.asked.length < 25) await new Promise((resolve) => setTimeout(resolve, 5));
  await world.restart();
  hold = false;
  const result = await endOf(bisectId);
  expect(result).toMatchObject({ status: "done", outcome: "found" });
  const twice = world.asked.map(({ request }) => JSON.stringify(request));
  // Only the calls in progress at the stop are repeated.
  expect(twice.length - new Set(twice).size).toBeLessThanOrEqual(2 * 8);
});

test("uploaded runs of a suite are looked through by their commits", LONG, async () => {
  world.say(() => "", isRight);
  const upload = async (commit: string, isRightAt: (at: number) => boolean) => {
    const source = { branch: "main", commit, url: null };
    const versions = { index: commit < "c4" ? "i1" : "i2" };
    const scorers = [{ kind: "right", params: {} }];
    const input = RunInput.parse({ name: "nightly", scorers, suite: "night", source, versions });
    const { runId } = await world.evals.runs.create(scope, input);
    const answers = Array.from({ length: 100 }, (_, at) =>
      UploadedAnswer.parse({ itemId: `u${at}`, inputs: { at }, expected: "yes", output: isRightAt(at) ? "yes" : "no" }),
    );
    await world.evals.runs.addAnswers(scope, runId, answers);
    await world.evals.runs.finish(scope, runId);
    for (;;) {
      if ((await world.evals.runs.get(scope, runId)).status === "done") return runId;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const runs: string[] = [];
  for (const commit of ["c1", "c2", "c3", "c4", "c5"])
    runs.push(await upload(commit, (at) => commit < "c4" || at % 2 === 0));
  const result = await bisect({ good: runs[0], bad: runs[4] });
  expect(result.findings.map(({ step }) => [step.kind, step.label])).toEqual([
    ["code", "c3 → c4, index: i1 → i2, cannot run here"],
  ]);
});

test.each([
  ["a run that is not there", () => ({ good: "run_none", bad: "run_none" }), "not_found"],
  ["the same run twice", (run: string) => ({ good: run, bad: run }), "unprocessable"],
  [
    "a score that the runs do not have",
    (run: string, other: string) => ({ good: run, bad: other, scorer: "bleu" }),
    "not_found",
  ],
  ["two runs made in the same way", (run: string, other: string) => ({ good: run, bad: other }), "unprocessable"],
] as const)("%s is refused before anything is asked", LONG, async (_, inputOf, code) => {
  world.say((request) => String(questionOf(request)), isRight);
  const [run, other] = [await runOf(GOOD), await runOf(GOOD)];
  const input = BisectInput.parse(inputOf(run, other));
  await expect(world.evals.bisects.start(scope, input)).rejects.toMatchObject({ code });
});
