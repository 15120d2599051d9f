import { type Item, ProbeInput } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../kernel/ids.ts";
import { openEvals, scope, scorerOf } from "../modules/evaluate/experiments/testing/open-evals.ts";
import { createIncidents } from "../modules/observe/incidents/service.ts";
import { NO_MEANS } from "../modules/observe/incidents/testing/incident-world.ts";
import type { Evaluations } from "../modules/observe/probes/index.ts";
import { createProbes } from "../modules/observe/probes/service.ts";
import { createScriptedModel } from "../modules/observe/probes/testing/scripted-model.ts";
import { createAudit } from "../modules/system/audit/index.ts";
import type { JobHandler } from "../platform/jobs/port.ts";
import { evaluationsOf } from "./probes.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const items = Array.from(
  { length: 40 },
  (_, place): Item => ({
    itemId: `q${place}`,
    inputs: { question: `Question ${place}` },
    expected: "right",
    metadata: {},
    split: null,
    source: { kind: "manual" },
  }),
);

let world: Awaited<ReturnType<typeof openEvals>>;
beforeAll(async () => {
  world = await openEvals({ ds: items });
});
afterAll(() => world?.close());

/** The server stops after the first start of an experiment, before the probe stores its id. */
function stoppingOnce(evaluations: Evaluations): Evaluations {
  let starts = 0;
  return {
    ...evaluations,
    async start(...order) {
      const started = await evaluations.start(...order);
      if (++starts === 1) throw new Error("the server stopped");
      return started;
    },
  };
}

/** Probes over real experiments and incidents, whose clock the test moves. */
function openProbing() {
  const model = createScriptedModel(7);
  let time = Date.UTC(2026, 11, 1);
  const clock = { now: () => time, elapsed: () => performance.now() };
  let handler: JobHandler<{ probeId: string }, null> | undefined;
  const jobs = {
    register: (_kind: unknown, given: unknown) => {
      handler = given as never;
    },
    send: async () => newId("job"),
    list: async () => ({ items: [], nextCursor: null }),
    cancel: async () => ({}) as never,
  };
  const { db } = world;
  const audit = createAudit({ db, clock });
  const namesOf = async () => new Map<string, string>();
  const incidents = createIncidents({
    db,
    columnar: { select: async () => [] } as never,
    jobs: { ...jobs, register() {} } as never,
    audit,
    comments: {} as never,
    announce: async () => undefined,
    namesOf,
    isMember: async () => true,
    evidence: NO_MEANS,
    clock,
    log: silent,
  });
  const probes = createProbes({
    db,
    columnar: { select: async () => [] },
    jobs,
    audit,
    ask: (...call) => model.ask(...call),
    priceOf: async () => 0.01,
    isEndpoint: async () => false,
    evaluations: stoppingOnce(evaluationsOf(world.evals)),
    incidents: incidents.sink,
    announce: async () => undefined,
    clock,
    log: silent,
  });
  const tick = async (probeId: string) =>
    handler?.run({
      jobId: (await probes.get(scope, probeId)).jobId,
      scope,
      payload: { probeId },
      state: null,
      signal: new AbortController().signal,
      report() {},
      async save() {},
    });
  async function runDays(probeId: string, days: number) {
    for (let day = 0; day < days; day++) {
      time = Date.parse((await probes.get(scope, probeId)).nextRunAt ?? "");
      await tick(probeId);
    }
    return probes.get(scope, probeId);
  }
  return { model, probes, incidents, tick, runDays };
}

test("a confirmed change repeats the pinned experiment, and its verdict is on the probe and on the incident", async () => {
  world.say(
    () => "right",
    scorerOf("right", ({ output }) => (output === "right" ? 1 : 0)),
  );
  const before = await world.run({
    name: "Quality",
    dataset: { datasetId: "ds", version: "latest" },
    variants: [{ name: "A", model: "m", messages: [{ role: "user", content: "{{question}}" }] }],
    scorers: [{ kind: "right" }],
  });
  expect(before.status).toBe("done");
  const { model, probes, incidents, tick, runDays } = openProbing();
  const { experimentId } = before;
  const { probeId } = await probes.create(
    scope,
    ProbeInput.parse({ name: "Support", model: "openai/m", experimentId }),
  );
  await tick(probeId);
  expect(await runDays(probeId, 4)).toMatchObject({ state: "watching", references: 2 });

  // The new weights answer wrongly, in other words.
  Object.assign(model.state, { weights: 3, style: 3 });
  world.say(
    (_request, call) => (call % 2 === 0 ? "right" : "wrong"),
    scorerOf("right", ({ output }) => (output === "right" ? 1 : 0)),
  );
  await expect(runDays(probeId, 4)).rejects.toThrow("the server stopped");
  const cut = await probes.get(scope, probeId);
  expect(cut.suspicion?.evaluation).toMatchObject({ status: "running", experimentId: null });
  await tick(probeId);
  const changed = await probes.get(scope, probeId);
  expect(changed.state).toBe("changed");
  const started = changed.suspicion?.evaluation;
  expect(started).toMatchObject({ status: "running", message: "The pinned experiment is running again." });
  const after = await world.ended(started?.experimentId ?? "");
  expect(after).toMatchObject({
    status: "done",
    dataset: { root: before.dataset.root },
    name: "openai/m after a change",
  });
  const repeated = await world.evals.experiments.list(scope, { search: "after a change", limit: 5 });
  expect(repeated.items.map(({ experimentId: id }) => id)).toEqual([after.experimentId]);
  await tick(probeId);
  const { suspicion, incidentId } = await probes.get(scope, probeId);
  const message = "right: worse compared with before, over 40 items.";
  expect(suspicion?.evaluation).toMatchObject({ status: "done", message, baseRunId: before.runs[0]?.runId });

  const incident = await incidents.get(scope, incidentId ?? "");
  expect(incident).toMatchObject({ state: "open", source: { kind: "probe", sourceId: probeId } });
  expect(incident.facts.map(({ label }) => label)).toContain("Second test");
  const { items: events } = await incidents.listEvents(scope, incidentId ?? "", { limit: 10 });
  const told = events.map(({ kind, text, path }) => ({ kind, text, path }));
  expect(told).toContainEqual({
    kind: "evidence",
    text: `Evaluation: ${message}`,
    path: `/experiments/${after.experimentId}`,
  });
  expect(told).toContainEqual({
    kind: "evidence",
    text: "Evaluation: The pinned experiment is running again.",
    path: `/experiments/${after.experimentId}`,
  });
  // The incident ends by a person's word, and later ticks add nothing.
  await tick(probeId);
  await probes.accept(scope, probeId, { selectsPrompts: false });
  expect(await incidents.get(scope, incidentId ?? "")).toMatchObject({ state: "resolved" });
}, 240_000);

test("an experiment that does not exist is rejected when a probe names it", async () => {
  const { probes } = openProbing();
  const input = ProbeInput.parse({ name: "Support", model: "openai/m", experimentId: "exp_unknown" });
  await expect(probes.create(scope, input)).rejects.toMatchObject({ code: "not_found" });
});
