import { join } from "node:path";
import { NAMED_TEMPLATES, type TrainingConfig, type TrainingData } from "@treadle/contract";

type Parts = {
  readonly id: string;
  readonly folder: string;
  readonly config: TrainingConfig;
  readonly base: { readonly path: string; readonly gguf: string | null; readonly hash: string };
  readonly data: Pick<TrainingData, "format" | "val">;
  /** A Jinja template that was written into the folder, where the configuration brings one. */
  readonly templateFile: string | null;
  readonly resumeFrom: string | null;
  /** Where it trains: its words for paths, and the threads it has. */
  readonly place: { readonly threads: number; readonly toThere: (path: string) => string };
  /** The trainer's file with the speed of this machine. */
  readonly calibrations: string;
};

/** Where the usual advice for a method begins: adapters want about ten times the rate of whole models. */
const RATES: Readonly<Record<TrainingConfig["method"], { lora: number; none: number }>> = {
  sft: { lora: 2e-4, none: 2e-5 },
  dpo: { lora: 5e-6, none: 5e-7 },
  kto: { lora: 5e-6, none: 1e-6 },
  reward: { lora: 1e-4, none: 1e-5 },
};

/** The learning rate that `auto` takes. */
export const usualRate = ({ method, adapter }: Pick<TrainingConfig, "method" | "adapter">): number =>
  RATES[method][adapter];

/** The Jinja text of a configuration with a custom template. Null if it names one. */
export const ownTemplate = ({ chat_template }: TrainingConfig): string | null =>
  NAMED_TEMPLATES.some((name) => name === chat_template) ? null : chat_template;

const orNull = (path: string | null, toThere: (path: string) => string) => (path === null ? null : toThere(path));

/** The content of `job.json`: the configuration with all values fixed, and absolute paths. */
export function buildJob(parts: Parts): object {
  const { id, folder, config, base, data, templateFile, resumeFrom, place, calibrations } = parts;
  const { toThere } = place;
  const { name: _, datasets: __, base_model: ___, val: ____, on_bad_rows: _____, launcher: ______, ...rest } = config;
  const { num_epochs, max_steps, learning_rate, eval: evaluation } = config;
  return {
    v: 1,
    job: id,
    ...rest,
    base: { path: toThere(base.path), gguf: orNull(base.gguf, toThere), hash: base.hash },
    data: {
      train: toThere(join(folder, "data", "train.jsonl")),
      val: data.val > 0 ? toThere(join(folder, "data", "val.jsonl")) : null,
      format: data.format,
    },
    chat_template: orNull(templateFile, toThere) ?? config.chat_template,
    train_on:
      data.format === "prompt_completion" && config.train_on === "assistant" ? "completion" : trainOn(config, data),
    num_epochs: num_epochs ?? (max_steps === null ? 1 : null),
    learning_rate: learning_rate === "auto" ? usualRate(config) : learning_rate,
    eval: { ...evaluation, samples: evaluation.samples.map(asMessages) },
    threads: place.threads,
    resume_from: orNull(resumeFrom, toThere),
    calibrations: toThere(calibrations),
    export: { gguf: ggufOf(config, base.gguf !== null), gguf_type: config.export.gguf_type },
  };
}

/**
 * The possible exports: a reward model does not answer, a GGUF takes its vocabulary from the base's, and full weights
 * are not an adapter.
 */
function ggufOf({ method, adapter, export: { gguf } }: TrainingConfig, hasGguf: boolean) {
  if (method === "reward" || !hasGguf) return "none";
  return adapter === "none" && gguf === "adapter" ? "merged" : gguf;
}

/** A text has no turns, so all of it is learnt. */
const trainOn = ({ train_on }: TrainingConfig, { format }: Pick<TrainingData, "format">) =>
  format === "text" ? "all" : train_on;

const asMessages = (sample: TrainingConfig["eval"]["samples"][number]) =>
  typeof sample === "string" ? [{ role: "user", content: sample }] : sample;
