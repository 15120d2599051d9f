import { ENDED_TRAINING, type TrainingProgress, type TrainingRun } from "@treadle/contract";
import { providerOf } from "../provider/remote-run.ts";
import type { RunRow } from "../stores/store.ts";

export const NO_PROGRESS: TrainingProgress = {
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

type Around = { readonly names: ReadonlyMap<string, string>; readonly waiting: readonly string[] };

/** A run as people see it. */
export function presentRun(row: RunRow, { names, waiting }: Around): TrainingRun {
  const { id, config, baseHash, projectId: _, cursor: __, lastSeq: ___, artifacts: ____, wire: _____, ...rest } = row;
  const { requestId: ______, queuedAt: _______, remote: ________, ...shown } = rest;
  const place = row.status === "queued" ? waiting.indexOf(id) : -1;
  const blocked = blockedReason(row);
  return {
    ...shown,
    // A run of an older version has not all of them.
    progress: { ...NO_PROGRESS, ...row.progress },
    trainingRunId: id,
    config,
    base: { ref: config.base_model, hash: baseHash },
    remote: remoteOf(row),
    costUsd: costOf(row),
    queuePosition: place < 0 ? null : place + 1,
    canResume: blocked === null,
    resumeBlockedReason: blocked,
    createdBy: names.get(row.createdBy) ?? row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

function remoteOf({ config, remote }: RunRow): TrainingRun["remote"] {
  const launcher = providerOf(config);
  if (launcher === null) return null;
  return { connection: launcher.connection, jobId: remote?.jobId ?? null, model: remote?.model ?? null };
}

const MILLION = 1e6;

/** In US dollars. Null without a price, or before the provider has reported the trained tokens. */
function costOf({ config, progress: { trainedTokens } }: RunRow): number | null {
  const price = providerOf(config)?.price_per_million_tokens ?? null;
  return price === null || trainedTokens === null ? null : (trainedTokens * price) / MILLION;
}

/** Why a run cannot be resumed; null when it can. */
export function blockedReason({ status }: Pick<RunRow, "status">): string | null {
  if (!ENDED_TRAINING.has(status)) return "The run is still in progress.";
  return status === "succeeded" ? "The run has finished with a model. Start a new run." : null;
}
