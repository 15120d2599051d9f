import type { HeadComparison, Item, ModelEvaluation, RunComparison, ScoreSummary, Verdict } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../../kernel/clock.ts";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { openJobs } from "../../../../platform/jobs/open.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import type { MeasuredVersion, ModelEvaluationDeps } from "../deps.ts";
import { createModelEvaluations } from "../service.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
export const scope: Scope = {
  projectId: "proj_1",
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(["experiments:read", "experiments:write"]),
};

const PAIRED: HeadComparison["costUsd"] = {
  items: 10,
  leftOut: 0,
  meanBase: null,
  meanHead: null,
  difference: null,
  interval: null,
  pValue: null,
  adjustedPValue: null,
  test: "",
  effectSize: null,
  minimumDetectableEffect: null,
  margin: 0.02,
  verdict: "inconclusive",
  moreItems: null,
  better: 0,
  worse: 0,
};
const run = (runId: string): RunComparison["base"] => ({
  runId,
  name: runId,
  experimentId: null,
  experimentName: null,
  createdAt: "",
  source: { branch: null, commit: null, url: null },
});

/** The score of the version alone, with its own interval. */
const ALONE: ScoreSummary = {
  scorer: "exact-match",
  value: 0.8,
  isCorpus: false,
  interval: { low: 0.49, high: 0.94, level: 0.95 },
  items: 10,
  undefined: 0,
  failed: 0,
  repeatDeviation: null,
  passAny: null,
  passAll: null,
  labels: null,
  costUsd: null,
};

/** A comparison of a set by one scorer with a verdict. */
export const headOf = (verdict: Verdict): HeadComparison => ({
  run: run("head"),
  costUsd: PAIRED,
  latencyMs: PAIRED,
  shared: 10,
  onlyBase: 0,
  onlyHead: 0,
  errorsBase: 0,
  errorsHead: 0,
  warnings: [],
  scorers: [
    {
      ...PAIRED,
      scorer: "exact-match",
      name: "Exact match",
      direction: "higher",
      isSameScorer: true,
      verdict,
      meanBase: 0.5,
      meanHead: 0.8,
      difference: 0.3,
      interval: { low: 0.1, high: 0.5, level: 0.95 },
      adjustedPValue: 0.01,
    },
  ],
});

type World = { items: Item[]; verdicts: Verdict[]; version: MeasuredVersion; failing: string | null };

/** Evaluates models with experiments that end immediately with scripted verdicts, over a real job database. */
export async function openEvaluations() {
  const store = await openTestPostgres();
  await store.db.execute(sql`INSERT INTO projects VALUES ('proj_1', 'Project', false, now())`);
  const world: World = {
    items: [],
    verdicts: [],
    failing: null,
    version: { slug: "mine@2", whyNot: null, base: "tiny", data: [{ datasetId: "ds", version: "1" }] },
  };
  const started: Parameters<ModelEvaluationDeps["experiments"]["start"]>[1][] = [];
  const kept: ModelEvaluation[] = [];
  const jobs = openJobs({
    db: store.db,
    log: silent,
    isAlone: true,
    timing: { pollMs: 20, firstWaitMs: 20, longestWaitMs: 40, beatMs: 20 },
  });
  const evaluations = createModelEvaluations({
    db: store.db,
    jobs,
    clock: systemClock,
    lookMs: 5,
    audit: { record: async () => undefined },
    namesOf: async () => new Map([["user_a", "Ada"]]),
    datasets: {
      async openVersion(_scope, { datasetId }) {
        if (datasetId !== "ds") throw notFound("dataset", datasetId);
        return { manifest: { sha: "s", root: "r", rows: world.items.length, chunks: [] } };
      },
      async *readItems() {
        yield* world.items;
      },
    },
    experiments: {
      start: async (_scope, input) => ({ experimentId: `exp_${started.push(input)}` }),
      async get() {
        const status = world.failing === null ? ("done" as const) : ("failed" as const);
        return {
          status,
          error: world.failing,
          runs: [
            { runId: "base", scores: [] },
            { runId: "head", scores: [ALONE] },
          ],
        };
      },
      compare: async () => ({
        base: run("base"),
        heads: [headOf(world.verdicts.shift() ?? "inconclusive")],
        alpha: 0.05,
      }),
    },
    registry: {
      async find(_scope, { name }) {
        if (name !== "mine") throw notFound("registered model", name);
        return world.version;
      },
      keep: async (_scope, _which, evaluation) => void kept.push(evaluation),
    },
  });
  jobs.start();
  return {
    evaluations,
    world,
    started,
    kept,
    jobs,
    async ended(jobId: string) {
      for (;;) {
        const job = await jobs.get(scope, jobId);
        if (job.status === "done" || job.status === "failed") return job;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await jobs.close();
      await store.close();
    },
  };
}
