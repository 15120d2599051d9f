import { ProbeInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { LOGPROB_PROMPTS, SHORT_PROMPTS } from "./prompts/built-in.ts";
import { createProbes } from "./service.ts";
import { createProbeStore } from "./stores/probe-store.ts";
import { createRunStore } from "./stores/run-store.ts";
import { createScriptedModel } from "./testing/scripted-model.ts";
import { createSurroundings, type Surroundings } from "./testing/surroundings.ts";

const clock = { now: () => time, elapsed: () => performance.now() };
let time = 0;
let postgres: PostgresStore;
let scope: Scope;
let model: ReturnType<typeof createScriptedModel>;
let probes: ReturnType<typeof createProbes>;
let surroundings: Surroundings;

beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres?.close());
beforeEach(async () => {
  time = Date.UTC(2026, 11, 1);
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  scope = {
    projectId,
    actor: "user_1",
    userId: "user_1",
    permissions: new Set(["monitors:write", "gateway:use", "experiments:write"]),
  };
  model = createScriptedModel(7);
  surroundings = createSurroundings({ db: postgres.db, clock, ask: (...call) => model.ask(...call) });
  probes = createProbes(surroundings.deps);
});

const input = (more: object = {}) => ProbeInput.parse({ name: "Support", model: "openai/small", ...more });
const tick = async (probeId: string, signal = new AbortController().signal) =>
  surroundings.handler().run({
    jobId: await jobOf(probeId),
    scope,
    payload: { probeId },
    state: null,
    signal,
    report() {},
    async save() {},
  });
const get = (probeId: string) => probes.get(scope, probeId);
/** The job of a deleted probe can still run. */
const jobOf = async (probeId: string) => (await get(probeId).catch(() => ({ jobId: "deleted" }))).jobId;

/** Runs the job at the next planned time, so often. */
async function runDays(probeId: string, days: number) {
  for (let day = 0; day < days; day++) {
    time = Date.parse((await get(probeId)).nextRunAt ?? "");
    await tick(probeId);
  }
  return get(probeId);
}
/** A probe of few prompts before its first daily run, without the set-up's choice of prompts. */
async function setUp(more: object = {}) {
  const { probeId } = await probes.create(scope, input(more));
  const border = SHORT_PROMPTS.filter(({ text }) => model.isBorder(text)).slice(0, 16);
  const prompts = [...border, ...LOGPROB_PROMPTS.slice(0, 2)];
  await createProbeStore(postgres.db).update(scope.projectId, probeId, { prompts, stage: "samples" });
  await tick(probeId);
  return probeId;
}
/** The same with both references. */
async function ready(more: object = {}) {
  const probeId = await setUp(more);
  await runDays(probeId, 2);
  return probeId;
}
const newestRun = async (probeId: string) => (await probes.listRuns(scope, probeId, { limit: 1 })).items[0];

test("a changed model is suspected, confirmed, evaluated again and accepted by a person", async () => {
  const { probeId, state } = await probes.create(scope, input({ experimentId: "exp_1", pinnedPrompts: ["Hello"] }));
  expect(state).toBe("setting-up");
  await tick(probeId);
  const watched = await get(probeId);
  expect(watched).toMatchObject({ state: "watching", stage: "daily", progress: null, references: 0, notices: [] });
  expect(watched.prompts.border).toBeGreaterThanOrEqual(20);
  expect(watched.prompts).toMatchObject({ logprobs: 5, pinned: 1, full: 0 });
  expect(watched.setUpUsd).toBeCloseTo(2_255 * 0.0001, 6);
  expect(model.state.temperatures).toEqual(new Set([0, 1]));
  // Both hours have a reference before anything is compared.
  const referenced = await runDays(probeId, 2);
  expect(referenced).toMatchObject({ references: 2, evidence: 0, usdPerDay: null });
  const before = await runDays(probeId, 6);
  expect(before.state).toBe("watching");
  expect(before.evidence).toBeLessThan(before.threshold);
  expect(before.usdPerDay).toBeGreaterThan(0);

  model.state.weights = 2;
  model.state.style = 3;
  const changed = await runDays(probeId, 2);
  expect(changed).toMatchObject({ state: "changed", incidentId: "inc_1" });
  expect(changed.suspicion?.confirmation?.pValue).toBeLessThan(0.001);
  expect(surroundings.seen.opened).toMatchObject([{ source: { kind: "probe", id: probeId }, severity: "warning" }]);
  expect(surroundings.seen.opened[0]?.title).toContain("openai/small");
  await tick(probeId);
  expect((await get(probeId)).suspicion?.evaluation).toMatchObject({ status: "done", runId: "run_2" });
  expect(surroundings.seen.repeated).toEqual(["exp_1"]);
  expect(surroundings.seen.noted).toEqual(["Evaluation: It runs again.", "Evaluation: exact-match: worse than before"]);
  const [prompt] = await probes.listPrompts(scope, probeId);
  expect(prompt?.factor).toBeGreaterThan(1);
  expect(prompt?.now.length).toBeGreaterThan(0);
  // A person decides. Until then, no new day joins the reference.
  await runDays(probeId, 2);
  expect(surroundings.seen.opened).toHaveLength(1);
  const accepted = await probes.accept(scope, probeId, { selectsPrompts: false });
  expect(accepted).toMatchObject({ state: "setting-up", evidence: 0, suspicion: null, incidentId: null });
  expect(surroundings.seen.recovered).toBe(1);
  await tick(probeId);
  const again = await runDays(probeId, 5);
  expect(again).toMatchObject({ state: "watching", references: 2 });
}, 120_000);

test("a change that samples do not show is confirmed by later daily runs", async () => {
  const probeId = await ready();
  model.state.weights = 3;
  const changed = await runDays(probeId, 5);
  expect(changed).toMatchObject({ state: "changed", incidentId: "inc_1" });
  expect(changed.suspicion?.repeated).toBeGreaterThanOrEqual(1_000);
  expect(changed.suspicion?.confirmation?.pValue).toBeGreaterThan(0.001);
  expect(surroundings.seen.opened[0]?.text).toContain("Later daily runs confirm it.");
}, 120_000);

test("a suspicion that nothing confirms is shown, and opens no incident", async () => {
  const probeId = await ready();
  model.state.weights = 3;
  let suspected = await get(probeId);
  while (suspected.state === "watching") suspected = await runDays(probeId, 1);
  model.state.weights = 0;
  suspected = await runDays(probeId, 2);
  expect(suspected).toMatchObject({ state: "suspected", incidentId: null });
  expect(suspected.suspicion).toMatchObject({ attempts: 3, evaluation: null });
  expect(suspected.suspicion?.confirmation?.pValue).toBeGreaterThan(0.001);
  expect(surroundings.seen.opened).toEqual([]);
  const dismissed = await probes.dismiss(scope, probeId);
  expect(dismissed).toMatchObject({ state: "watching", suspicion: null, evidence: 0 });
  await expect(probes.dismiss(scope, probeId)).rejects.toMatchObject({ code: "conflict" });
}, 120_000);

test("a probe continues after a stop at any call, and repeats no answered call", async () => {
  const { probeId } = await probes.create(scope, input());
  const stops = [3, 700, 1_999, 2_100, 2_300];
  let restarts = 0;
  const runUntilStop = async () => {
    const stop = new AbortController();
    model.state.onCall = (calls) => {
      if (calls >= (stops[restarts] ?? Number.POSITIVE_INFINITY)) stop.abort(new Error("stopped"));
    };
    await tick(probeId, stop.signal);
  };
  while (stops[restarts] !== undefined && (await get(probeId)).stage !== "daily") {
    await runUntilStop().catch((error: Error) => expect(error.message).toBe("stopped"));
    restarts++;
  }
  model.state.onCall = () => undefined;
  await tick(probeId);
  const { stage, setUpUsd } = await get(probeId);
  expect(stage).toBe("daily");
  expect(setUpUsd).toBeCloseTo(2_255 * 0.0001, 6);
  // The calls that were running at a stop are made again.
  expect(model.state.calls - 2_255).toBeLessThanOrEqual(5 * 4);

  time = Date.parse((await get(probeId)).nextRunAt ?? "");
  const stop = new AbortController();
  const first = model.state.calls;
  model.state.onCall = (calls) => calls === first + 10 && stop.abort(new Error("stopped"));
  await expect(tick(probeId, stop.signal)).rejects.toThrow("stopped");
  expect((await get(probeId)).progress?.done).toBeGreaterThan(5);
  model.state.onCall = () => undefined;
  await tick(probeId);
  const { items } = await probes.listRuns(scope, probeId, { limit: 1 });
  expect(items[0]).toMatchObject({ kind: "reference", state: "done", failures: 0 });
  expect(items[0]?.answers).toBe(items[0]?.calls);
}, 120_000);

test("a set-up stops at its budget, and continues when the budget is raised", async () => {
  const { probeId } = await probes.create(scope, input({ setUpBudgetUsd: 0.05 }));
  await tick(probeId);
  const stopped = await get(probeId);
  expect(stopped).toMatchObject({ state: "setting-up", stage: "selection" });
  expect(stopped.lastError).toContain("budget of $0.05");
  expect(model.state.calls).toBeLessThanOrEqual(500);
  const before = model.state.calls;
  await tick(probeId);
  expect(model.state.calls).toBe(before);
  await probes.update(scope, probeId, { setUpBudgetUsd: 1 });
  await tick(probeId);
  expect(await get(probeId)).toMatchObject({ state: "watching", lastError: "" });
}, 120_000);

test("the calls of a day stop at the daily budget, and what was answered counts", async () => {
  const probeId = await ready();
  await probes.update(scope, probeId, { dailyBudgetUsd: 0.005 });
  const { state } = await runDays(probeId, 1);
  expect(state).toBe("watching");
  const { items } = await probes.listRuns(scope, probeId, { limit: 1 });
  expect(items[0]).toMatchObject({ kind: "daily", state: "budget", message: "Stopped at the daily budget." });
  expect(items[0]?.costUsd).toBeLessThan(0.00501);
  expect(items[0]?.countFactor).not.toBeNull();
}, 120_000);

test("missing answers are no evidence, and three days without an answer are announced once", async () => {
  const probeId = await ready();
  const { evidence } = await get(probeId);
  model.state.isDown = true;
  for (let day = 0; day < 5; day++) {
    time = Date.parse((await get(probeId)).nextRunAt ?? "");
    await tick(probeId);
    expect((await get(probeId)).lastError).toContain("The provider is down");
    // The calls are repeated for three hours.
    time += DAY_MS / 6;
    await tick(probeId);
  }
  const silentProbe = await get(probeId);
  expect(silentProbe).toMatchObject({ state: "watching", daysWithoutAnswers: 5, evidence });
  expect(surroundings.seen.notices).toMatchObject([{ event: "info", subject: { kind: "probe", id: probeId } }]);
  model.state.isDown = false;
  expect(await runDays(probeId, 1)).toMatchObject({ daysWithoutAnswers: 0, lastError: "" });
}, 120_000);

test("a run that was missed while the server was down waits for the next hour", async () => {
  const probeId = await ready();
  const before = model.state.calls;
  time += 3 * DAY_MS;
  await tick(probeId);
  expect(model.state.calls).toBe(before);
  expect(Date.parse((await get(probeId)).nextRunAt ?? "")).toBeGreaterThan(time);
}, 120_000);

test("a person runs a probe before its hour, and a set-up that waits for the provider", async () => {
  model.state.isDown = true;
  const { probeId } = await probes.create(scope, input());
  await tick(probeId);
  expect((await get(probeId)).lastError).toMatch(/The provider is down\..*every 10 minutes/);
  model.state.isDown = false;
  await probes.runNow(scope, probeId);
  await tick(probeId);
  const { nextRunAt, ...watching } = await get(probeId);
  expect(watching).toMatchObject({ state: "watching", stage: "daily", lastError: "" });
  time = Date.parse(nextRunAt ?? "") - 3 * HOUR_MS;
  // The first run is the reference of the near hour, and the second one is compared with it.
  for (const kind of ["reference", "daily"]) {
    await probes.runNow(scope, probeId);
    await tick(probeId);
    expect(await newestRun(probeId)).toMatchObject({ kind, state: "done" });
  }
  expect(await get(probeId)).toMatchObject({ nextRunAt });
}, 120_000);

test("a run far from both hours is compared with a reference, and never becomes a part of one", async () => {
  const probeId = await setUp();
  const { nextRunAt } = await get(probeId);
  const planned = Date.parse(nextRunAt ?? "");
  time = planned - 4 * HOUR_MS;
  await expect(probes.runNow(scope, probeId)).rejects.toThrow(`The run at ${nextRunAt} collects it.`);
  await runDays(probeId, 1);
  const reference = await newestRun(probeId);
  expect(reference).toMatchObject({ kind: "reference", state: "done" });
  // The second time is nearer to the other hour, which has no reference yet.
  for (const hours of [5, 7]) {
    time = planned + hours * HOUR_MS;
    await probes.runNow(scope, probeId);
    await tick(probeId);
    expect(await newestRun(probeId)).toMatchObject({ kind: "daily", slot: reference?.slot, state: "done" });
    const run = await createRunStore(postgres.db).newest({ ...scope, id: probeId, epoch: 1 }, ["daily"]);
    expect(run?.isReference).toBe(false);
  }
  expect((await runDays(probeId, 1)).references).toBe(2);
}, 120_000);

test("calls wait as long as the provider asks, and the set-up continues", async () => {
  const end = performance.now() + 40;
  model.state.onCall = () => {
    if (performance.now() < end) throw new AppError("provider_failed", { retryAfterSeconds: 0.06 });
  };
  const { probeId } = await probes.create(scope, input());
  await tick(probeId);
  expect(await get(probeId)).toMatchObject({ stage: "daily", lastError: "" });
}, 120_000);

test("a probe that is disabled or unsuited is not run", async () => {
  const { probeId } = await probes.create(scope, input({ isEnabled: false }));
  await expect(probes.runNow(scope, probeId)).rejects.toThrow("The probe is disabled. Enable it first.");
  const reader = { ...scope, permissions: new Set<never>() };
  await expect(probes.runNow(reader, probeId)).rejects.toMatchObject({ code: "forbidden" });
  model.state.isReasoning = true;
  const other = await probes.create(scope, input());
  await tick(other.probeId);
  await expect(probes.runNow(scope, other.probeId)).rejects.toThrow("cannot be probed");
});

test("a model that reasons is not probed", async () => {
  model.state.isReasoning = true;
  const { probeId } = await probes.create(scope, input());
  await tick(probeId);
  const { state, notices: shown } = await get(probeId);
  expect(state).toBe("unsuited");
  expect(shown).toEqual([expect.stringContaining("reasons before it answers")]);
  expect(model.state.calls).toBeLessThan(10);
  await tick(probeId);
  expect(model.state.calls).toBeLessThan(10);
});

test("of a deterministic model without log-probabilities, full answers are compared", async () => {
  Object.assign(model.state, { isDeterministic: true, hasLogprobs: false });
  const { probeId } = await probes.create(scope, input());
  await tick(probeId);
  const { prompts, notices: shown } = await get(probeId);
  expect(prompts).toEqual({ border: 0, logprobs: 0, full: 10, pinned: 0 });
  expect(shown).toEqual([
    expect.stringContaining("answers almost always the same"),
    expect.stringContaining("no log-probabilities"),
  ]);
}, 120_000);

test("an estimate names calls, costs and what exceeds a budget", async () => {
  const estimate = await probes.estimate(scope, input({ setUpBudgetUsd: 0.01 }));
  expect(estimate).toMatchObject({ setUpCalls: 2_255, dailyCalls: 225, confirmationCalls: 250 });
  expect(estimate.notices.join(" ")).toContain("more than its budget");
  const unpriced = await probes.estimate(scope, input({ model: "openai/unpriced" }));
  expect(unpriced).toMatchObject({ setUpUsd: null, dailyUsd: null });
  expect(unpriced.notices).toEqual([expect.stringContaining("budgets do not apply")]);
});

test("an unknown model, an endpoint or an unknown experiment is rejected before anything is stored", async () => {
  await expect(probes.create(scope, input({ model: "gone/model" }))).rejects.toMatchObject({ code: "not_found" });
  await expect(probes.create(scope, input({ experimentId: "exp_9" }))).rejects.toMatchObject({ code: "not_found" });
  expect((await probes.list(scope, { limit: 5 })).items).toEqual([]);
  const reader = { ...scope, permissions: new Set(["monitors:write"] as const) };
  await expect(probes.create(reader, input())).rejects.toMatchObject({ code: "forbidden" });
  const endpoint = probes.create(scope, input({ model: "support-endpoint" }));
  await expect(endpoint).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("an endpoint"),
  });
  expect(() => ProbeInput.parse({ name: "x", model: " " })).toThrow(/must name a model/);
});

test("a model that this server runs is probed without a connection", async () => {
  const { probeId } = await probes.create(scope, input({ model: "smollm2-135m-instruct" }));
  await tick(probeId);
  expect(await get(probeId)).toMatchObject({ model: "smollm2-135m-instruct", state: "watching" });
}, 120_000);

test("probes are listed by state, changed by patches, and unknown in another project", async () => {
  const first = await probes.create(scope, input());
  time += 1_000;
  const second = await probes.create(scope, input({ name: "B" }));
  const page = await probes.list(scope, { limit: 1 });
  const rest = await probes.list(scope, { limit: 5, cursor: page.nextCursor ?? "" });
  expect([...page.items, ...rest.items].map(({ probeId }) => probeId)).toEqual([first.probeId, second.probeId]);
  expect((await probes.list(scope, { limit: 5, state: "changed" })).items).toEqual([]);
  expect(await probes.update(scope, second.probeId, { isEnabled: false, severity: "critical" })).toMatchObject({
    isEnabled: false,
    severity: "critical",
    model: "openai/small",
  });
  await tick(second.probeId);
  expect(model.state.calls).toBe(0);
  await expect(probes.accept(scope, first.probeId, { selectsPrompts: false })).rejects.toBeInstanceOf(AppError);
  const other = { ...scope, projectId: "proj_other" };
  await expect(probes.get(other, first.probeId)).rejects.toMatchObject({ code: "not_found" });
  await expect(probes.listPrompts(other, first.probeId)).rejects.toMatchObject({ code: "not_found" });
  await probes.delete(scope, first.probeId);
  await expect(probes.get(scope, first.probeId)).rejects.toMatchObject({ code: "not_found" });
  await tick(first.probeId);
});
