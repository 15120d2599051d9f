import { z } from "zod";
import { SplitName, VersionRef } from "./datasets.ts";
import { EXPERIMENT_STOPS, ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { Run, RunSource, RunVersions, SuiteName } from "./experiment-runs.ts";
import { Name, Timestamp } from "./pages.ts";
import { LabelName, PROMPT_ROLES, PromptName } from "./prompts.ts";
import { ScorerRef } from "./scorers.ts";

const ModelName = z.string().trim().min(1).max(300);
const JsonObject = z.record(z.string().max(200), z.unknown());
const description = z.string().trim().max(2_000);
const tags = z.array(z.string().trim().min(1).max(60)).max(40);

/** Which items of a dataset are answered. The version is fixed when the experiment starts. */
export const ExperimentDataset = z.strictObject({
  datasetId: z.string().max(80),
  version: VersionRef,
  split: SplitName.nullable().default(null).describe("Null for all of them."),
  filter: z.string().max(2_000).default("").describe("Such as `metadata.topic:refund`; empty for all items."),
  limit: z.number().int().min(1).max(1_000_000).nullable().default(null).describe("So many items, drawn by `seed`."),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("The same seed draws the same items."),
});
export type ExperimentDataset = z.output<typeof ExperimentDataset>;

/** One way to answer: a stored prompt, messages of its own, or the item's own messages. */
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
      .describe(
        "A stored prompt, filled with the item's inputs; `production` where neither label nor version is named.",
      ),
    messages: z
      .array(z.strictObject({ role: z.enum(PROMPT_ROLES), content: z.string().max(200_000) }))
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .describe("Mustache templates of the item's inputs, such as `{{question}}`."),
    parameters: JsonObject.default({}).describe("Such as temperature and max_tokens; they win over the prompt's."),
  })
  .refine((variant) => variant.prompt === null || variant.messages === null, {
    path: ["messages"],
    message: "is given beside `prompt`; give one of the two, or neither for the item's own messages",
  })
  .refine((variant) => variant.prompt !== null || variant.model !== null, {
    path: ["model"],
    message: "is missing, and there is no prompt that could name one",
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
  scorers: z.array(ScorerRef).max(30).default([]).describe("The first one is the main score."),
  repeats: z.number().int().min(1).max(50).default(1).describe("Answers to each item."),
  concurrency: z.number().int().min(1).max(64).default(8).describe("Answers under way at once."),
  budget: ExperimentBudget.default({ usd: null, tokens: 10_000_000 }),
  cache: z
    .boolean()
    .default(false)
    .describe("Takes an earlier experiment's answer to the very same request; repeats are always asked for anew."),
  stop: z
    .strictObject({
      precision: z
        .number()
        .positive()
        .nullable()
        .default(null)
        .describe("Stops once the interval of every variant's main score is no wider than this to either side."),
      minItems: z.number().int().min(20).max(1_000_000).default(100),
    })
    .default({ precision: null, minItems: 100 }),
  baseline: z.string().max(80).nullable().default(null).describe("The run that the others are compared with."),
  suite: SuiteName.nullable()
    .default(null)
    .describe("Runs of one suite are each other's history; gates look for them."),
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

export const EXPERIMENT_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;
export const Experiment = z.object({
  experimentId: z.string(),
  name: z.string(),
  description: z.string(),
  dataset: z.object({
    datasetId: z.string(),
    name: z.string().describe("Empty when the dataset is gone."),
    version: z.string().describe("As it was asked for."),
    root: z.string().describe("Of the items that were fixed at the start."),
    split: z.string().nullable(),
    filter: z.string(),
    limit: z.number().nullable(),
    seed: z.number(),
    items: z.number().nullable().describe("How many are answered; null until they were counted."),
  }),
  scorers: z.array(ScorerRef),
  repeats: z.number(),
  concurrency: z.number(),
  budget: ExperimentBudget,
  cache: z.boolean(),
  stop: z.object({ precision: z.number().nullable(), minItems: z.number() }),
  baseline: z.string().nullable(),
  suite: z.string().nullable(),
  source: RunSource,
  tags: z.array(z.string()),
  status: z.enum(EXPERIMENT_STATUSES),
  stopped: z.enum(EXPERIMENT_STOPS).nullable().describe("Why it ended; null while it has not, or when it failed."),
  error: z.string().nullable(),
  spent: ExperimentSpent,
  jobId: z.string(),
  runs: z.array(Run).describe("One for each variant, in their order, with what is known by now."),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Experiment = z.infer<typeof Experiment>;

/** What an experiment would take, before anything is asked or paid. */
export const ExperimentEstimate = z.object({
  items: z.number(),
  answers: z.number().describe("Items × variants × repeats."),
  judgeCalls: z.number().describe("Of scorers that ask a model, at most."),
  leastJudgeCalls: z.number().describe("At least, where how often a scorer asks only shows when it does."),
  inputTokens: z.number().describe("Of answers and judges."),
  outputTokens: z.number(),
  usd: z.number().nullable().describe("Answers and judges; null when one of both is not known."),
  answersUsd: z.number().nullable().describe("Null when the price of a model is not known."),
  judgesUsd: z.number().nullable().describe("0 without judges; null when the price of one is not known."),
  seconds: z.number().nullable().describe("Null when no earlier call tells how long one takes."),
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
        scorer: z.string().describe("Its key."),
        model: z.string(),
        calls: z.number(),
        leastCalls: z.number(),
        inputTokens: z.number(),
        outputTokens: z.number(),
        usd: z
          .number()
          .nullable()
          .describe("By earlier scores of the very same scorer, else by tokens and the tables of prices."),
      }),
    )
    .describe("One for each scorer and model that it asks."),
  isWithinBudget: z.boolean().nullable().describe("Null when it cannot be told."),
  basis: z.string().describe("What the numbers are taken from, for a person."),
  warnings: z.array(z.string()),
});
export type ExperimentEstimate = z.infer<typeof ExperimentEstimate>;

export const ExperimentPlanInput = z
  .strictObject({
    difference: z.number().positive().describe("The smallest difference of the score that matters."),
    power: z.number().min(0.5).max(0.999).default(0.8),
    alpha: z.number().min(0.0001).max(0.2).default(0.05),
    runId: z.string().max(80).optional().describe("A run whose spread is taken; with `baseRunId` that of the pairs."),
    baseRunId: z.string().max(80).optional(),
    scorer: z.string().max(200).optional().describe("Its key; the main one when left out."),
    standardDeviation: z.number().positive().optional().describe("Of the difference of a pair, when no run tells it."),
    withinDeviation: z.number().min(0).default(0).describe("Of repeated answers to one item, when no run tells it."),
  })
  .refine((input) => input.runId !== undefined || input.standardDeviation !== undefined, {
    path: ["runId"],
    message: "is missing: name a run whose spread is taken, or give `standardDeviation`",
  });
export type ExperimentPlanInput = z.output<typeof ExperimentPlanInput>;

export const ExperimentPlan = z.object({
  difference: z.number(),
  power: z.number(),
  alpha: z.number(),
  standardDeviation: z.number().describe("Of the difference of a pair of answers."),
  withinDeviation: z.number(),
  options: z.array(
    z.object({
      repeats: z.number(),
      items: z.number(),
      answers: z.number().describe("Of one variant: items × repeats."),
    }),
  ),
  detectable: z
    .object({ items: z.number(), difference: z.number() })
    .nullable()
    .describe("What the run that was named can tell apart as it is."),
  basis: z.string(),
});
export type ExperimentPlan = z.infer<typeof ExperimentPlan>;
