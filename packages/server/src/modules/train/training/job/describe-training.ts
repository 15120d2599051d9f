import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelTraining, TrainingConfig } from "@treadle/contract";
import { z } from "zod";
import type { VersionOrder } from "../stores/deps.ts";
import type { RunRow } from "../stores/store.ts";
import { usualRate } from "./build-job.ts";

const Versions = z.record(z.string().max(100), z.string().max(100));

/** How a run trained, for the version that it gives. `folder` is the run's; null for a run of a provider, whose libraries are unknown. */
export async function describeTraining(config: TrainingConfig, folder: string | null): Promise<ModelTraining> {
  const versions = folder === null ? {} : await readVersions(folder);
  const hyperparameters = hyperparametersOf(config);
  return { method: config.method, hyperparameters, chatTemplate: config.chat_template, versions };
}

/** The sources of a run with the prompts that its configuration gives them; both are in the same order. */
export const sourcesWithPrompts = ({ config, data }: Pick<RunRow, "config" | "data">): VersionOrder["sources"] =>
  (data?.sources ?? []).map((source, place) => {
    const { prompt = null, target = "expected" } = config.datasets[place] ?? {};
    return { ...source, prompt, target: prompt === null ? null : target };
  });

function hyperparametersOf(config: TrainingConfig): ModelTraining["hyperparameters"] {
  const { method, adapter, lora, learning_rate, num_epochs, max_steps, beta } = config;
  const lengths: Readonly<Record<string, number>> =
    max_steps === null ? { num_epochs: num_epochs ?? 1 } : { max_steps };
  const adapting = { "lora.r": lora.r, "lora.alpha": lora.alpha, "lora.dropout": lora.dropout };
  const targets = { "lora.target": typeof lora.target === "string" ? lora.target : lora.target.join(", ") };
  return {
    adapter,
    ...(adapter === "lora" && { ...adapting, ...targets }),
    learning_rate: learning_rate === "auto" ? usualRate(config) : learning_rate,
    lr_scheduler: config.lr_scheduler,
    warmup: config.warmup,
    weight_decay: config.weight_decay,
    max_grad_norm: config.max_grad_norm,
    ...((method === "dpo" || method === "kto") && { beta }),
    micro_batch_size: config.micro_batch_size,
    gradient_accumulation_steps: config.gradient_accumulation_steps,
    ...lengths,
    sequence_len: config.sequence_len,
    train_on: config.train_on,
    precision: config.precision,
    seed: config.seed,
  };
}

/** The trainer's report next to the result. Empty if there is none. */
async function readVersions(folder: string): Promise<ModelTraining["versions"]> {
  try {
    return Versions.parse(JSON.parse(await readFile(join(folder, "versions.json"), "utf8")));
  } catch {
    return {};
  }
}
