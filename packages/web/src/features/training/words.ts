import { formatCompact, formatDuration, formatNumberOf } from "../../components/format.ts";
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

/** A loss with as many digits as tell two apart. */
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
  completed: "It made every step.",
  user: "It was stopped by hand, and saved what it had learnt.",
  budget: "It stopped because its budget was spent, and saved what it had learnt.",
  signal: "It was stopped from outside, and saved what it had learnt.",
  early_stopping: "It stopped early: the evaluation loss no longer fell.",
  non_finite_loss: "It stopped because the loss was no number any more. Try a lower learning rate.",
};
export const reasonWords = (reason: Run["stopReason"]): string => (reason === null ? "" : REASONS[reason]);

/** What a run learns from, in a line. */
export function dataWords({ data, config }: Run): string {
  const names = config.datasets.map(({ ref }) => ref).join(", ");
  if (!data) return names;
  const held = data.val > 0 ? `, ${formatNumberOf(data.val, "row")} held out` : "";
  return `${names}: ${formatNumberOf(data.train, "row")}${held}`;
}

/** What is left, or how long it took. */
export function timeWords({ status, progress, startedAt, endedAt }: Run): string {
  if (status === "running" && progress.etaSeconds !== null)
    return `about ${formatDuration(progress.etaSeconds * 1_000)} left`;
  if (startedAt && endedAt) return formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
  return progress.elapsedSeconds === null ? "–" : formatDuration(progress.elapsedSeconds * 1_000);
}
