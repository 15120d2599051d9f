import { RunInput, UploadedAnswer } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEvals, scope, scorerOf } from "../testing/open-evals.ts";

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({});
});
afterAll(() => world.close());

/** A judge whose every score takes a tenth of a cent. */
const judge = scorerOf("judge", () => ({ value: 1, tokens: 30 }));
const answers = Array.from({ length: 40 }, (_, at) =>
  UploadedAnswer.parse({ itemId: `q${at}`, inputs: { at }, output: "yes" }),
);

async function uploaded(input: object): Promise<string> {
  const scorers = [{ kind: "judge", params: {} }];
  const { runId } = await world.evals.runs.create(scope, RunInput.parse({ name: "elsewhere", scorers, ...input }));
  await world.evals.runs.addAnswers(scope, runId, answers);
  await world.evals.runs.finish(scope, runId);
  return runId;
}
async function ended(runId: string) {
  for (;;) {
    const run = await world.evals.runs.get(scope, runId);
    if (run.status !== "queued" && run.status !== "running") return run;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("scoring uploaded answers respects its budget, reports this, and continues where it stopped", async () => {
  world.say(() => "", judge);
  const runId = await uploaded({ budget: { usd: 0.02 } });
  const stopped = await ended(runId);
  expect(stopped).toMatchObject({
    status: "done",
    answers: 40,
    planned: 40,
    scoring: { budget: { usd: 0.02 }, stopped: "budget-usd" },
  });
  const scored = stopped.scores[0]?.items ?? 0;
  expect(scored).toBeGreaterThan(0);
  expect(scored).toBeLessThan(40);
  expect(stopped.scoring?.spent.calls).toBe(scored);
  expect(stopped.scoring?.spent.usd).toBeLessThanOrEqual(0.02 + 1e-9);
  const { heads } = await world.evals.analysis.compare(scope, { base: runId, heads: runId, alpha: 0.05, margin: 0.02 });
  expect(heads[0]?.warnings).toContain(
    'Not all answers of "elsewhere" are scored, because the budget of its scorers was used up.',
  );
  await world.evals.runs.resume(scope, runId, { budget: { usd: 1, tokens: 1_000_000 } });
  expect(await ended(runId)).toMatchObject({
    scoring: { stopped: "finished", spent: { calls: 40 }, budget: { usd: 1 } },
    scores: [{ items: 40 }],
  });
});

test("a budget in dollars stops at a judge without a price, and one in tokens at its end", async () => {
  const unpriced = scorerOf("judge", () => ({ value: 1, tokens: 30 }));
  world.say(() => "", { ...unpriced, score: async () => ({ ...(await unpriced.score(...ONE)), costUsd: null }) });
  expect((await ended(await uploaded({ budget: { usd: 5 } }))).scoring?.stopped).toBe("price-unknown");
  const capped = await ended(await uploaded({ budget: { tokens: 300 } }));
  expect(capped.scoring?.stopped).toBe("budget-tokens");
  expect(capped.scoring?.spent.tokens).toBeLessThanOrEqual(300);
});

const ONE: Parameters<typeof judge.score> = [
  { input: null, output: "", expected: null, metadata: {} },
  { signal: new AbortController().signal },
];

test("a run whose scorers call no model finishes without cost, and an open run cannot continue", async () => {
  world.say(
    () => "",
    scorerOf("judge", () => 1),
  );
  const run = await ended(await uploaded({}));
  expect(run.scoring).toMatchObject({ stopped: "finished", spent: { calls: 0, usd: 0 } });
  const open = await world.evals.runs.create(scope, RunInput.parse({ name: "open" }));
  await expect(world.evals.runs.resume(scope, open.runId, {})).rejects.toMatchObject({ code: "conflict" });
});
