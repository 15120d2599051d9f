import type { TrainingConfig } from "@treadle/contract";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { openSource } from "../data/open-source.ts";
import { providerOf } from "../provider/remote-run.ts";
import { requireConnection } from "../provider/require-connection.ts";
import type { TrainingDeps, WireRequest } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/store.ts";
import { requirePython } from "../trainer/find-python.ts";
import { createRunPlaces } from "../trainer/run-place.ts";
import { NO_PROGRESS } from "./present.ts";
import { trainingJob } from "./run-training.ts";

type Start = {
  readonly config: TrainingConfig;
  /** Asked twice with the same one, the same run is given. */
  readonly requestId: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly wire?: WireRequest;
};

/** Queues a run. Throws if there is no trainer, base model or data, before anything is computed. */
export async function startRun(deps: TrainingDeps, scope: Scope, start: Start): Promise<RunRow> {
  const { config, requestId } = start;
  const known = requestId === null ? undefined : await createRunStore(deps.db).findRequest(scope.projectId, requestId);
  if (known) return known;
  await requireParts(deps, scope, config);
  const row = rowOf(deps, scope, start);
  try {
    return await insert(deps, scope, row);
  } catch (error) {
    // A concurrent request with the same key was first.
    const first =
      requestId === null ? undefined : await createRunStore(deps.db).findRequest(scope.projectId, requestId);
    if (first) return first;
    throw error;
  }
}

/** Throws when there is no trainer, no such place, no such base model or no such data. */
export async function requireParts(deps: TrainingDeps, scope: Scope, config: TrainingConfig): Promise<void> {
  await requirePlace(deps, scope, config);
  for (const { ref } of config.datasets) await openSource(deps, scope, ref);
}

/** Throws when the place to train at is not there, or does not see what it would have to. */
async function requirePlace(deps: TrainingDeps, scope: Scope, config: TrainingConfig): Promise<void> {
  const provider = providerOf(config);
  if (provider !== null) return void (await requireConnection(deps, scope.projectId, provider.connection));
  const place = await createRunPlaces(deps)({ projectId: scope.projectId, config });
  if (place.isHere) await requirePython(deps);
  const base = await deps.registry.baseFor(scope, config.base_model);
  // A base that must first be read from a GGUF is read on this machine.
  if (base.path === null) await requirePython(deps);
  for (const path of [deps.folder, base.path ?? deps.folder]) place.toThere(path);
}

async function insert({ db, jobs, audit }: TrainingDeps, scope: Scope, row: RunRow): Promise<RunRow> {
  return db.transaction(async (tx) => {
    const jobId = await jobs.send(tx, scope, orderOf(row));
    const queued = { ...row, jobId };
    await createRunStore(tx).create(queued);
    const details = { name: row.name, base: row.config.base_model, method: row.config.method, jobId };
    await audit.record(scope, { action: "training.start", target: row.id, details }, tx);
    return queued;
  });
}

export const orderOf = ({ id, name, attempt }: Pick<RunRow, "id" | "name" | "attempt">) => ({
  kind: trainingJob,
  payload: { trainingRunId: id, attempt },
  subject: id,
  title: `Train ${name}`.slice(0, 200),
});

function rowOf({ clock }: TrainingDeps, scope: Scope, { config, requestId, metadata = {}, wire }: Start): RunRow {
  const now = clock.now();
  const at = new Date(now);
  return {
    id: newId("ftjob", now),
    projectId: scope.projectId,
    name: nameOf(config),
    config,
    requestId,
    status: "queued",
    message: "Waiting in the queue",
    wanted: "run",
    attempt: 1,
    cursor: 0,
    lastSeq: 0,
    baseHash: null,
    data: null,
    progress: NO_PROGRESS,
    stopReason: null,
    error: null,
    warnings: [],
    wantedResult: null,
    result: null,
    artifacts: [],
    model: null,
    metadata: { ...metadata },
    wire: wire ?? null,
    remote: null,
    jobId: null,
    createdBy: scope.actor,
    createdAt: at,
    queuedAt: at,
    startedAt: null,
    endedAt: null,
  };
}

/** For example `smollm2-135m-instruct-support`. */
function nameOf({ name, base_model, datasets: [first] }: TrainingConfig): string {
  if (name !== undefined) return name;
  const base = base_model.replace(/^registry:\/\//, "").replace(/@[^@]*$/, "");
  const data = (first?.ref ?? "").replace(/^(dataset|file):\/\//, "").replace(/@[^@]*$/, "");
  return slugOf(`${base}-${data}`);
}

export const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[^a-z0-9]+|-+$/g, "")
    .slice(0, 100) || "model";
