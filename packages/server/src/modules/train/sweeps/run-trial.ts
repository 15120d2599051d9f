import { setTimeout as pause } from "node:timers/promises";
import type { SweepTrial, TrainingRun } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { SweepDeps } from "./deps.ts";

const LOOK_MS = 1_000;
const ENDED = new Set<TrainingRun["status"]>(["succeeded", "failed", "cancelled", "paused"]);

type Following = {
  readonly scope: Scope;
  readonly trial: SweepTrial & { readonly trainingRunId: string };
  readonly metric: string;
  /** 1 where less is better, −1 where more is. */
  readonly sign: 1 | -1;
  readonly signal: AbortSignal;
  /** Asked at each new report: why the trial is to be broken off, or null. */
  readonly judge: (trial: SweepTrial) => string | null;
  readonly onChange: (trial: SweepTrial) => Promise<void>;
};

/**
 * Follows the run of a trial until it has ended or falls behind. Throws when this process stops; the run then
 * continues.
 */
export async function followTrial(deps: SweepDeps, following: Following): Promise<SweepTrial> {
  const { scope, metric, sign, signal, judge, onChange } = following;
  const { training } = deps;
  const { trainingRunId } = following.trial;
  let trial: SweepTrial = following.trial;
  while (true) {
    // In this order, because the measurements are complete once the run has ended.
    const run = await training.get(scope, trainingRunId);
    const reports = (await training.measured(scope, { trainingRunId, metric })).map(
      ([step, value]): [number, number] => [step, value],
    );
    if (reports.length > trial.reports.length || run.progress.elapsedSeconds !== trial.seconds) {
      trial = { ...trial, reports, value: bestOf(reports, sign), seconds: run.progress.elapsedSeconds };
      await onChange(trial);
    }
    if (ENDED.has(run.status)) return ended(trial, run, metric);
    const reason = judge(trial);
    if (reason !== null) {
      await training.cancel(scope, trainingRunId);
      return { ...trial, status: "pruned", message: reason };
    }
    await pause(deps.lookMs ?? LOOK_MS, undefined, { signal });
  }
}

function bestOf(reports: readonly (readonly [number, number])[], sign: 1 | -1): number | null {
  const values = reports.map(([, value]) => value);
  if (values.length === 0) return null;
  return sign === 1 ? Math.min(...values) : Math.max(...values);
}

function ended(trial: SweepTrial, run: TrainingRun, metric: string): SweepTrial {
  if (run.status === "succeeded" && trial.value !== null) return { ...trial, status: "done", message: "" };
  if (run.status === "succeeded")
    return {
      ...trial,
      status: "failed",
      message: `No evaluation measured \`${metric}\`. Hold out rows, and evaluate more often than the run has steps.`,
    };
  const message = run.error?.message ?? (run.status === "paused" ? "It was paused." : "It was canceled.");
  return { ...trial, status: "failed", message };
}

/** A user error would recur in every trial, so it ends the search. */
export function refuseUserError(trial: SweepTrial, run: Pick<TrainingRun, "error">): void {
  if (trial.status === "failed" && run.error?.kind === "user" && trial.reports.length === 0)
    throw new AppError("unprocessable", { message: `Trial ${trial.number + 1} cannot run: ${run.error.message}` });
}
