import { setTimeout as delay } from "node:timers/promises";
import type { Answer, Client } from "@treadle/sdk";
import { wrapWords } from "../shared/wrap-words.ts";

export type TrainingRun = Answer<"GET /api/v1/training-runs/:trainingRunId">;

const POLL_MS = 700;
const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled", "paused"]);
/** The exit code of a program that an interrupt ended. */
const INTERRUPTED = 130;

/** Shows how far a run is on standard error until it has ended. An interrupt leaves the run alone: it trains on the server. */
export async function followTraining(client: Client, started: TrainingRun, { isQuiet }: { isQuiet: boolean }) {
  const params = { trainingRunId: started.trainingRunId };
  const leave = () => {
    process.stderr.write(
      `treadle: the run continues. Follow it with \`treadle train show ${params.trainingRunId}\`, end it with \`treadle train stop\`.\n`,
    );
    process.exit(INTERRUPTED);
  };
  process.once("SIGINT", leave);
  let last = "";
  try {
    for (let run = started; ; run = await client.call("GET /api/v1/training-runs/:trainingRunId", { params })) {
      const line = progressLine(run);
      if (!isQuiet && line !== last) process.stderr.write(`${line}\n`);
      last = line;
      if (ENDED.has(run.status)) return run;
      await delay(POLL_MS);
    }
  } finally {
    process.removeListener("SIGINT", leave);
  }
}

/** Such as `step 20 of 60, loss 2.31, 88 tokens/s, 4 min left`. */
export function progressLine({ status, message, queuePosition, progress }: TrainingRun): string {
  if (status === "queued") return `${message}${queuePosition === null ? "" : `, place ${queuePosition}`}`;
  const { step, totalSteps, loss, evalLoss, tokensPerSecond, etaSeconds } = progress;
  // An evaluation takes minutes with a large model, also before the first step: the message says how far it is.
  if (status !== "running" || step === null || (progress.evalBatches != null && message !== "")) return message;
  const parts = [
    `step ${step}${totalSteps === null ? "" : ` of ${totalSteps}`}`,
    loss === null ? "" : `loss ${loss.toFixed(3)}`,
    evalLoss === null ? "" : `held-out loss ${evalLoss.toFixed(3)}`,
    tokensPerSecond === null ? "" : `${Math.round(tokensPerSecond)} tokens/s`,
    etaSeconds === null ? "" : `${inLength(etaSeconds)} left`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

export const inLength = (seconds: number) =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5_400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3_600).toFixed(1)} h`;

/** Such as `20 of 60, 4 min left`: a list has less room. */
export function shortProgress(run: TrainingRun): string {
  const { step, totalSteps, etaSeconds } = run.progress;
  if (run.status !== "running" || step === null) return progressLine(run);
  const left = etaSeconds === null ? "" : `, ${inLength(etaSeconds)} left`;
  return `${step}${totalSteps === null ? "" : ` of ${totalSteps}`}${left}`;
}

/** Text after the first word of a run's line is aligned with the text of the other lines. */
const IN = " ".repeat(10);

/** Rows that the trainer kept, where it has told that, and why there are not more. */
function rowWords({ train, val, skipped, kept }: NonNullable<TrainingRun["data"]>): string {
  const leftOut = kept ? train + val - kept.train - kept.val : 0;
  return [
    `${kept?.train ?? train} to train on, ${kept?.val ?? val} held out`,
    skipped > 0 && `${skipped} skipped`,
    leftOut > 0 && `${leftOut} left out by the trainer`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** All that is known of a run, in lines. */
export function showTraining(run: TrainingRun): string {
  const { data, progress, error, model, result, warnings } = run;
  const lines: (string | null)[] = [
    `${run.trainingRunId}  ${run.name}  ${run.status}`,
    `base      ${run.base.ref}, ${run.config.method}, ${run.config.adapter === "lora" ? `LoRA of rank ${run.config.lora.r}` : "all weights"}`,
    data && `rows      ${rowWords(data)}`,
    progress.step === null ? null : `progress  ${wrapWords(progressLine({ ...run, status: "running" }), IN)}`,
    progress.bestEvalLoss === null
      ? null
      : `best      held-out loss ${progress.bestEvalLoss.toFixed(4)} at step ${progress.bestStep}`,
    run.stopReason && run.stopReason !== "completed" && `ended     ${run.stopReason}`,
    model && `model     ${model.name}@${model.version}`,
    result &&
      `result    the ${result.from} checkpoint, from step ${result.step}${result.evalLoss === null ? "" : `, held-out loss ${result.evalLoss.toFixed(4)}`}`,
    error && `error     ${wrapWords(error.message, IN)}\n${IN}${wrapWords(error.whatToDo, IN)}`,
    ...warnings.map((warning) => `warning   ${wrapWords(warning, IN)}`),
  ].map((line) => line || null);
  return lines.filter((line) => line !== null).join("\n");
}
