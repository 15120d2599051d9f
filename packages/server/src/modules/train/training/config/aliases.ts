/** The target of another tool's key, and its converted value. `undefined` means that it has no effect. */
export type Alias = { readonly to: string; readonly map?: (value: unknown) => unknown };

const to = (path: string, map?: Alias["map"]): Alias => ({ to: path, ...(map && { map }) });
/** A value with a different name here. An unknown value stays, so that the error lists the valid ones. */
const named = (names: Readonly<Record<string, unknown>>) => (value: unknown) =>
  typeof value === "string" && Object.hasOwn(names, value) ? names[value] : value;
const whenTrue = (result: unknown) => (value: unknown) => (value === true ? result : undefined);
const listed = (value: unknown) => (typeof value === "string" && value !== "all" ? value.split(/[\s,]+/) : value);
const isAll = (value: unknown) => value === "all" || (Array.isArray(value) && value.join() === "all");
const target = (value: unknown) => (value === "all-linear" || isAll(value) ? "all-linear" : listed(value));
const datasets = (value: unknown) =>
  typeof value === "string" ? value.split(",").map((ref) => ({ ref: ref.trim() })) : value;
const SCHEDULERS = { constant_with_warmup: "constant", cosine_with_restarts: "cosine" };

/** The names of Axolotl, LLaMA-Factory and TRL for our keys. Paths are written with dots. */
export const ALIASES: Readonly<Record<string, Alias>> = {
  model: to("base_model"),
  model_name_or_path: to("base_model"),
  rl: to("method"),
  stage: to("method", named({ rm: "reward" })),
  reward_model: to("method", whenTrue("reward")),
  dataset: to("datasets", datasets),
  train_dataset: to("datasets", datasets),
  val_set_size: to("val.fraction"),
  val_size: to("val.fraction"),
  template: to("chat_template", named({ default: "model" })),
  chat_template_path: to("chat_template"),
  chat_template_jinja: to("chat_template"),
  cutoff_len: to("sequence_len"),
  max_length: to("sequence_len"),
  max_seq_length: to("sequence_len"),
  finetuning_type: to("adapter", named({ full: "none" })),
  use_peft: to("adapter", (value) => (value === false ? "none" : "lora")),
  lora_r: to("lora.r"),
  lora_rank: to("lora.r"),
  lora_alpha: to("lora.alpha"),
  lora_dropout: to("lora.dropout"),
  lora_target: to("lora.target", target),
  lora_target_modules: to("lora.target", target),
  lora_target_linear: to("lora.target", whenTrue("all-linear")),
  per_device_train_batch_size: to("micro_batch_size"),
  num_train_epochs: to("num_epochs"),
  lr_scheduler_type: to("lr_scheduler", named(SCHEDULERS)),
  warmup_ratio: to("warmup"),
  warmup_steps: to("warmup"),
  bf16: to("precision", whenTrue("bf16")),
  eval_steps: to("eval.every"),
  early_stopping_patience: to("eval.patience"),
  early_stopping_steps: to("eval.patience"),
  early_stopping_threshold: to("eval.min_delta"),
  save_steps: to("save.every"),
  save_total_limit: to("save.keep"),
  load_best_model_at_end: to("save.result", (value) => (value === true ? "best" : value === false ? "last" : value)),
  pref_beta: to("beta"),
  rl_beta: to("beta"),
  dpo_beta: to("beta"),
  train_on_inputs: to("train_on", (value) => (value === true ? "all" : "assistant")),
  train_on_prompt: to("train_on", (value) => (value === true ? "all" : "assistant")),
  mask_history: to("train_on", whenTrue("last_assistant")),
  assistant_only_loss: to("train_on", whenTrue("assistant")),
  completion_only_loss: to("train_on", whenTrue("completion")),
};

/** Within an entry of `datasets`. */
export const DATASET_ALIASES: Readonly<Record<string, Alias>> = {
  path: to("ref"),
  name: to("ref"),
  type: to("format", named({ chat_template: "chat", completion: "text", sharegpt: "chat", alpaca: "chat" })),
  formatting: to("format", named({ sharegpt: "chat", alpaca: "chat" })),
};

/** Keys of other tools that have no effect here. They are left out with a warning. */
export const IGNORED: ReadonlySet<string> = new Set([
  ...["output_dir", "overwrite_output_dir", "logging_steps", "logging_strategy", "plot_loss", "report_to", "run_name"],
  ...["do_train", "do_eval", "eval_strategy", "evaluation_strategy", "save_strategy", "preprocessing_num_workers"],
  ...["dataloader_num_workers", "overwrite_cache", "use_wandb", "wandb_project", "wandb_entity", "wandb_name"],
  ...["use_mlflow", "dataset_dir", "dataset_prepared_path", "optim", "optimizer", "gradient_checkpointing", "strict"],
  ...[
    "flash_attention",
    "flash_attn",
    "fp16",
    "tf32",
    "pad_to_sequence_len",
    "ddp_timeout",
    "push_to_hub",
    "model_type",
  ],
  ...["tokenizer_type", "is_llama_derived_model", "special_tokens", "metric_for_best_model", "greater_is_better"],
]);

/** Unsupported settings with the reason, which replaces "unknown". */
export const REFUSED: Readonly<Record<string, string>> = {
  load_in_8bit: "quantized training needs a GPU; remove this key and use `adapter: lora`",
  load_in_4bit: "quantized training needs a GPU; remove this key and use `adapter: lora`",
  quantization_bit: "quantized training needs a GPU; remove this key and use `adapter: lora`",
  sample_packing: "packing needs a GPU with FlashAttention; remove this key",
  packing: "packing needs a GPU with FlashAttention; remove this key",
  deepspeed:
    "a model cannot be split over processes here; remove this key, or train full copies with `launcher: {type: torchrun}`",
  fsdp: "a model cannot be split over processes here; remove this key, or train full copies with `launcher: {type: torchrun}`",
  trust_remote_code: "code that comes with a model is never run; remove this key",
};
