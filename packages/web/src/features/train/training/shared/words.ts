import { formatCompact, formatDuration, formatNumberOf } from "../../../../components/text/format.ts";
import type { Run } from "./use-training.ts";

const METHODS: Readonly<Record<Run["config"]["method"], string>> = {
  sft: "SFT",
  dpo: "DPO",
  kto: "KTO",
  reward: "Reward model",
};

/** `SFT, LoRA r 16`. */
export function methodWords({ method, adapter, lora, launcher }: Run["config"]): string {
  if (launcher.type === "provider") return METHODS[method];
  return `${METHODS[method]}, ${adapter === "lora" ? `LoRA r ${lora.r}` : "all weights"}`;
}

/** Where a run trains; empty for this machine in one process. */
export function placeWords({ launcher }: Run["config"]): string {
  if (launcher.type === "local") return "";
  if (launcher.type === "provider") return `at ${launcher.connection}`;
  return launcher.type === "torchrun" ? `in ${launcher.processes} processes` : `at ${launcher.target}`;
}

/** A loss with enough digits to distinguish close values. */
export const formatLoss = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? "–"
    : value >= 100 || value === 0
      ? value.toFixed(0)
      : value.toFixed(value < 0.01 ? 5 : 3);

/** A number of a curve: small ones such as learning rates in powers of ten. */
export function formatPoint(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.001) return value.toExponential(2);
  return size >= 1_000 ? formatCompact(value) : String(Number(value.toPrecision(4)));
}

const REASONS: Readonly<Record<NonNullable<Run["stopReason"]>, string>> = {
  completed: "The run completed all steps.",
  user: "You or another user stopped the run.",
  budget: "The run stopped because its budget was used up.",
  signal: "The run was stopped by the system and saved its progress.",
  early_stopping: "The run stopped early because the evaluation loss stopped improving.",
  non_finite_loss: "The run stopped because the loss was not a finite number. Try a lower learning rate.",
};
export const reasonWords = (reason: Run["stopReason"]): string => (reason === null ? "" : REASONS[reason]);

/** Which step became the model; empty if it was not recorded. */
export function resultWords({ result }: Pick<Run, "result">): string {
  if (!result) return "";
  const loss = result.evalLoss === null ? "" : ` with an evaluation loss of ${formatLoss(result.evalLoss)}`;
  return `The model is the ${result.from} checkpoint, from step ${result.step}${loss}.`;
}

/** Rows for training and evaluation: the rows that the trainer used, if it reported them. */
export const keptRows = ({ kept, train, val }: NonNullable<Run["data"]>): readonly [train: number, val: number] => [
  kept?.train ?? train,
  kept?.val ?? val,
];

/** The data of a run in one line. */
export function dataWords({ data, config }: Run): string {
  const names = config.datasets.map(({ ref }) => ref).join(", ");
  if (!data) return names;
  const [train, val] = keptRows(data);
  const held = val > 0 ? `, ${formatNumberOf(val, "row")} for evaluation` : "";
  const leftOut = data.train + data.val - train - val;
  const filtered = leftOut > 0 ? `, ${formatNumberOf(leftOut, "row")} skipped by the trainer` : "";
  return `${names}: ${formatNumberOf(train, "row")}${held}${filtered}`;
}

/** The remaining time, or how long the run took. */
export function timeWords({ status, progress, startedAt, endedAt }: Run): string {
  if (status === "running" && progress.etaSeconds !== null)
    return `about ${formatDuration(progress.etaSeconds * 1_000)} left`;
  if (startedAt && endedAt) return formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
  return progress.elapsedSeconds === null ? "–" : formatDuration(progress.elapsedSeconds * 1_000);
}
