import { GateRules, type Item } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { openEvals, scope, scorerOf } from "../testing/open-evals.ts";

const items = (length: number) =>
  Array.from(
    { length },
    (_, at): Item => ({
      itemId: `q${at}`,
      inputs: { question: `What is ${at}?` },
      expected: String(at),
      metadata: {},
      split: null,
      source: { kind: "manual" },
    }),
  );
const isRight = scorerOf("right", ({ output }) => (output === "x" ? 1 : 0));
const base = {
  name: "Outage",
  dataset: { datasetId: "forty" },
  variants: [{ name: "plain", model: "m" }],
  scorers: [{ kind: "right", params: {} }],
};

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({ forty: items(40), ten: items(10) });
});
afterAll(() => world.close());

const refused = () => new AppError("provider_failed", { message: "The provider is down.", details: { status: 503 } });
const isOpen = () =>
  new AppError("provider_failed", {
    message: "The circuit breaker of m is open after repeated failures.",
    details: { attempts: [], reason: "circuit-open" },
  });

test("a run waits while the gateway's circuit is open, and asks again what failed before it opened", async () => {
  let failures = 0;
  let downUntil = 0;
  world.say((_, call) => {
    if (call < 8) return "x";
    if (failures++ < 5) throw refused();
    downUntil ||= performance.now() + 1_200;
    if (performance.now() < downUntil) throw isOpen();
    return "x";
  }, isRight);
  expect(await world.run(base)).toMatchObject({
    status: "done",
    stopped: "finished",
    error: null,
    runs: [{ status: "done", answers: 40, errors: 0, scores: [{ items: 40, value: 1 }] }],
  });
});

test("an unavailable provider ends the run with a next step, and resuming continues with the remaining items", async () => {
  let isDown = true;
  world.say((_, call) => {
    if (isDown && call >= 4) throw isOpen();
    return "x";
  }, isRight);
  const { experimentId } = await world.start({ ...base, maxOutageSeconds: 2 });
  const messages = new Set<string>();
  for (;;) {
    const { status, jobId } = await world.evals.experiments.get(scope, experimentId);
    const { rows } = await world.db.execute<{ message: string }>(
      sql`SELECT progress ->> 'message' AS message FROM jobs WHERE id = ${jobId}`,
    );
    messages.add(rows[0]?.message ?? "");
    if (status !== "queued" && status !== "running") break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect([...messages].join("\n")).toMatch(/Waiting for the provider of "m": unavailable for \d s, stops after 2 s/);
  const failed = await world.evals.experiments.get(scope, experimentId);
  expect(failed).toMatchObject({ status: "failed", maxOutageSeconds: 2, runs: [{ status: "failed", errors: 0 }] });
  expect(failed.error).toMatch(/The provider of "m" was unavailable for 2 s.*Check the connection, then resume\./);
  const head = failed.runs[0]?.runId ?? "";
  expect(await world.evals.gates.decide(scope, { head, base: null, rules: GateRules.parse({}) })).toMatchObject({
    outcome: "provider-errors",
    reasons: expect.arrayContaining([expect.stringContaining("The run failed before every item was answered.")]),
  });
  isDown = false;
  await world.evals.experiments.resume(scope, experimentId, { retryErrors: true });
  expect(await world.ended(experimentId)).toMatchObject({ status: "done", runs: [{ answers: 40, errors: 0 }] });
});

test("a run with mostly errors has failed and says which error, a gate counts it, and resuming retries all of them", async () => {
  let isBroken = true;
  world.say((_, call) => {
    if (isBroken && call >= 3)
      throw new AppError("provider_failed", { message: "No credit.", details: { status: 402 } });
    return "x";
  }, isRight);
  const failed = await world.run({ ...base, dataset: { datasetId: "ten" } });
  expect(failed).toMatchObject({
    status: "failed",
    stopped: null,
    runs: [{ status: "failed", answers: 10, errors: 7 }],
  });
  expect(failed.error).toContain('Most answers are errors: 7 of 10 answers of "plain".');
  expect(failed.error).toContain("No credit.");
  const head = failed.runs[0]?.runId ?? "";
  expect(await world.evals.gates.decide(scope, { head, base: null, rules: GateRules.parse({}) })).toMatchObject({
    outcome: "provider-errors",
  });
  isBroken = false;
  await world.evals.experiments.resume(scope, failed.experimentId, { retryErrors: true });
  expect(await world.ended(failed.experimentId)).toMatchObject({
    status: "done",
    stopped: "finished",
    error: null,
    runs: [{ status: "done", answers: 10, errors: 0 }],
  });
});

test("resuming makes failed scores again, and does not ask the model for the answers", async () => {
  let isAway = true;
  const judge = scorerOf("judge", ({ output }) => {
    if (isAway) throw new AppError("provider_failed", { message: "The judge is away." });
    return output === "x" ? 1 : 0;
  });
  world.say(() => "x", judge);
  const scorers = [{ kind: "judge", params: {} }];
  const { experimentId, runs } = await world.run({ ...base, dataset: { datasetId: "ten" }, scorers });
  expect(runs[0]).toMatchObject({ answers: 10, scores: [{ items: 0, failed: 10 }] });
  isAway = false;
  await world.evals.experiments.resume(scope, experimentId, { retryErrors: true });
  expect((await world.ended(experimentId)).runs[0]).toMatchObject({
    answers: 10,
    scores: [{ items: 10, value: 1, failed: 0 }],
  });
  expect(world.asked).toHaveLength(10);
});
