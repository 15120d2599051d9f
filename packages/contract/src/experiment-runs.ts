import { z } from "zod";
import { ItemId, SplitName } from "./datasets.ts";
import { EXPERIMENT_STOPS, ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { Name, Timestamp } from "./pages.ts";
import { SCORE_STATES, ScorerOutput, ScorerRef } from "./scorers.ts";

const JsonObject = z.record(z.string(), z.unknown());
const text = z.string().max(1_000_000);

export const SuiteName = z
  .string()
  .regex(/^[\w][\w ./-]{0,118}$/, "use letters, digits, spaces and . _ / -, at most 119 characters");

/** Where in the history of a program a run belongs. */
export const RunSource = z.strictObject({
  branch: z.string().max(300).nullable().default(null),
  commit: z.string().max(100).nullable().default(null),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null)
    .describe("Such as the page of the build."),
});
export type RunSource = z.output<typeof RunSource>;

/** What was in use beside a run's own settings and is known only by a name, such as the program or a retriever. */
export const RunVersions = z
  .record(z.string().max(40), z.string().trim().min(1).max(200))
  .refine(
    (versions) => Object.keys(versions).every((name) => /^[a-z][a-z0-9_-]*$/.test(name)),
    "use lower-case letters, digits, hyphens and underscores in names",
  )
  .refine((versions) => Object.keys(versions).length <= 20, "hold at most 20 names")
  .describe('By what they are versions of, such as `{"code": "v2.1", "retriever": "bm25-3"}`.');
export type RunVersions = z.output<typeof RunVersions>;

/** A scorer as it was fixed for a run. */
export const RunScorer = z.object({
  key: z.string().describe("Its name in the run's scores."),
  name: z.string(),
  kind: z.string(),
  version: z.number().nullable().describe("Null for one that is not stored."),
  signature: z.string().describe("What it does to the letter: name, version and options."),
  output: ScorerOutput,
});
export type RunScorer = z.infer<typeof RunScorer>;

export const Interval = z.object({ low: z.number(), high: z.number(), level: z.number() });
export type Interval = z.infer<typeof Interval>;

/** One scorer over a whole run. */
export const ScoreSummary = z.object({
  scorer: z.string().describe("Its key."),
  value: z.number().nullable().describe("The mean over items, or what the scorer makes of all of them; null for none."),
  isCorpus: z.boolean().describe("The value is one of all items together, such as BLEU, and no mean."),
  interval: Interval.nullable(),
  items: z.number().describe("Items that have a value; repeats of an item are averaged first."),
  undefined: z.number().describe("Answers for which the score does not exist. They are no zeros."),
  failed: z.number().describe("Answers that could not be scored."),
  repeatDeviation: z.number().nullable().describe("Of repeated answers to one item; null without repeats."),
  passAny: z.number().nullable().describe("Of boolean scores: the share of items where some repeat passed."),
  passAll: z.number().nullable().describe("Of boolean scores: the share of items where every repeat passed."),
  labels: z
    .array(z.object({ label: z.string(), answers: z.number() }))
    .nullable()
    .describe("The most frequent 50."),
  costUsd: z.number().nullable().describe("Of scoring itself; null when nothing was paid or the price is unknown."),
  details: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      "What else a run that has ended shows, such as a confusion matrix, or how far the judges of a jury agree.",
    ),
});
export type ScoreSummary = z.infer<typeof ScoreSummary>;

export const GATE_OUTCOMES = ["pass", "regression", "below-floor", "inconclusive", "provider-errors"] as const;
export type GateOutcome = (typeof GATE_OUTCOMES)[number];

/** What scoring answers that were made elsewhere may cost, and what it did. */
export const RunScoring = z.object({
  budget: ExperimentBudget,
  spent: ExperimentSpent,
  stopped: z
    .enum(EXPERIMENT_STOPS)
    .nullable()
    .describe("`finished` when every answer was scored; null while it is not over, or when it failed."),
});
export type RunScoring = z.infer<typeof RunScoring>;

export const RUN_STATUSES = ["open", "queued", "running", "done", "failed", "cancelled"] as const;
export const Run = z.object({
  runId: z.string(),
  name: z.string(),
  origin: z
    .enum(["experiment", "uploaded", "bisect"])
    .describe("`bisect`: a state that was only looked at to find a change."),
  experimentId: z.string().nullable(),
  experimentName: z.string().nullable(),
  datasetId: z.string().nullable(),
  root: z.string().nullable().describe("Of the dataset's items."),
  itemsHash: z.string().nullable().describe("The same for runs over the very same choice of items; null until known."),
  variant: z
    .object({
      model: z.string().nullable(),
      prompt: z.object({ name: z.string(), version: z.number() }).nullable(),
      messages: z
        .array(z.object({ role: z.string(), content: z.string() }))
        .nullable()
        .describe("Its own templates; null when they are those of the prompt or of the item."),
      parameters: JsonObject,
    })
    .nullable()
    .describe("Null for uploaded answers."),
  scorers: z.array(RunScorer),
  repeats: z.number(),
  suite: z.string().nullable(),
  source: RunSource,
  versions: RunVersions,
  tags: z.array(z.string()),
  status: z.enum(RUN_STATUSES),
  planned: z.number().nullable().describe("Answers that are wanted; null until it is known."),
  answers: z.number().describe("That are there, errors among them."),
  errors: z.number().describe("Answers that a provider failed to give."),
  scores: z.array(ScoreSummary),
  scoring: RunScoring.nullable().describe("Of an uploaded run; null for one whose experiment has the budget."),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable().describe("Of the answers; null when no price is known."),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  gate: z.enum(GATE_OUTCOMES).nullable().describe("The latest decision on it."),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Run = z.infer<typeof Run>;

export const ItemScore = z.object({
  scorer: z.string(),
  state: z.enum(SCORE_STATES),
  value: z.number().nullable(),
  label: z.string().nullable(),
  reason: z.string(),
  details: z.unknown(),
});
export type ItemScore = z.infer<typeof ItemScore>;

export const RESULT_STATES = ["ok", "error"] as const;
export const ItemResult = z.object({
  repeat: z.number().describe("From zero."),
  state: z.enum(RESULT_STATES),
  output: z.string().describe("What was answered, as text."),
  message: z.unknown().describe("The whole answer in OpenAI's shape; null when it is only text."),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
  latencyMs: z.number().nullable(),
  costUsd: z.number().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  isCached: z.boolean(),
  scores: z.array(ItemScore),
});
export type ItemResult = z.infer<typeof ItemResult>;

/** One item of a run with all its answers. */
export const RunItem = z.object({
  itemId: z.string(),
  position: z.number(),
  inputs: z.unknown().describe("Long texts are cut off; the dataset has them whole."),
  expected: z.unknown(),
  metadata: z.unknown(),
  split: z.string().nullable(),
  values: z.record(z.string(), z.number().nullable()).describe("By scorer: the mean over the repeats."),
  results: z.array(ItemResult),
  base: z
    .object({ values: z.record(z.string(), z.number().nullable()), results: z.array(ItemResult) })
    .nullable()
    .describe("The same item in the run that was named as `base`."),
  others: z
    .array(
      z.object({
        runId: z.string(),
        values: z.record(z.string(), z.number().nullable()),
        results: z.array(ItemResult),
      }),
    )
    .describe("The same item in the runs that were named as `also`, in their order."),
  change: z.number().nullable().describe("Of the score that was named, better is positive; null without both values."),
});
export type RunItem = z.infer<typeof RunItem>;

export const ITEM_SORTS = [
  "position",
  "score",
  "-score",
  "regression",
  "improvement",
  "latency",
  "-latency",
  "cost",
  "-cost",
] as const;
const flag = z.enum(["true", "false"]).transform((word) => word === "true");

/** Which items of a run are listed. */
export const RunItemsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
  base: z.string().max(80).optional().describe("Another run, whose answers stand beside these."),
  also: z
    .string()
    .max(2_000)
    .optional()
    .describe("Ids of at most 20 further runs, with commas between them, whose answers are added."),
  scorer: z
    .string()
    .max(200)
    .optional()
    .describe("The key of the score that is filtered and sorted by; else the main one."),
  state: z.enum(["ok", "error", "undefined", "failed"]).optional().describe("The last two are states of the score."),
  min: z.coerce.number().optional().describe("The least value of the score."),
  max: z.coerce.number().optional(),
  label: z.string().max(500).optional(),
  changed: z.enum(["any", "better", "worse", "output"]).optional().describe("Against `base`."),
  slice: z
    .string()
    .max(500)
    .optional()
    .describe("A field of the metadata and its value, such as `topic=refund`; `split=test` for the split."),
  search: z.string().max(200).default("").describe("A part of the inputs, the expected answer or an output."),
  sort: z.enum(ITEM_SORTS).default("position"),
  whole: flag.default(false).describe("Outputs as they are; otherwise long ones are cut off."),
});
export type RunItemsQuery = z.output<typeof RunItemsQuery>;

export const RunListQuery = z.object({
  suite: z.string().max(120).optional(),
  branch: z.string().max(300).optional(),
  commit: z.string().max(100).optional(),
  datasetId: z.string().max(80).optional(),
  experimentId: z.string().max(80).optional(),
  gate: z.enum(GATE_OUTCOMES).optional(),
  status: z.enum(RUN_STATUSES).optional(),
  search: z.string().max(200).default("").describe("A part of the name of the run or of its experiment."),
});

/** A run whose answers were made elsewhere. */
export const RunInput = z.strictObject({
  name: Name,
  datasetId: z.string().max(80).nullable().default(null),
  version: z
    .string()
    .max(140)
    .nullable()
    .default(null)
    .describe("Of the dataset: its items are the ones that were answered."),
  scorers: z.array(ScorerRef).max(30).default([]),
  budget: ExperimentBudget.default({ usd: null, tokens: 10_000_000 }).describe("Of scorers that ask a model."),
  repeats: z.number().int().min(1).max(50).default(1),
  suite: SuiteName.nullable().default(null),
  source: RunSource.default({ branch: null, commit: null, url: null }),
  versions: RunVersions.default({}),
  tags: z.array(z.string().trim().min(1).max(60)).max(40).default([]),
});
export type RunInput = z.output<typeof RunInput>;

export const UploadedScore = z.strictObject({
  scorer: z.string().min(1).max(200),
  state: z.enum(SCORE_STATES).default("scored"),
  value: z.number().nullable().default(null),
  label: z.string().max(500).nullable().default(null),
  reason: z.string().max(20_000).default(""),
});

export const UploadedAnswer = z.strictObject({
  itemId: ItemId,
  repeat: z.number().int().min(0).max(49).default(0),
  inputs: JsonObject.optional().describe("Needed when the run has no dataset."),
  expected: z.unknown().optional(),
  metadata: JsonObject.optional(),
  split: SplitName.nullable().optional(),
  output: text.default(""),
  message: z.unknown().default(null),
  error: z
    .strictObject({ code: z.string().max(80), message: z.string().max(4_000) })
    .nullable()
    .default(null),
  latencyMs: z.number().min(0).nullable().default(null),
  costUsd: z.number().min(0).nullable().default(null),
  inputTokens: z.number().int().min(0).nullable().default(null),
  outputTokens: z.number().int().min(0).nullable().default(null),
  scores: z.array(UploadedScore).max(30).default([]).describe("Scores that were made elsewhere too."),
});
export type UploadedAnswer = z.output<typeof UploadedAnswer>;

export const RUN_FORMATS = ["csv", "json", "markdown", "html"] as const;
