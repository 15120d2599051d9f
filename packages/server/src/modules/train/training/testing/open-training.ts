import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ENDED_TRAINING, type Item, type TrainingRun } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import { createLocalLauncher } from "../../../../platform/launch/local.ts";
import { openFolderObjects } from "../../../../platform/objects/folder.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { createTraining } from "../service.ts";
import type { TrainingDeps, VersionOrder } from "../stores/deps.ts";

const FAKE = join(import.meta.dirname, "fake-trainer.mjs");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
export const scope: Scope = {
  projectId: "proj_1",
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(["training:read", "training:write"]),
};

/** An item of a chat. */
export const chat = (place: number, more: Partial<Item> = {}): Item => ({
  itemId: `i${place}`,
  inputs: { messages: [{ content: `question ${place}`, role: "user" }] },
  expected: `answer ${place}`,
  metadata: {},
  split: null,
  source: { kind: "manual" },
  ...more,
});

/** A program that answers as `python -m treadle_trainer` would, and trains nothing. */
export async function writeFakePython(folder: string): Promise<string> {
  const path = join(folder, "python");
  await writeFile(path, `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${FAKE}" "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

const timing = {
  lookMs: 20,
  turnMs: 20,
  lostMs: 60_000,
  clusterMs: 20,
  awayMs: 60_000,
  providerMs: 20,
  providerWaitMs: 20,
  providerLostMs: 60_000,
  pauseGraceMs: 20_000,
  cancelGraceMs: 20_000,
  askMs: 60_000,
  estimateMs: 60_000,
};

const JOB_TIMING = { pollMs: 20, firstWaitMs: 20, longestWaitMs: 40, beatMs: 20 };

const keptDatasets = (data: ReadonlyMap<string, readonly Item[]>): TrainingDeps["datasets"] => ({
  listAll: async () => [...data.keys()].map((name) => ({ datasetId: `ds_${name}`, name })),
  async openVersion(_scope, { datasetId, version }) {
    if (version !== "main" && version !== "1") throw notFound("version", version);
    return { manifest: { sha: datasetId, root: "r".repeat(64), rows: 1, chunks: [] } };
  },
  async *readItems(_scope, { sha }) {
    yield* data.get(sha.slice("ds_".length)) ?? [];
  },
});

const keptRegistry = (folder: string, versions: VersionOrder[]): TrainingDeps["registry"] => ({
  async baseFor(_scope, ref) {
    if (ref === "nobody") throw new AppError("not_found", { message: `There is no model "${ref}".` });
    return { path: ref === "gguf" ? null : folder, gguf: join(folder, "base.gguf"), hash: `hash-of-${ref}` };
  },
  async registerVersion(order) {
    if (!versions.some(({ runId }) => runId === order.runId)) versions.push(order);
    return { name: order.name, version: versions.findIndex(({ runId }) => runId === order.runId) + 1 };
  },
});

const noTargets: TrainingDeps["targets"] = {
  async open(_projectId, { name }) {
    throw new AppError("unprocessable", { message: `There is no compute target "${name}" in this project.` });
  },
};

const nothingOutside: Pick<TrainingDeps, "connections" | "outbound"> = {
  connections: { resolve: async () => [] },
  outbound: { request: () => Promise.reject(new Error("nothing is reached here")) },
};

/** The common part of all tests. */
const FIXED = {
  ...nothingOutside,
  targets: noTargets,
  clock: systemClock,
  log: silent,
  timing,
  requestsSoFar: () => 0,
  audit: { record: async () => undefined },
  namesOf: async () => new Map([["user_a", "Ada"]]),
  toolEnvironment: { PATH: process.env.PATH },
  torchIndex: null,
  nice: 0,
} satisfies Partial<TrainingDeps>;

const configWith = (changes: object, behaviour: string) => ({
  name: "tuned",
  base_model: "tiny",
  datasets: [{ ref: "set" }],
  max_steps: 6,
  val: { fraction: 0 },
  eval: { every: 2 },
  save: { every: 2 },
  chat_template: `{# fake:${behaviour} #}`,
  ...changes,
});

type Training = ReturnType<typeof createTraining>;

/** Cancels what runs and waits for its end, so that no process outlives a test. */
async function endAll(training: Training): Promise<void> {
  const active = { search: "", status: "active", limit: 100 } as const;
  for (const { trainingRunId } of (await training.list(scope, active)).items)
    await training.cancel(scope, trainingRunId);
  for (let tries = 0; tries < 500; tries++) {
    if ((await training.list(scope, active)).items.length === 0) return;
    await delay(20);
  }
}

/** Training over data sets in memory, with real processes, files and a real database of jobs. */
export async function openTraining(sets: Readonly<Record<string, readonly Item[]>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "treadle 'training' 100%41 é-"));
  const store = await openTestPostgres();
  await store.db.execute(sql`INSERT INTO projects VALUES ('proj_1', 'Project', false, now())`);
  await store.db.execute(sql`INSERT INTO projects VALUES ('proj_2', 'Other', false, now())`);
  const python = await writeFakePython(folder);
  const objects = await openFolderObjects(join(folder, "objects"));
  const versions: VersionOrder[] = [];
  const data = new Map(Object.entries(sets));
  let more: Partial<TrainingDeps> = {};
  const deps = (jobs: JobsAdapter): TrainingDeps => ({
    db: store.db,
    jobs,
    objects,
    launcher: createLocalLauncher(),
    ...FIXED,
    datasets: keptDatasets(data),
    registry: keptRegistry(folder, versions),
    folder: join(folder, "training"),
    trainerFolder: join(folder, "trainer"),
    pythonPath: python,
    ...more,
  });
  const open = () => {
    const jobs = openJobs({ db: store.db, log: silent, isAlone: true, timing: JOB_TIMING });
    const training = createTraining(deps(jobs));
    jobs.start();
    return { jobs, training };
  };
  let opened = open();
  const reopen = async (changes: Partial<TrainingDeps> = more) => {
    more = changes;
    await opened.jobs.close();
    opened = open();
  };

  async function until(id: string, isSo: (run: TrainingRun) => boolean): Promise<TrainingRun> {
    for (let tries = 0; tries < 3_000; tries++) {
      const run = await opened.training.get(scope, id);
      if (isSo(run)) return run;
      await delay(20);
    }
    throw new Error(`the run did not come so far: ${JSON.stringify(await opened.training.get(scope, id))}`);
  }

  return {
    folder,
    data,
    versions,
    until,
    db: store.db,
    get training() {
      return opened.training;
    },
    get jobs() {
      return opened.jobs;
    },
    /** The server stops and starts again, optionally with changes. Its processes continue. */
    reopen,
    start: (config: object = {}, behaviour = "") =>
      opened.training.start(scope, { config: configWith(config, behaviour) }),
    /** The result of an estimate's job after its end. Null if it failed. */
    async estimated(jobId: string) {
      while (["queued", "running"].includes((await opened.jobs.get(scope, jobId)).status)) await delay(20);
      return (await opened.training.getEstimate(scope, jobId)).estimate;
    },
    ended: (id: string) => until(id, ({ status }) => ENDED_TRAINING.has(status)),
    /** All events of a run. */
    events: async (id: string) => (await opened.training.reads.events(scope, id, { after: 0, limit: 1_000 })).items,
    async close() {
      await endAll(opened.training);
      await opened.jobs.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type OpenTraining = Awaited<ReturnType<typeof openTraining>>;
