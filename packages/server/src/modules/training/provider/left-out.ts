import { TrainingConfig } from "@treadle/contract";

/** What a provider does not read, since it chooses it itself. */
const ITS_OWN = [
  ...[
    "chat_template",
    "train_on",
    "sequence_len",
    "adapter",
    "lora",
    "micro_batch_size",
    "gradient_accumulation_steps",
  ],
  ...["lr_scheduler", "warmup", "weight_decay", "max_grad_norm", "precision", "eval", "save", "threads"],
] as const satisfies readonly (keyof TrainingConfig)[];

const usual = TrainingConfig.parse({ base_model: "any", datasets: [{ ref: "any" }] });

/** The keys of a configuration that mean nothing at its provider and yet say something else than what is usual; in words. */
export const leftOutByProvider = (config: TrainingConfig): string[] =>
  config.launcher.type === "provider"
    ? ITS_OWN.filter((key) => JSON.stringify(config[key]) !== JSON.stringify(usual[key])).map(
        (key) => `\`${key}\` means nothing at a provider and is left out.`,
      )
    : [];
