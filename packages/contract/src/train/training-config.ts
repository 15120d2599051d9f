import { z } from "zod";
import { SplitName } from "../data/datasets.ts";
import { ComputeTargetName } from "./compute-targets.ts";
import { askedInVain, ProviderLauncher } from "./provider-launcher.ts";
import { ModelName } from "./registry.ts";
import { RESULT_CHOICES } from "./training-events.ts";
import { PromptTemplate, TARGET_PLACE } from "./training-prompt.ts";

export const TRAINING_METHODS = ["sft", "dpo", "kto", "reward"] as const;
export type TrainingMethod = (typeof TRAINING_METHODS)[number];
export const TRAINING_FORMATS = ["chat", "prompt_completion", "text", "preference", "kto"] as const;
/** Templates that the trainer knows by a name. Any other is given as its text, never as a path. */
export const NAMED_TEMPLATES = ["model", "chatml-smollm2"] as const;
export type TrainingFormat = (typeof TRAINING_FORMATS)[number];

const count = (most: number) => z.number().int().min(1).max(most);
const share = z.number().min(0).max(1);

const TrainingData = z.strictObject({
  ref: z
    .string()
    .trim()
    .min(1)
    .max(400)
    .describe("A dataset, `NAME@VERSION`, `ds_…@VERSION` or `dataset://NAME@VERSION`. Or an uploaded file, `file-…`."),
  format: z
    .enum(["auto", ...TRAINING_FORMATS])
    .default("auto")
    .describe("The format of the training rows. `auto` depends on the method and the items."),
  split: SplitName.nullable()
    .default(null)
    .describe("The split to train on. Null uses `train` if it exists, otherwise all splits that are not held out."),
  prompt: PromptTemplate.nullable()
    .default(null)
    .describe(
      "The messages that an item becomes, as Mustache templates of its inputs, such as `Intent of: {{text}}`. Leave it empty for items that are chats. Experiments and the model's page use the same templates.",
    ),
  target: z
    .string()
    .max(400)
    .regex(TARGET_PLACE, "write `expected`, `expected.KEY`, `inputs.KEY` or `metadata.KEY`")
    .default("expected")
    .describe("The field of an item that contains the answer to learn, if `prompt` is set."),
  hold_out: z.boolean().default(false).describe("Uses the whole source for evaluation and none of it for training."),
});

const Lora = z.strictObject({
  r: count(512).default(16).describe("The rank of the adapter. A higher rank can learn more."),
  alpha: z.number().positive().max(4_096).default(32),
  dropout: z.number().min(0).max(0.9).default(0),
  target: z
    .union([
      z.literal("all-linear"),
      z
        .array(z.string().regex(/^[\w.]{1,120}$/, "name a module, such as q_proj"))
        .min(1)
        .max(64),
    ])
    .default("all-linear"),
});

const Turn = z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string().max(20_000) });

const Evaluation = z.strictObject({
  every: count(1_000_000).default(20).describe("Steps between two evaluations on the held-out rows."),
  patience: count(1_000)
    .nullable()
    .default(null)
    .describe("Stop after this number of evaluations without a gain. Null never stops early."),
  min_delta: z.number().min(0).max(100).default(0).describe("A smaller gain does not count."),
  samples: z
    .array(z.union([z.string().trim().min(1).max(20_000), z.array(Turn).min(1).max(50)]))
    .max(20)
    .default([])
    .describe("Sample prompts that the model answers at every evaluation, for people to read."),
  sample_tokens: count(2_048).default(32).describe("The maximum number of tokens of a sample answer."),
});

const Saving = z.strictObject({
  every: count(1_000_000).default(20).describe("Steps between two checkpoints."),
  keep: count(1_000).default(3).describe("The number of newest checkpoints to retain."),
  keep_best: z.boolean().default(true).describe("Also retain the checkpoint with the lowest evaluation loss."),
  result: z
    .enum(RESULT_CHOICES)
    .default("best")
    .describe(
      "Which checkpoint becomes the model: `best` has the lowest evaluation loss, `last` is the newest. Without held-out rows or `keep_best` it is always the last.",
    ),
});

const Budget = z.strictObject({
  max_minutes: z.number().positive().max(100_000).nullable().default(null),
  max_memory_gb: z.number().positive().max(10_000).nullable().default(null),
});

const target = ComputeTargetName.describe("A compute target of the project.");

/** Where a run trains. What it gives does not depend on that: a step has as many rows here as there. */
const LAUNCHERS = [
  z.strictObject({ type: z.literal("local") }).describe("One process on this machine."),
  z
    .strictObject({
      type: z.literal("torchrun"),
      processes: z
        .number()
        .int()
        .min(2)
        .max(64)
        .default(2)
        .describe("The number of processes. They share the micro-batches of each step."),
    })
    .describe("Several processes on this machine, by `torchrun`."),
  z.strictObject({ type: z.literal("ray"), target }).describe("A job of a Ray cluster."),
  z.strictObject({ type: z.literal("kubernetes"), target }).describe("A Job of a Kubernetes cluster."),
  z.strictObject({ type: z.literal("kubeflow"), target }).describe("A TrainJob of Kubeflow Trainer."),
  ProviderLauncher,
] as const;
const launcherTypes = LAUNCHERS.map(({ shape }) => shape.type.value).join(", ");
const Launcher = z.discriminatedUnion("type", LAUNCHERS, {
  error: ({ code }) => (code === "invalid_union" ? `must be one of ${launcherTypes}` : undefined),
});

const fields = {
  name: ModelName.optional().describe("The name of the trained model. Derived from the base and the data if omitted."),
  base_model: z.string().trim().min(1).max(400).describe("A model of the registry or of this machine."),
  method: z.enum(TRAINING_METHODS).default("sft"),
  datasets: z.array(TrainingData).min(1).max(20),
  val: z
    .strictObject({
      split: SplitName.nullable().default(null).describe("The split to hold out."),
      fraction: z
        .number()
        .min(0)
        .max(0.9)
        .default(0.1)
        .describe("The share of rows to hold out if there is no such split. 0 for none."),
      group_by: z
        .string()
        .regex(
          /^(expected|(inputs|metadata|expected)\.[^.]+(\.[^.]+)*)$/,
          "write `inputs.KEY`, `metadata.KEY` or `expected`",
        )
        .nullable()
        .default(null)
        .describe("Rows with the same value of this field stay on one side. Null uses the input."),
    })
    .prefault({})
    .describe("The data held out for evaluation. A split named validation, val, eval or dev is used automatically."),
  on_bad_rows: z
    .enum(["fail", "skip"])
    .default("fail")
    .describe("What to do with a row that cannot be used for training."),
  chat_template: z
    .string()
    .max(20_000)
    .refine((text) => NAMED_TEMPLATES.some((name) => name === text) || /\{[{%#]/.test(text), {
      message: `must be ${NAMED_TEMPLATES.join(", ")}, or the text of a Jinja template`,
    })
    .default("model")
    .describe("`model` for the model's own template, `chatml-smollm2`, or a Jinja template."),
  train_on: z
    .enum(["assistant", "last_assistant", "completion", "all"])
    .default("assistant")
    .describe("The tokens that the loss counts."),
  sequence_len: z.number().int().min(8).max(131_072).default(512).describe("Longer rows are cut off."),
  adapter: z.enum(["lora", "none"]).default("lora").describe("`none` trains all weights."),
  lora: Lora.prefault({}),
  micro_batch_size: count(4_096).default(1),
  gradient_accumulation_steps: count(65_536).default(8).describe("The number of micro-batches per step."),
  num_epochs: z.number().positive().max(1_000).nullable().default(null).describe("1 if `max_steps` is not set either."),
  max_steps: count(10_000_000).nullable().default(null),
  learning_rate: z
    .union([z.literal("auto"), z.number().positive().max(1)])
    .default("auto")
    .describe("`auto` uses the typical value for the method and the adapter."),
  lr_scheduler: z.enum(["cosine", "linear", "constant"]).default("cosine"),
  warmup: share.default(0.05).describe("The share of steps in which the learning rate increases."),
  weight_decay: share.default(0),
  max_grad_norm: z.number().positive().max(1_000).default(1),
  beta: z.number().positive().max(10).default(0.1).describe("For DPO and KTO: how close the model stays to the base."),
  precision: z
    .enum(["auto", "fp32", "bf16"])
    .default("auto")
    .describe("`auto` measures which option is faster on this machine."),
  eval: Evaluation.prefault({}),
  save: Saving.prefault({}),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42),
  threads: count(512).nullable().default(null).describe("The number of CPU threads. Null uses all of the machine."),
  budget: Budget.prefault({}).describe(
    "The limits of a run. When one is reached, the run is evaluated and saved at that step, and succeeds.",
  ),
  export: z
    .strictObject({
      gguf: z.enum(["adapter", "merged", "none"]).default("adapter").describe("Files that the local engine can serve."),
      gguf_type: z.enum(["f16", "q8_0", "f32"]).default("f16"),
      register: z.boolean().default(true).describe("Whether the result becomes a version in the registry."),
    })
    .prefault({}),
  launcher: Launcher.default({ type: "local" }).describe("Where the run trains."),
};

/** What a training run does: the YAML file of `treadle train`, the form of the web app and the body of the API are this one thing. */
export const TrainingConfig = z
  .strictObject(fields)
  .refine(({ num_epochs, max_steps }) => num_epochs === null || max_steps === null, {
    path: ["max_steps"],
    message: "cannot be combined with `num_epochs`; set one of them",
  })
  .refine(({ method, micro_batch_size }) => method !== "kto" || micro_batch_size > 1, {
    path: ["micro_batch_size"],
    message: "must be at least 2 for `kto`, which compares the rows of a batch with each other",
  })
  .refine(({ method, train_on }) => method === "sft" || train_on === "assistant", {
    path: ["train_on"],
    message: "is only supported with `sft`; remove it",
  })
  .refine(
    ({ launcher, gradient_accumulation_steps: steps }) =>
      launcher.type !== "torchrun" || steps % launcher.processes === 0,
    {
      path: ["gradient_accumulation_steps"],
      message: "must be a multiple of `launcher.processes`: the processes share the micro-batches of a step",
    },
  )
  .superRefine((config, context) => {
    for (const { path, message } of askedInVain(config)) context.addIssue({ code: "custom", path: [path], message });
  });
export type TrainingConfig = z.output<typeof TrainingConfig>;

/** The fields of a configuration, to suggest a name for a misspelled field. */
export const TRAINING_FIELDS: z.ZodObject<typeof fields> = z.strictObject(fields);
