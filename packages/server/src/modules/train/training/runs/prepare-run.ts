import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TrainingConfig } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { writeData } from "../data/write-data.ts";
import { buildJob, ownTemplate } from "../job/build-job.ts";
import { calibrationsOf, findWholeCheckpoint, folderOf, JOB_FILE, requireSpace } from "../job/run-folder.ts";
import { type BaseModel, TRAINING_TIMING, type TrainingDeps } from "../stores/deps.ts";
import { createCheckpointStore } from "../stores/event-store.ts";
import { createRunStore, type RunRow } from "../stores/store.ts";
import { askTrainer } from "../trainer/ask-trainer.ts";
import { requirePython } from "../trainer/find-python.ts";
import { type RunPlace, threadsFor } from "../trainer/run-place.ts";

type Preparing = {
  readonly signal: AbortSignal;
  readonly onStep: (message: string) => void;
};

/** Writes all that the trainer reads of a run into its folder: rows, the base model and `job.json`. Rows of an earlier try are taken again. */
export async function prepareRun(
  deps: TrainingDeps,
  scope: Scope,
  preparing: Preparing & { readonly row: RunRow; readonly place: RunPlace },
): Promise<void> {
  const { row, place, signal, onStep } = preparing;
  const folder = folderOf(deps.folder, row.id);
  await mkdir(folder, { recursive: true });
  await requireSpace(deps.folder, deps.freeBytes);
  onStep("Reading the data");
  const data = await dataOf(deps, scope, { row, folder, signal });
  onStep("Finding the base model");
  const base = await openBase(deps, scope, { ...preparing, ref: row.config.base_model });
  if (row.baseHash !== null && row.baseHash !== base.hash)
    throw new AppError("conflict", {
      message: `The base model ${row.config.base_model} has changed since the run started. Start a new run.`,
    });
  const checkpoints = await createCheckpointStore(deps.db).list(row.id);
  const job = buildJob({
    id: row.id,
    folder,
    config: row.config,
    base,
    data,
    place,
    calibrations: calibrationsOf(deps.folder),
    templateFile: await writeTemplate(row.config, folder),
    resumeFrom: await findWholeCheckpoint(folder, checkpoints),
  });
  await deps.launcher.tell({ folder, name: "" }, JOB_FILE, JSON.stringify(job));
  await createRunStore(deps.db).update(scope.projectId, row.id, { data, baseHash: base.hash });
}

async function dataOf(
  deps: TrainingDeps,
  scope: Scope,
  {
    row: { config, data },
    folder,
    signal,
  }: { readonly row: RunRow; readonly folder: string; readonly signal: AbortSignal },
) {
  const isThere = await stat(join(folder, "data", "train.jsonl")).then(
    () => true,
    () => false,
  );
  return data !== null && isThere ? data : writeData(deps, scope, { config, folder, signal });
}

export async function writeTemplate(config: TrainingConfig, folder: string): Promise<string | null> {
  const template = ownTemplate(config);
  if (template === null) return null;
  const path = join(folder, "template.jinja");
  await writeFile(path, template);
  return path;
}

type Opened = BaseModel & { readonly path: string };
export type BaseDeps = Pick<
  TrainingDeps,
  "launcher" | "folder" | "trainerFolder" | "pythonPath" | "onnxPythonPath" | "nice" | "timing"
> & { readonly registry: Pick<TrainingDeps["registry"], "baseFor"> };

/** The base as a Hugging Face folder. A GGUF is read into one when it is first needed, and kept for later runs. */
export async function openBase(
  deps: BaseDeps,
  scope: Scope,
  { ref, signal, onStep }: Preparing & { readonly ref: string },
): Promise<Opened> {
  const base = await deps.registry.baseFor(scope, ref);
  if (base.path !== null) return { ...base, path: base.path };
  if (base.gguf === null)
    throw new AppError("unprocessable", {
      message: `The model "${ref}" has no weights for training. Import it as safetensors or GGUF.`,
      details: { param: "base_model" },
    });
  const folder = join(deps.folder, "bases", base.hash);
  if (
    !(await stat(join(folder, "config.json")).then(
      () => true,
      () => false,
    ))
  ) {
    const python = await requirePython(deps);
    onStep("Converting the base model from its GGUF (only once)");
    await mkdir(join(deps.folder, "bases"), { recursive: true });
    const words = ["import-base", "--gguf", base.gguf, "--out", folder];
    const { askMs } = deps.timing ?? TRAINING_TIMING;
    await askTrainer(deps.launcher, {
      python,
      words,
      folder: deps.folder,
      threads: threadsFor({ threads: null }),
      nice: deps.nice,
      timeoutMs: askMs,
      signal,
    });
  }
  return { ...base, path: folder };
}
