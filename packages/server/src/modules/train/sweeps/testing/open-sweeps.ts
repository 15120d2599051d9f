import { SweepInput, TrainingConfig, type TrainingRun } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import type { SweptTraining } from "../deps.ts";
import { createSweeps } from "../service.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
export const scope: Scope = {
  projectId: "proj_1",
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(["training:read", "training:write"]),
};

type Kept = { run: TrainingRun; reports: [number, number][]; looks: number };
/** The loss of a configuration at a step; a text is the sentence of a user's mistake. */
export type LossOf = (config: TrainingConfig, step: number) => number | string;

const NOTHING: TrainingRun["progress"] = {
  step: null,
  totalSteps: null,
  epoch: null,
  loss: null,
  evalLoss: null,
  tokensPerSecond: null,
  memoryMb: null,
  elapsedSeconds: null,
  etaSeconds: null,
  trainedTokens: null,
  bestStep: null,
  bestEvalLoss: null,
  evalBatches: null,
  evalTotalBatches: null,
};

const startedRun = (trainingRunId: string, config: TrainingConfig): TrainingRun => ({
  trainingRunId,
  name: config.name ?? "",
  status: "running",
  message: "",
  wanted: "run",
  queuePosition: null,
  config,
  base: { ref: config.base_model, hash: null },
  data: null,
  progress: NOTHING,
  stopReason: null,
  error: null,
  warnings: [],
  canResume: false,
  resumeBlockedReason: null,
  attempt: 1,
  model: null,
  remote: null,
  costUsd: null,
  wantedResult: null,
  result: null,
  metadata: {},
  jobId: null,
  createdBy: "user_a",
  createdAt: "",
  startedAt: "",
  endedAt: null,
});

/** Training that evaluates once each time it is looked at, with losses from a function. */
function scriptedTraining(lossOf: () => LossOf, whyNot: () => string | null) {
  const runs = new Map<string, Kept>();
  const find = (id: string): Kept => {
    const run = runs.get(id);
    if (!run) throw notFound("training run", id);
    return run;
  };
  const training: SweptTraining = {
    read(config) {
      const read = TrainingConfig.safeParse(config);
      const problems = (read.error?.issues ?? []).map(({ path, message }) => ({ path: path.join("."), message }));
      return { config: read.data ?? null, problems, warnings: [] };
    },
    async requireParts() {
      const reason = whyNot();
      if (reason !== null) throw new AppError("unprocessable", { message: reason });
    },
    async start(_scope, { config, requestId }) {
      const known = runs.get(requestId);
      if (known) return known.run;
      const run = startedRun(requestId, TrainingConfig.parse(config));
      runs.set(requestId, { run, reports: [], looks: 0 });
      return run;
    },
    async get(_scope, id) {
      const one = find(id);
      if (one.run.status !== "running") return one.run;
      const { config } = one.run;
      const step = (one.reports.length + 1) * config.eval.every;
      const loss = lossOf()(config, step);
      if (typeof loss === "string") {
        const error = { kind: "user" as const, code: "bad_data", message: loss, whatToDo: "" };
        one.run = { ...one.run, status: "failed", error };
        return one.run;
      }
      one.reports.push([step, loss]);
      const isDone = step >= (config.max_steps ?? 0);
      const progress = { ...NOTHING, elapsedSeconds: one.reports.length * config.micro_batch_size };
      one.run = { ...one.run, progress, status: isDone ? "succeeded" : "running" };
      return one.run;
    },
    async cancel(_scope, id) {
      const one = find(id);
      one.run = { ...one.run, status: "cancelled" };
    },
    measured: async (_scope, { trainingRunId }) => find(trainingRunId).reports,
  };
  return { training, kept: runs };
}

/** Searches over training that is a function, with a real database of jobs. */
export async function openSweeps() {
  const store = await openTestPostgres();
  await store.db.execute(sql`INSERT INTO projects VALUES ('proj_1', 'Project', false, now())`);
  let lossOf: LossOf = () => 1;
  let missing: string | null = null;
  const { training, kept } = scriptedTraining(
    () => lossOf,
    () => missing,
  );
  const make = (jobs: JobsAdapter) =>
    createSweeps({
      db: store.db,
      jobs,
      training,
      clock: systemClock,
      lookMs: 5,
      audit: { record: async () => undefined },
      namesOf: async () => new Map([["user_a", "Ada"]]),
    });
  const open = () => {
    const jobs = openJobs({
      db: store.db,
      log: silent,
      isAlone: true,
      timing: { pollMs: 20, firstWaitMs: 20, longestWaitMs: 40, beatMs: 20 },
    });
    const sweeps = make(jobs);
    jobs.start();
    return { jobs, sweeps };
  };
  let opened = open();
  return {
    kept,
    get sweeps() {
      return opened.sweeps;
    },
    measure(next: LossOf) {
      lossOf = next;
      kept.clear();
    },
    /** What training says that it lacks, such as the trainer; null when it lacks nothing. */
    lack(reason: string | null) {
      missing = reason;
    },
    /** The server stops and starts again. */
    async restart() {
      await opened.jobs.close();
      opened = open();
    },
    start: async (input: object) => opened.sweeps.start(scope, SweepInput.parse({ name: "Try", ...input })),
    async ended(id: string) {
      for (;;) {
        const sweep = await opened.sweeps.get(scope, id);
        if (sweep.status !== "queued" && sweep.status !== "running") return sweep;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await opened.jobs.close();
      await store.close();
    },
  };
}

/** Noise that is the same for the same seed, of size 1 at most. */
export const noiseOf = (seed: number): number => createRandom(seed).next() * 2 - 1;
