import { z } from "zod";
import { LabelName, PROMPT_ROLES, PromptName } from "../build/prompts.ts";
import { SplitName, VersionRef } from "../data/datasets.ts";
import { Name, Timestamp } from "../pages.ts";
import { EXPERIMENT_STOPS, ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { Run, RunSource, RunVersions, SuiteName } from "./experiment-runs.ts";
import { ScorerRef } from "./scorers.ts";

const ModelName = z.string().trim().min(1).max(300);
const JsonObject = z.record(z.string().max(200), z.unknown());
const description = z.string().trim().max(2_000);
const tags = z.array(z.string().trim().min(1).max(60)).max(40);

/** Which items of a dataset are answered. The version is fixed when the experiment starts. */
export const ExperimentDataset = z.strictObject({
  datasetId: z.string().max(80),
  version: VersionRef,
  split: SplitName.nullable().default(null).describe("Null for all splits."),
  filter: z.string().max(2_000).default("").describe("A filter such as `metadata.topic:refund`. Empty for all items."),
  limit: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe("The number of items to draw at random with `seed`."),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("The same seed draws the same items."),
});
export type ExperimentDataset = z.output<typeof ExperimentDataset>;

/** One configuration to answer with: a stored prompt, custom messages, or the item's own messages. */
export const ExperimentVariant = z
  .strictObject({
    name: Name,
    model: ModelName.nullable().default(null).describe("Null for the model that the prompt names."),
    prompt: z
      .strictObject({
        name: PromptName,
        label: LabelName.or(z.literal("latest")).optional(),
        version: z.number().int().min(1).max(1_000_000_000).optional(),
      })
      .nullable()
      .default(null)
      .describe("A stored prompt, rendered with the item's inputs. Without a label and version, `production` is used."),
    messages: z
      .array(z.strictObject({ role: z.enum(PROMPT_ROLES), content: z.string().max(200_000) }))
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .describe("Mustache templates with the item's inputs, such as `{{question}}`."),
    parameters: JsonObject.default({}).describe(
      "Settings such as temperature and max_tokens. They override the prompt's settings.",
    ),
  })
  .refine((variant) => variant.prompt === null || variant.messages === null, {
    path: ["messages"],
    message: "cannot be combined with `prompt`; set one of them, or neither to use the item's own messages",
  })
  .refine((variant) => variant.prompt !== null || variant.model !== null, {
    path: ["model"],
    message: "is required, because there is no prompt that names a model",
  });
export type ExperimentVariant = z.output<typeof ExperimentVariant>;

const variants = z
  .array(ExperimentVariant)
  .min(1)
  .max(20)
  .refine((given) => new Set(given.map(({ name }) => name)).size === given.length, "must have different names");

export const ExperimentInput = z.strictObject({
  name: Name,
  description: description.default(""),
  dataset: ExperimentDataset,
  variants,
  scorers: z.array(ScorerRef).max(30).default([]).describe("The first scorer gives the main score."),
  repeats: z.number().int().min(1).max(50).default(1).describe("The number of answers to each item."),
  concurrency: z.number().int().min(1).max(64).default(8).describe("The number of answers requested in parallel."),
  budget: ExperimentBudget.default({ usd: null, tokens: 10_000_000 }),
  cache: z
    .boolean()
    .default(false)
    .describe(
      "Reuses the answer of an earlier experiment to an identical request. Repeats are always requested again.",
    ),
  replay: z
    .boolean()
    .default(false)
    .describe(
      "Replays recorded calls: the parameters in `metadata.recording` apply, and a tool that is called with the recorded arguments returns the recorded result. Another call ends the answer as `diverged`.",
    ),
  stop: z
    .strictObject({
      precision: z
        .number()
        .positive()
        .nullable()
        .default(null)
        .describe(
          "Stops once the 97.5 % interval of every variant's main score is no wider than this on each side. The 95 % interval that is shown is then narrower.",
        ),
      minItems: z.number().int().min(20).max(1_000_000).default(100),
    })
    .default({ precision: null, minItems: 100 }),
  maxOutageSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(600)
    .describe("How long calls wait for a provider that is unavailable; then the experiment fails and can be resumed."),
  baseline: z.string().max(80).nullable().default(null).describe("The run that the others are compared with."),
  suite: SuiteName.nullable().default(null).describe("Runs of the same suite form its history, which gates use."),
  source: RunSource.default({ branch: null, commit: null, url: null }),
  versions: RunVersions.default({}),
  tags: tags.default([]),
});
export type ExperimentInput = z.output<typeof ExperimentInput>;

export const ExperimentPatch = z.strictObject({
  name: Name.optional(),
  description: description.optional(),
  tags: tags.optional(),
  baseline: z.string().max(80).nullable().optional(),
});
export type ExperimentPatch = z.output<typeof ExperimentPatch>;

/** The items that an experiment answers, as they were fixed at the start. */
export const AnsweredDataset = z.object({
  datasetId: z.string(),
  name: z.string().describe("Empty if the dataset was deleted."),
  version: z.string().describe("As requested."),
  root: z.string().describe("A hash of the items, which are fixed at the start."),
  split: z.string().nullable(),
  filter: z.string(),
  limit: z.number().nullable(),
  seed: z.number(),
  items: z.number().nullable().describe("The number of items to answer. Null until counted."),
});

export const EXPERIMENT_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;
export const Experiment = z.object({
  experimentId: z.string(),
  name: z.string(),
  description: z.string(),
  dataset: AnsweredDataset,
  scorers: z.array(ScorerRef),
  repeats: z.number(),
  concurrency: z.number(),
  budget: ExperimentBudget,
  cache: z.boolean(),
  isReplay: z.boolean().describe("The items are recorded calls whose tools return recorded results."),
  stop: z.object({ precision: z.number().nullable(), minItems: z.number() }),
  maxOutageSeconds: z.number(),
  baseline: z.string().nullable(),
  suite: z.string().nullable(),
  source: RunSource,
  tags: z.array(z.string()),
  status: z.enum(EXPERIMENT_STATUSES),
  stopped: z.enum(EXPERIMENT_STOPS).nullable().describe("Why it ended. Null while it is active, or if it failed."),
  error: z.string().nullable(),
  spent: ExperimentSpent,
  jobId: z.string(),
  runs: z.array(Run).describe("One per variant, in their order, with current values."),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Experiment = z.infer<typeof Experiment>;

/** What an experiment would take, before anything is asked or paid. */
export const ExperimentEstimate = z.object({
  items: z.number(),
  answers: z.number().describe("Items × variants × repeats."),
  judgeCalls: z.number().describe("Calls of scorers that use a model, at most."),
  leastJudgeCalls: z.number().describe("The minimum, if the number of calls of a scorer is only known after it runs."),
  inputTokens: z.number().describe("Tokens of answers and judges."),
  outputTokens: z.number(),
  usd: z.number().nullable().describe("The cost of answers and judges. Null if one of them is unknown."),
  answersUsd: z.number().nullable().describe("Null if the price of a model is unknown."),
  judgesUsd: z.number().nullable().describe("0 without judges. Null if the price of a judge is unknown."),
  seconds: z.number().nullable().describe("Null if no earlier call shows the duration."),
  variants: z.array(
    z.object({
      name: z.string(),
      model: z.string(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      usd: z.number().nullable(),
    }),
  ),
  judges: z
    .array(
      z.object({
        scorer: z.string().describe("The scorer's key."),
        model: z.string(),
        calls: z.number(),
        leastCalls: z.number(),
        inputTokens: z.number(),
        outputTokens: z.number(),
        usd: z.number().nullable().describe("From earlier scores of the same scorer, or from tokens and price tables."),
      }),
    )
    .describe("One per scorer and model that it calls."),
  isWithinBudget: z.boolean().nullable().describe("Null if unknown."),
  basis: z.string().describe("The basis of the estimates, in words."),
  warnings: z.array(z.string()),
});
export type ExperimentEstimate = z.infer<typeof ExperimentEstimate>;

export const ExperimentPlanInput = z
  .strictObject({
    difference: z.number().positive().describe("The smallest score difference that matters."),
    power: z.number().min(0.5).max(0.999).default(0.8),
    alpha: z.number().min(0.0001).max(0.2).default(0.05),
    runId: z
      .string()
      .max(80)
      .optional()
      .describe("A run whose spread is used. With `baseRunId`, the spread of the pairs."),
    baseRunId: z.string().max(80).optional(),
    scorer: z.string().max(200).optional().describe("The key of the score. The main score if omitted."),
    standardDeviation: z
      .number()
      .positive()
      .optional()
      .describe("The standard deviation of the difference per pair, if no run provides it."),
    withinDeviation: z
      .number()
      .min(0)
      .default(0)
      .describe("The standard deviation of repeated answers to one item, if no run provides it."),
  })
  .refine((input) => input.runId !== undefined || input.standardDeviation !== undefined, {
    path: ["runId"],
    message: "is required unless `standardDeviation` is set; name a run whose spread to use",
  });
export type ExperimentPlanInput = z.output<typeof ExperimentPlanInput>;

export const ExperimentPlan = z.object({
  difference: z.number(),
  power: z.number(),
  alpha: z.number(),
  standardDeviation: z.number().describe("The standard deviation of the difference between two answers."),
  withinDeviation: z.number(),
  options: z.array(
    z.object({
      repeats: z.number(),
      items: z.number(),
      answers: z.number().describe("For one variant: items × repeats."),
    }),
  ),
  detectable: z
    .object({ items: z.number(), difference: z.number() })
    .nullable()
    .describe("The difference that the named run can detect with its items."),
  basis: z.string(),
});
export type ExperimentPlan = z.infer<typeof ExperimentPlan>;
