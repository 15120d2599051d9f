import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { TrainingConfig } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { writeData } from "../data/write-data.ts";
import { folderOf, requireSpace } from "../job/run-folder.ts";
import { type Remote, TRAINING_TIMING, type TrainingDeps } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/store.ts";
import { withBackoff } from "./backoff.ts";
import type { ProviderClient } from "./provider-client.ts";
import { modelOf, newRemote, providerOf } from "./remote-run.ts";
import { rowForProvider } from "./row-for-provider.ts";

/** The maximum that providers accept. */
const MOST_BYTES = 512 * 1024 * 1024;
/** How providers that look at a file before it can be used say that they do. */
const LOOKING: ReadonlySet<unknown> = new Set(["pending", "running", "processing", "uploading"]);
const REFUSED: ReadonlySet<unknown> = new Set(["error", "failed"]);

type Beginning = {
  readonly row: RunRow;
  readonly client: ProviderClient;
  readonly signal: AbortSignal;
  readonly onStep: (message: string) => void;
};

/**
 * Sends the rows and creates a job, once. Each step is recorded before the next starts. A job that may exist without a
 * received name is looked up before another one is requested.
 */
export async function beginRemote(deps: TrainingDeps, scope: Scope, beginning: Beginning): Promise<void> {
  const { row, client, signal, onStep } = beginning;
  const timing = deps.timing ?? TRAINING_TIMING;
  const patience = { signal, firstMs: timing.providerWaitMs, onWait: onStep };
  let remote: Remote = row.remote ?? newRemote(row.attempt);
  const save = async (changes: Partial<Remote>) => {
    remote = { ...remote, ...changes };
    await createRunStore(deps.db).update(scope.projectId, row.id, { remote });
  };
  async function send(side: "train" | "val"): Promise<string> {
    const content = await contentOf(deps, row, side);
    onStep(`Sending ${side === "train" ? "the rows" : "the held-out rows"} (${Math.ceil(content.length / 1_000)} kB)`);
    const name = `${row.id}-${remote.attempt}-${side}.jsonl`;
    const { id } = await withBackoff(() => client.upload(name, content), patience);
    return id;
  }

  const rows = await rowsOf(deps, scope, beginning);
  const trainingFile = remote.trainingFile ?? (await send("train"));
  await save({ trainingFile });
  if (rows.val > 0 && remote.validationFile === null) await save({ validationFile: await send("val") });
  onStep("The provider is checking the files");
  for (const id of [trainingFile, remote.validationFile])
    if (id !== null) await waitForFile(client, id, { ...patience, pollMs: timing.providerMs });
  onStep("Creating the job at the provider");
  const metadata = { treadle_run: row.id, treadle_attempt: String(remote.attempt) };
  const job = await withBackoff(async () => {
    const remoteJob = remote.isAsked ? await client.find({ metadata, trainingFile }) : null;
    if (remoteJob !== null) return remoteJob;
    await save({ isAsked: true });
    return client.create(jobOf(row.config, { trainingFile, validationFile: remote.validationFile, metadata }));
  }, patience);
  await save({ jobId: job.id });
}

/** Writes the rows in OpenAI's format, or takes those that an earlier try wrote. */
async function rowsOf(deps: TrainingDeps, scope: Scope, { row, signal, onStep }: Beginning) {
  const folder = folderOf(deps.folder, row.id);
  await mkdir(folder, { recursive: true });
  const isThere = await stat(join(folder, "data", "train.jsonl")).then(
    () => true,
    () => false,
  );
  if (row.data !== null && isThere) return row.data;
  onStep("Reading the data");
  await requireSpace(deps.folder, deps.freeBytes);
  const data = await writeData(deps, scope, { config: row.config, folder, signal, rowOf: rowForProvider });
  await createRunStore(deps.db).update(scope.projectId, row.id, { data });
  return data;
}

async function contentOf({ folder }: TrainingDeps, { id }: RunRow, side: "train" | "val"): Promise<Buffer> {
  const path = join(folderOf(folder, id), "data", `${side}.jsonl`);
  const { size } = await stat(path);
  if (size <= MOST_BYTES) return readFile(path);
  throw new AppError("unprocessable", {
    message: `The rows are ${Math.ceil(size / 1e6)} MB, but a provider accepts at most ${Math.floor(MOST_BYTES / 1e6)} MB. Train on a split, or on a smaller version.`,
    details: { param: "datasets" },
  });
}

type Waiting = Parameters<typeof withBackoff>[1] & { readonly pollMs: number };

async function waitForFile(client: ProviderClient, id: string, { pollMs, ...patience }: Waiting): Promise<void> {
  for (;;) {
    const { status, status_details: why } = await withBackoff(() => client.file(id), patience);
    if (REFUSED.has(status))
      throw new AppError("unprocessable", {
        message: `The provider rejects the file ${id}: ${why || "it gives no reason"}.`,
        details: { param: "datasets" },
      });
    if (!LOOKING.has(status)) return;
    await delay(pollMs, undefined, { signal: patience.signal });
  }
}

type Files = {
  readonly trainingFile: string;
  readonly validationFile: string | null;
  readonly metadata: Readonly<Record<string, string>>;
};

/** The job in OpenAI's words. */
function jobOf(config: TrainingConfig, { trainingFile, validationFile, metadata }: Files): object {
  const launcher = providerOf(config);
  const hyperparameters = {
    n_epochs: config.num_epochs ?? "auto",
    batch_size: launcher?.batch_size ?? "auto",
    learning_rate_multiplier: launcher?.learning_rate_multiplier ?? "auto",
    ...(config.method === "dpo" && { beta: config.beta }),
  };
  const type = config.method === "dpo" ? "dpo" : "supervised";
  return {
    model: modelOf(config),
    training_file: trainingFile,
    seed: config.seed,
    metadata,
    ...(validationFile !== null && { validation_file: validationFile }),
    ...(launcher?.suffix && { suffix: launcher.suffix }),
    method: { type, [type]: { hyperparameters } },
  };
}
