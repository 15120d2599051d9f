import type { OffPolicyInput, Replay, ReplayInput } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { estimateReplay } from "./estimate-replay.ts";
import { estimateOffPolicy } from "./off-policy/estimate-off-policy.ts";
import { toReplay } from "./present.ts";
import { createPrepareReplay, replayJob } from "./run/prepare-replay.ts";
import type { ReplayDeps } from "./stores/deps.ts";
import { createReplayStore, type ReplayRow } from "./stores/replay-store.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** Recorded traffic that candidates answer again, as an experiment. */
export function createReplays(deps: ReplayDeps) {
  deps.jobs.register(replayJob, createPrepareReplay(deps));
  const { list, get } = createReads(deps);

  return {
    list,
    get,
    async create(scope: Scope, input: ReplayInput, signal: AbortSignal): Promise<Replay> {
      checkPermissions(scope);
      checkRead(scope, input);
      await checkInput(deps, scope, { input, signal });
      return get(scope, await createOne(deps, scope, input));
    },

    estimate: (scope: Scope, input: ReplayInput, signal: AbortSignal) => {
      checkRead(scope, input);
      return estimateReplay(deps, scope, { input, signal });
    },

    offPolicy: (scope: Scope, input: OffPolicyInput, signal: AbortSignal) =>
      estimateOffPolicy(deps, scope, { input, signal }),
  };
}
export type Replays = ReturnType<typeof createReplays>;

function createReads(deps: ReplayDeps) {
  const store = createReplayStore(deps.db);
  const present = createPresent(deps);
  return {
    async get(scope: Scope, replayId: string): Promise<Replay> {
      const row = await store.find(scope.projectId, replayId);
      if (!row) throw notFound("replay", replayId);
      return present(scope, row);
    },

    async list(scope: Scope, { limit, cursor }: Page) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, { limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: await Promise.all(page.items.map((row) => present(scope, row))) };
    },
  };
}

/** A replay reads traces, writes a dataset and calls models. */
function checkPermissions({ permissions }: Scope): void {
  for (const needed of ["traces:read", "traces:content", "datasets:write", "gateway:use"] as const)
    if (!permissions.has(needed))
      throw new AppError("forbidden", { message: `A replay needs the permission \`${needed}\` too.` });
}

function checkRead({ permissions }: Scope, { source }: ReplayInput): void {
  const needed = source.kind === "dataset" ? "datasets:read" : "traces:read";
  if (!permissions.has(needed))
    throw new AppError("forbidden", {
      message: `To read the recordings, a replay needs the permission \`${needed}\` too.`,
    });
}

type Work = { readonly input: ReplayInput; readonly signal: AbortSignal };

/** What would fail later fails now: the candidates, the scorers, and a source without a recorded call. */
async function checkInput(deps: ReplayDeps, scope: Scope, work: Work): Promise<void> {
  const { source } = work.input;
  const small = source.kind === "dataset" ? source : { ...source, size: Math.min(source.size, CHECKED) };
  await estimateReplay(deps, scope, { ...work, input: { ...work.input, source: small } });
}

/** So many recordings are tried with the candidates before the replay begins. */
const CHECKED = 20;

/** Writes the replay and its job down, with an empty dataset for the recordings. Gives its id. */
async function createOne(deps: ReplayDeps, scope: Scope, input: ReplayInput): Promise<string> {
  const { db, jobs, audit, clock } = deps;
  const id = newId("rpl", clock.now());
  const datasetId =
    input.source.kind === "dataset" ? input.source.datasetId : await createDataset(deps, scope, { id, input });
  await db.transaction(async (tx) => {
    const order = { kind: replayJob, payload: { replayId: id }, title: `Replay ${input.name}`, subject: id };
    const jobId = await jobs.send(tx, scope, order);
    await createReplayStore(tx).create({
      id,
      projectId: scope.projectId,
      name: input.name,
      input,
      state: "preparing",
      error: null,
      datasetId,
      datasetVersion: null,
      baselineRunId: null,
      experimentId: null,
      recorded: null,
      jobId,
      createdBy: scope.actor,
      createdAt: new Date(clock.now()),
      endedAt: null,
    });
    const details = { name: input.name, datasetId, candidates: input.candidates.length, budget: input.budget, jobId };
    await audit.record(scope, { action: "replay.create", target: id, details }, tx);
  });
  return id;
}

async function createDataset(
  { datasets }: ReplayDeps,
  scope: Scope,
  { id, input }: { readonly id: string; readonly input: ReplayInput },
): Promise<string> {
  const { datasetId } = await datasets.list.create(scope, {
    name: `${input.name.slice(0, 80)} (${id})`,
    description: "Recorded calls of a replay.",
    isEvaluation: true,
    schema: { inputs: null, expected: null, metadata: null },
  });
  return datasetId;
}

/** A replay as it is now. The end of a failed preparation is recorded when it is first read. */
function createPresent({ db, jobs, clock, experiments: { experiments, replayed } }: ReplayDeps) {
  const store = createReplayStore(db);

  async function settle(scope: Scope, row: ReplayRow): Promise<ReplayRow> {
    if (row.state !== "preparing") return row;
    const job = await orNull(jobs.get(scope, row.jobId));
    if (job && job.status !== "failed" && job.status !== "cancelled") return row;
    const state = job?.status === "cancelled" ? ("cancelled" as const) : ("failed" as const);
    const error = state === "cancelled" ? null : (job?.error?.message ?? "The job of the replay no longer exists.");
    const changes = { state, error, endedAt: new Date(clock.now()) };
    await store.update(scope.projectId, row.id, changes);
    return { ...row, ...changes };
  }

  return async (scope: Scope, found: ReplayRow): Promise<Replay> => {
    const row = await settle(scope, found);
    const experiment = row.experimentId === null ? null : await orNull(experiments.get(scope, row.experimentId));
    const counts = await replayed.count((experiment?.runs ?? []).map(({ runId }) => runId));
    return toReplay(row, { experiment, counts });
  };
}

/** Null for what was deleted. */
async function orNull<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
