import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TrainingConfig, TrainingEstimate, TrainingPreview } from "@treadle/contract";
import type { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import { writeData } from "../data/write-data.ts";
import { buildJob } from "../job/build-job.ts";
import { calibrationsOf, JOB_FILE, requireSpace } from "../job/run-folder.ts";
import { estimateRemote } from "../provider/estimate-remote.ts";
import { providerOf } from "../provider/remote-run.ts";
import { TRAINING_TIMING, type TrainingDeps } from "../stores/deps.ts";
import { askTrainer } from "../trainer/ask-trainer.ts";
import { requirePython } from "../trainer/find-python.ts";
import { readProgress } from "../trainer/read-progress.ts";
import { threadsFor } from "../trainer/run-place.ts";
import { openBase, writeTemplate } from "./prepare-run.ts";

type Report = JobRun<unknown, unknown>["report"];
type Asking = {
  readonly config: TrainingConfig;
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Receives the current step and its progress. */
  readonly report?: Report | undefined;
  /** Rows at most, where not all are needed. */
  readonly most?: number;
};

const MOST_PREVIEWED = 5_000;
const asksOf = ({ folder }: TrainingDeps) => join(folder, "asks");

/** The trainer's information about runs that are not started. Nothing is stored. */
export function createRunQuestions(deps: TrainingDeps) {
  /** Each uses the whole machine for several seconds, so they run one after another. */
  let last: Promise<unknown> | undefined;
  const { askMs, estimateMs } = deps.timing ?? TRAINING_TIMING;
  function inTurn(scope: Scope, asking: Asking): Promise<object> {
    asking.report?.({ message: "Waiting until the trainer is free" });
    // Files of a killed server are removed first.
    last ??= rm(asksOf(deps), { recursive: true, force: true });
    const turn = last.then(() => ask(deps, scope, asking));
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    /** The estimated memory and time of a run here. It takes minutes for a model that was not measured before. */
    async estimate(
      scope: Scope,
      config: TrainingConfig,
      { signal, report }: { readonly signal: AbortSignal; readonly report: Report },
    ): Promise<TrainingEstimate> {
      const launcher = providerOf(config);
      if (launcher !== null) return estimateRemote(deps, scope, { config, launcher, signal });
      const answer = await inTurn(scope, {
        config,
        signal,
        report,
        timeoutMs: estimateMs,
        words: ["estimate", JOB_FILE],
      });
      return readAnswer(TrainingEstimate, answer);
    },
    /** The first rows as tokens. */
    async preview(
      scope: Scope,
      config: TrainingConfig,
      { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
    ): Promise<TrainingPreview> {
      if (providerOf(config) !== null)
        throw new AppError("unprocessable", {
          message: "The provider tokenizes the rows itself, so there is no preview. See the estimate instead.",
        });
      const words = ["preview", JOB_FILE, "--limit", String(limit)];
      const answer = await inTurn(scope, { config, signal, words, timeoutMs: askMs, most: MOST_PREVIEWED });
      return readAnswer(TrainingPreview, answer);
    },
  };
}

export type RunQuestions = ReturnType<typeof createRunQuestions>;

function readAnswer<Answer>(shape: z.ZodType<Answer>, answer: unknown): Answer {
  const { success, data, error } = shape.safeParse(answer);
  if (success) return data;
  const message = "The trainer returned an unexpected result. It may be another version. Install it again.";
  throw new AppError("model_failed", { message, cause: error });
}

async function ask(deps: TrainingDeps, scope: Scope, asking: Asking): Promise<object> {
  const { config, words, signal, timeoutMs, most, report } = asking;
  signal.throwIfAborted();
  const python = await requirePython(deps);
  const id = newId("ask", deps.clock.now());
  const folder = join(asksOf(deps), id);
  await mkdir(folder, { recursive: true });
  try {
    await requireSpace(folder, deps.freeBytes);
    const onStep = (message: string) => report?.({ message });
    onStep("Looking for the base model");
    const base = await openBase(deps, scope, { ref: config.base_model, signal, onStep });
    onStep("Reading the data");
    const data = await writeData(deps, scope, { config, folder, signal, ...(most !== undefined && { most }) });
    const templateFile = await writeTemplate(config, folder);
    const threads = threadsFor(config);
    const place = { threads, toThere: (path: string) => path };
    const calibrations = calibrationsOf(deps.folder);
    const job = buildJob({ id, folder, config, base, data, templateFile, resumeFrom: null, place, calibrations });
    await deps.launcher.tell({ folder, name: "" }, JOB_FILE, JSON.stringify(job));
    onStep("Starting the trainer");
    const onLine = (line: string) => {
      const progress = readProgress(line);
      if (progress) report?.({ ...progress, total: progress.total || null });
    };
    const order = { python, words, folder, threads, nice: deps.nice };
    const answer = await askTrainer(deps.launcher, { ...order, timeoutMs, signal, onLine });
    if (typeof answer !== "object" || answer === null || Array.isArray(answer))
      throw new AppError("model_failed", { message: "The trainer returned a result that is not a JSON object." });
    const { train, val, skipped } = data;
    return { ...answer, rows: { train, val, skipped } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
