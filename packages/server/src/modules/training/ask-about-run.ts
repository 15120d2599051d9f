import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TrainingConfig, TrainingEstimate, TrainingPreview } from "@treadle/contract";
import type { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import { buildJob } from "./build-job.ts";
import { writeData } from "./data/write-data.ts";
import { TRAINING_TIMING, type TrainingDeps } from "./deps.ts";
import { openBase, writeTemplate } from "./prepare-run.ts";
import { estimateRemote } from "./provider/estimate-remote.ts";
import { providerOf } from "./provider/remote-run.ts";
import { calibrationsOf, JOB_FILE, requireSpace } from "./run-folder.ts";
import { threadsFor } from "./run-place.ts";
import { askTrainer } from "./trainer/ask-trainer.ts";
import { requirePython } from "./trainer/find-python.ts";

type Asking = {
  readonly config: TrainingConfig;
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  /** Rows at most, where not all are needed. */
  readonly most?: number;
};

const MOST_PREVIEWED = 5_000;
const asksOf = ({ folder }: TrainingDeps) => join(folder, "asks");

/** What the trainer says of runs that are not started. Nothing of them stays. */
export function createRunQuestions(deps: TrainingDeps) {
  /** Each takes the whole machine for some seconds, so one is asked after the other. */
  let last: Promise<unknown> | undefined;
  function inTurn(scope: Scope, asking: Asking): Promise<object> {
    // What a server that was killed left behind goes first.
    last ??= rm(asksOf(deps), { recursive: true, force: true });
    const turn = last.then(() => ask(deps, scope, asking));
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    /** What a run would take of memory and time here. */
    async estimate(scope: Scope, config: TrainingConfig, signal: AbortSignal): Promise<TrainingEstimate> {
      const launcher = providerOf(config);
      if (launcher !== null) return estimateRemote(deps, scope, { config, launcher, signal });
      const answer = await inTurn(scope, { config, signal, words: ["estimate", JOB_FILE] });
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
          message:
            "A provider makes tokens of the rows itself, so there is nothing to show. The estimate says what can be known.",
        });
      const words = ["preview", JOB_FILE, "--limit", String(limit)];
      const answer = await inTurn(scope, { config, signal, words, most: MOST_PREVIEWED });
      return readAnswer(TrainingPreview, answer);
    },
  };
}

function readAnswer<Answer>(shape: z.ZodType<Answer>, answer: unknown): Answer {
  const { success, data, error } = shape.safeParse(answer);
  if (success) return data;
  const message = "The trainer gave an answer of another shape; it may be of another version. Install it again.";
  throw new AppError("model_failed", { message, cause: error });
}

async function ask(deps: TrainingDeps, scope: Scope, { config, words, signal, most }: Asking): Promise<object> {
  signal.throwIfAborted();
  const python = await requirePython(deps);
  const id = newId("ask", deps.clock.now());
  const folder = join(asksOf(deps), id);
  await mkdir(folder, { recursive: true });
  try {
    await requireSpace(folder, deps.freeBytes);
    const base = await openBase(deps, scope, { ref: config.base_model, signal, onStep: () => undefined });
    const data = await writeData(deps, scope, { config, folder, signal, ...(most !== undefined && { most }) });
    const templateFile = await writeTemplate(config, folder);
    const threads = threadsFor(config);
    const place = { threads, toThere: (path: string) => path };
    const calibrations = calibrationsOf(deps.folder);
    const job = buildJob({ id, folder, config, base, data, templateFile, resumeFrom: null, place, calibrations });
    await deps.launcher.tell({ folder, name: "" }, JOB_FILE, JSON.stringify(job));
    const { askMs: timeoutMs } = deps.timing ?? TRAINING_TIMING;
    const answer = await askTrainer(deps.launcher, { python, words, folder, threads, timeoutMs, signal });
    if (typeof answer !== "object" || answer === null || Array.isArray(answer))
      throw new AppError("model_failed", { message: "The trainer gave an answer that is no object." });
    const { train, val, skipped } = data;
    return { ...answer, rows: { train, val, skipped } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
