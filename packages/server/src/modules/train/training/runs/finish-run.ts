import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { describeTraining, sourcesWithPrompts } from "../job/describe-training.ts";
import { dropCheckpoints, placeOf } from "../job/run-folder.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { createCheckpointStore } from "../stores/event-store.ts";
import { createRunStore, type RunRow } from "../stores/store.ts";
import { sentenceOf } from "../trainer/ask-trainer.ts";
import { createRunPlaces } from "../trainer/run-place.ts";
import type { Ending } from "./follow-run.ts";
import { judgeEnding } from "./judge-ending.ts";

const LAST_BYTES = 4_000;

/** Writes down how a run ended. A result goes to the registry first; asked again after a crash, it is the same version there. */
export async function finishRun(
  deps: TrainingDeps,
  scope: Scope,
  { row, ending }: { readonly row: RunRow; readonly ending: Ending },
): Promise<RunRow["status"]> {
  const { db, clock } = deps;
  const last = (await readLast(deps, row)).trim().split("\n").at(-1) ?? "";
  const lastLine = last === "" ? "" : sentenceOf(last);
  const { status, message, error } = judgeEnding(ending, { ...row, lastLine });
  const store = createRunStore(db);
  const endedAt = new Date(clock.now());
  if (status !== "saving") {
    await store.update(row.projectId, row.id, { status, message, error, endedAt });
    return status;
  }
  await store.update(row.projectId, row.id, { status, message, error: null });
  const model = row.config.export.register ? await keepResult(deps, scope, row) : null;
  await tidy(deps, row);
  const done = { status: "succeeded" as const, message: "Done", model, endedAt: new Date(clock.now()) };
  await store.update(row.projectId, row.id, done);
  return "succeeded";
}

/** The end of what it printed. A cluster that is away by now holds nothing up. */
async function readLast(deps: TrainingDeps, row: RunRow): Promise<string> {
  try {
    const { launcher } = await createRunPlaces(deps)(row);
    return (await launcher.readLog(placeOf(deps.folder, row), LAST_BYTES)).text;
  } catch (error) {
    if (error instanceof AppError) return "";
    throw error;
  }
}

async function keepResult({ registry, folder: all }: TrainingDeps, scope: Scope, row: RunRow) {
  const { folder } = placeOf(all, row);
  const { name, version } = await registry.registerVersion({
    scope,
    name: row.name,
    runId: row.id,
    baseRef: row.config.base_model,
    baseHash: row.baseHash ?? "",
    sources: sourcesWithPrompts(row),
    folder,
    artifacts: row.artifacts,
    training: await describeTraining(row.config, folder),
    result: row.result,
    evalLoss: lossOf(row),
  });
  return z.object({ name: z.string(), version: z.number() }).parse({ name, version });
}

/** The loss of what became the model, not of a better checkpoint that did not. */
const lossOf = ({ result, progress }: RunRow) =>
  result === null ? (progress.bestEvalLoss ?? progress.evalLoss) : result.evalLoss;

/** A finished run cannot be resumed. Only its best, its newest and its model's checkpoint remain. */
async function tidy({ db, folder }: TrainingDeps, row: RunRow): Promise<void> {
  const rows = await createCheckpointStore(db).list(row.id);
  const [newest] = rows;
  const keep = new Set(rows.filter(({ isBest }) => isBest).map(({ step }) => step));
  if (newest) keep.add(newest.step);
  if (row.result) keep.add(row.result.step);
  await dropCheckpoints(placeOf(folder, row).folder, rows, keep);
}
