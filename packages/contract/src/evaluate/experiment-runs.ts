import { z } from "zod";
import { ItemId, SplitName } from "../data/datasets.ts";
import { MOST_INTEGER } from "../numbers.ts";
import { Name, Timestamp } from "../pages.ts";
import { EXPERIMENT_STOPS, ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { ReplayedAnswer } from "./recordings.ts";
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
    .describe("For example, the page of the build."),
});
export type RunSource = z.output<typeof RunSource>;

/** Versions that are known only by name, such as the program or a retriever. They are not settings of the run. */
export const RunVersions = z
  .record(z.string().max(40), z.string().trim().min(1).max(200))
  .refine(
    (versions) => Object.keys(versions).every((name) => /^[a-z][a-z0-9_-]*$/.test(name)),
    "use lower-case letters, digits, hyphens and underscores in names",
  )
  .refine((versions) => Object.keys(versions).length <= 20, "use at most 20 names")
  .describe('By what they are versions of, such as `{"code": "v2.1", "retriever": "bm25-3"}`.');
export type RunVersions = z.output<typeof RunVersions>;

/** A scorer as it was fixed for a run. */
export const RunScorer = z.object({
  key: z.string().describe("The scorer's name in the run's scores."),
  name: z.string(),
  kind: z.string(),
  version: z.number().nullable().describe("Null for a scorer that is not stored."),
  signature: z.string().describe("The exact method: name, version and options."),
  output: ScorerOutput,
});
export type RunScorer = z.infer<typeof RunScorer>;

export const Interval = z.object({ low: z.number(), high: z.number(), level: z.number() });
export type Interval = z.infer<typeof Interval>;

/** One scorer over a whole run. */
export const ScoreSummary = z.object({
  scorer: z.string().describe("The scorer's key."),
  value: z
    .number()
    .nullable()
    .describe("The mean over items, or a value that the scorer computes from all items. Null for none."),
  isCorpus: z.boolean().describe("The value is computed from all items together, such as BLEU, and is not a mean."),
  interval: Interval.nullable(),
  items: z.number().describe("The number of items with a value. Repeats of an item are averaged first."),
  undefined: z
    .number()
    .describe("The number of answers for which the score does not exist. They do not count as zeros."),
  failed: z.number().describe("The number of answers that could not be scored."),
  repeatDeviation: z.number().nullable().describe("The spread of repeated answers to one item. Null without repeats."),
  passAny: z.number().nullable().describe("For boolean scores: the share of items where at least one repeat passed."),
  passAll: z.number().nullable().describe("For boolean scores: the share of items where every repeat passed."),
  labels: z
    .array(z.object({ label: z.string(), answers: z.number() }))
    .nullable()
    .describe("The 50 most frequent labels."),
  costUsd: z.number().nullable().describe("The cost of scoring. Null if nothing was paid or the price is unknown."),
  details: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Further results of a finished run, such as a confusion matrix or the agreement of a jury's judges."),
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
    .describe("`finished` if every answer was scored. Null while the run is active, or if it failed."),
});
export type RunScoring = z.infer<typeof RunScoring>;

export const RUN_STATUSES = ["open", "queued", "running", "done", "failed", "cancelled"] as const;
export const Run = z.object({
  runId: z.string(),
  name: z.string(),
  origin: z.enum(["experiment", "uploaded", "bisect"]).describe("`bisect`: a state that a bisect tested."),
  experimentId: z.string().nullable(),
  experimentName: z.string().nullable(),
  datasetId: z.string().nullable(),
  root: z.string().nullable().describe("The Merkle root of the dataset's items."),
  itemsHash: z.string().nullable().describe("Equal for runs over the same selection of items. Null until known."),
  variant: z
    .object({
      model: z.string().nullable(),
      prompt: z.object({ name: z.string(), version: z.number() }).nullable(),
      messages: z
        .array(z.object({ role: z.string(), content: z.string() }))
        .nullable()
        .describe("Its own templates. Null if the templates come from the prompt or the item."),
      parameters: JsonObject,
    })
    .nullable()
    .describe("Null for uploaded answers."),
  scorers: z.array(RunScorer),
  repeats: z.number(),
  suite: z.string().nullable(),
  ruleId: z.string().nullable().describe("The live rule whose schedule made the run."),
  source: RunSource,
  versions: RunVersions,
  tags: z.array(z.string()),
  status: z.enum(RUN_STATUSES),
  planned: z.number().nullable().describe("The number of answers to generate. Null until known."),
  answers: z.number().describe("The number of answers so far, including errors."),
  errors: z.number().describe("The number of answers that failed at the provider."),
  scores: z.array(ScoreSummary),
  scoring: RunScoring.nullable().describe("For an uploaded run. Null for a run whose experiment has the budget."),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable().describe("The cost of the answers. Null if no price is known."),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  gate: z.enum(GATE_OUTCOMES).nullable().describe("The latest gate decision on it."),
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

export const RESULT_STATES = ["ok", "error", "diverged"] as const;
export const ItemResult = z.object({
  repeat: z.number().describe("The repeat, counted from 0."),
  state: z.enum(RESULT_STATES),
  output: z.string().describe("The answer as text."),
  message: z.unknown().describe("The whole answer in OpenAI's format. Null if it is only text."),
  error: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe("Why there is no answer: the failure of a provider, or where a replay diverged."),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
  latencyMs: z.number().nullable(),
  costUsd: z.number().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  isCached: z.boolean(),
  replayed: ReplayedAnswer.nullable().describe("For an answer of a replay."),
  scores: z.array(ItemScore),
});
export type ItemResult = z.infer<typeof ItemResult>;

/** One item of a run with all its answers. */
export const RunItem = z.object({
  itemId: z.string(),
  position: z.number(),
  inputs: z.unknown().describe("Long texts are cut off. The dataset contains the full text."),
  expected: z.unknown(),
  metadata: z.unknown(),
  split: z.string().nullable(),
  values: z.record(z.string(), z.number().nullable()).describe("The mean over the repeats, by scorer."),
  results: z.array(ItemResult),
  base: z
    .object({ values: z.record(z.string(), z.number().nullable()), results: z.array(ItemResult) })
    .nullable()
    .describe("The same item in the run named as `base`."),
  others: z
    .array(
      z.object({
        runId: z.string(),
        values: z.record(z.string(), z.number().nullable()),
        results: z.array(ItemResult),
      }),
    )
    .describe("The same item in the runs named as `also`, in their order."),
  change: z
    .number()
    .nullable()
    .describe("The difference of the selected score. Positive means better. Null without both values."),
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
  base: z.string().max(80).optional().describe("Another run, whose answers are included for comparison."),
  also: z
    .string()
    .max(2_000)
    .optional()
    .describe("Ids of up to 20 further runs, separated by commas, whose answers are added."),
  scorer: z
    .string()
    .max(200)
    .optional()
    .describe("The key of the score to filter and sort by. The main score if omitted."),
  state: z
    .enum(["ok", "error", "diverged", "undefined", "failed"])
    .optional()
    .describe("The last two are states of the score."),
  min: z.coerce.number().optional().describe("The lowest value of the score."),
  max: z.coerce.number().optional(),
  label: z.string().max(500).optional(),
  changed: z.enum(["any", "better", "worse", "output"]).optional().describe("The change compared with `base`."),
  slice: z
    .string()
    .max(500)
    .optional()
    .describe("A metadata field and its value, such as `topic=refund`. Use `split=test` for the split."),
  search: z.string().max(200).default("").describe("Part of the inputs, the expected answer or an output."),
  sort: z.enum(ITEM_SORTS).default("position"),
  whole: flag.default(false).describe("Return complete outputs. Otherwise long outputs are cut off."),
});
export type RunItemsQuery = z.output<typeof RunItemsQuery>;

export const RunListQuery = z.object({
  suite: z.string().max(120).optional(),
  branch: z.string().max(300).optional(),
  commit: z.string().max(100).optional(),
  datasetId: z.string().max(80).optional(),
  experimentId: z.string().max(80).optional(),
  ruleId: z.string().max(80).optional().describe("A live rule: the runs of its schedule."),
  gate: z.enum(GATE_OUTCOMES).optional(),
  status: z.enum(RUN_STATUSES).optional(),
  search: z.string().max(200).default("").describe("Part of the name of the run or its experiment."),
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
    .describe("The version of the dataset whose items were answered."),
  scorers: z.array(ScorerRef).max(30).default([]),
  budget: ExperimentBudget.default({ usd: null, tokens: 10_000_000 }).describe(
    "The budget for scorers that call a model.",
  ),
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

function refuseRepeats(scores: readonly { readonly scorer: string }[], context: z.RefinementCtx): void {
  const ids = new Set<string>();
  for (const [index, { scorer }] of scores.entries()) {
    if (ids.has(scorer)) {
      const message = `names the scorer "${scorer}" again; send one score of each`;
      context.addIssue({ code: "custom", path: [index, "scorer"], message });
    }
    ids.add(scorer);
  }
}

export const UploadedAnswer = z.strictObject({
  itemId: ItemId,
  repeat: z.number().int().min(0).max(49).default(0),
  inputs: JsonObject.optional().describe("Required if the run has no dataset."),
  expected: z.unknown().optional(),
  metadata: JsonObject.optional(),
  split: SplitName.nullable().optional(),
  output: text.default(""),
  message: z.unknown().default(null),
  error: z
    .strictObject({ code: z.string().max(80), message: z.string().max(4_000) })
    .nullable()
    .default(null),
  traceId: z.string().max(64).optional().describe("The trace of the answer, which the run links to."),
  spanId: z.string().max(64).optional(),
  latencyMs: z.number().min(0).nullable().default(null),
  costUsd: z.number().min(0).nullable().default(null),
  inputTokens: z.number().int().min(0).max(MOST_INTEGER).nullable().default(null),
  outputTokens: z.number().int().min(0).max(MOST_INTEGER).nullable().default(null),
  scores: z
    .array(UploadedScore)
    .max(30)
    .superRefine(refuseRepeats)
    .default([])
    .describe("Scores that were computed elsewhere. Each scorer can score an answer once."),
});
export type UploadedAnswer = z.output<typeof UploadedAnswer>;

export const RUN_FORMATS = ["csv", "json", "markdown", "html"] as const;
