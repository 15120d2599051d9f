import { z } from "zod";
import { ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { EXPERIMENT_STATUSES, ExperimentDataset } from "./experiments.ts";
import { Name, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { LabelName, PromptContent, PromptName } from "./prompts.ts";
import { defineApi } from "./route.ts";
import { PairedComparison, VERDICTS } from "./run-comparison.ts";
import { ScorerOutput, ScorerRef } from "./scorers.ts";

export const OPTIMISATION_METHODS = ["gepa", "few-shot", "mutations"] as const;

const ModelName = z.string().trim().min(1).max(300);
const partSize = z.number().int().min(3).max(500);

export const OptimisationBudget = ExperimentBudget.extend({
  answers: z
    .number()
    .int()
    .min(10)
    .max(100_000)
    .default(300)
    .describe("Answers that the search may ask for and score; those of the final test come on top."),
});
export type OptimisationBudget = z.output<typeof OptimisationBudget>;

export const OptimisationInput = z.strictObject({
  name: Name,
  prompt: z
    .strictObject({
      name: PromptName,
      label: LabelName.or(z.literal("latest")).optional(),
      version: z.number().int().min(1).max(1_000_000_000).optional(),
    })
    .describe("Where the search begins; `production` where neither label nor version is named."),
  model: ModelName.nullable().default(null).describe("The model that answers; null for the one that the prompt names."),
  dataset: ExperimentDataset,
  scorers: z.array(ScorerRef).min(1).max(10).describe("The first one is made better; the reasons of all are read."),
  method: z
    .enum(OPTIMISATION_METHODS)
    .default("gepa")
    .describe(
      "`gepa`: a model rewrites the prompt by what the scorers say. `few-shot`: examples that went well are put in. `mutations`: tried hints and examples, for models too weak to rewrite.",
    ),
  reflectionModel: ModelName.nullable()
    .default(null)
    .describe("The model that rewrites, best a strong one; null for the one that answers."),
  minibatch: z.number().int().min(1).max(20).default(3).describe("Items that a rewrite is made from and tried on."),
  merge: z.boolean().default(true).describe("Also joins two lines of rewrites, where a prompt has several messages."),
  examples: z.number().int().min(1).max(16).default(4).describe("The most examples that are put in."),
  trials: z.number().int().min(2).max(200).default(16).describe("Prompts that `few-shot` and `mutations` try."),
  parts: z
    .strictObject({
      feedback: partSize.default(100),
      selection: partSize.default(60),
      test: partSize.default(200),
    })
    .default({ feedback: 100, selection: 60, test: 200 })
    .describe("The most items of each third. An item stays in its third, whatever else the dataset gets."),
  maxTokensRatio: z
    .number()
    .min(0.1)
    .max(100)
    .nullable()
    .default(null)
    .describe("No prompt wins that takes more tokens an answer than this many times the first one's."),
  margin: z.number().min(0).max(1).default(0.01).describe("A gain that does not matter, as a share of the range."),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  concurrency: z.number().int().min(1).max(64).default(8),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("The same seed draws the same."),
  budget: OptimisationBudget.default({ answers: 300, usd: null, tokens: 10_000_000 }),
});
export type OptimisationInput = z.output<typeof OptimisationInput>;

/** A prompt that was tried on the whole selection third. */
export const OptimisationCandidate = z.object({
  candidate: z.number().describe("Its number; 0 is the prompt at the start."),
  parents: z.array(z.number()),
  change: z.enum(["start", "rewrite", "merge", "examples", "mutation"]),
  reflection: z.string().describe("Why it was changed as it was: what the model said, or what was put in."),
  changes: z
    .array(z.object({ message: z.number(), before: z.string(), after: z.string() }))
    .describe("The messages that are not as in the first parent, by their place; examples are messages too."),
  content: PromptContent,
  quality: z.number().nullable().describe("The mean of the main score over the selection third; null without one."),
  scored: z.number().describe("Items of it that have a score."),
  wins: z.number().describe("Items of it on which no other prompt is better."),
  costUsd: z.number().nullable().describe("The mean of an answer; null when no price is known."),
  tokens: z.number().nullable().describe("The mean of an answer, read and written."),
  latencyMs: z.number().nullable(),
  length: z.number().describe("Characters of its messages."),
  isOnFrontier: z.boolean().describe("No other is at least as good, cheap and short, and more so in one of them."),
  answersBefore: z.number().describe("Answers that the search had asked for when it was found."),
});
export type OptimisationCandidate = z.infer<typeof OptimisationCandidate>;

/** A change that was tried on a few items and given up. */
export const RefusedChange = z.object({
  parents: z.array(z.number()),
  reason: z.string(),
  reflection: z.string(),
  before: z.number().nullable().describe("The sum of the scores of the few items."),
  after: z.number().nullable(),
});
export type RefusedChange = z.infer<typeof RefusedChange>;

export const OPTIMISATION_STOPS = [
  "finished",
  "budget-answers",
  "budget-usd",
  "budget-tokens",
  "price-unknown",
] as const;
export type OptimisationStop = (typeof OPTIMISATION_STOPS)[number];

export const OptimisationTest = z.object({
  candidate: z.number(),
  comparison: PairedComparison.describe(
    "The prompt at the start against the best, on items that the search never saw.",
  ),
  items: z
    .array(z.object({ itemId: z.string(), before: z.number(), after: z.number() }))
    .describe("Whose score changed, the greatest losses first."),
});
export type OptimisationTest = z.infer<typeof OptimisationTest>;

export const Optimisation = z.object({
  optimisationId: z.string(),
  name: z.string(),
  prompt: z.object({ name: z.string(), version: z.number() }).describe("Where the search begins."),
  model: z.string(),
  reflectionModel: z.string(),
  dataset: z.object({ datasetId: z.string(), version: z.string(), root: z.string() }),
  scorer: z.string().describe("The key of the score that is made better."),
  output: ScorerOutput.describe("What that score gives."),
  method: z.enum(OPTIMISATION_METHODS),
  budget: OptimisationBudget,
  alpha: z.number(),
  margin: z.number(),
  parts: z
    .object({ feedback: z.number(), selection: z.number(), test: z.number() })
    .nullable()
    .describe("Items; null until they were drawn."),
  candidates: z.array(OptimisationCandidate),
  refused: z.array(RefusedChange).describe("The last 200."),
  curve: z
    .array(z.object({ answers: z.number(), best: z.number() }))
    .describe("The best quality by the answers that it took."),
  best: z.number().nullable().describe("The candidate with the best quality; null until there is one."),
  test: OptimisationTest.nullable(),
  verdict: z.enum(VERDICTS).nullable().describe("Of the test; null until there is one."),
  saved: z
    .array(z.object({ candidate: z.number(), version: z.number() }))
    .describe("Candidates that became versions of the prompt, by the search or by hand."),
  savedVersion: z
    .number()
    .nullable()
    .describe("The version of the prompt that the best was saved as, without a label."),
  warnings: z.array(z.string()),
  status: z.enum(EXPERIMENT_STATUSES),
  stopped: z.enum(OPTIMISATION_STOPS).nullable(),
  message: z.string().describe("What came of it, in a sentence; why it failed, when it did."),
  answers: z.number().describe("Answers that the search has asked for."),
  reflections: z.number(),
  spent: ExperimentSpent,
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Optimisation = z.infer<typeof Optimisation>;

/** What an optimisation would take at most, before anything is asked or paid. */
export const OptimisationEstimate = z.object({
  parts: z.object({ feedback: z.number(), selection: z.number(), test: z.number() }),
  answers: z.number().describe("Of the search and the final test."),
  judgeCalls: z.number(),
  reflections: z.number(),
  tokens: z.number(),
  usd: z.number().nullable().describe("With judges; null when a price is not known."),
  warnings: z.array(z.string()),
});
export type OptimisationEstimate = z.infer<typeof OptimisationEstimate>;

const one = z.object({ optimisationId: z.string().max(80) });

export const optimisationsApi = defineApi({
  "GET /api/v1/optimisations": {
    name: "listOptimisations",
    summary: "Searches for better prompts, newest first",
    permission: "experiments:read",
    query: PageQuery.extend({
      search: z.string().max(200).default("").describe("Part of a name or of a prompt's name."),
      prompt: z.string().max(200).optional().describe("Those of this prompt."),
      version: z.coerce.number().int().min(1).max(1_000_000_000).optional().describe("Those that saved this version."),
      status: z.enum(EXPERIMENT_STATUSES).optional(),
    }),
    response: pageOf(Optimisation.omit({ candidates: true, refused: true, test: true })),
  },
  "POST /api/v1/optimisations": {
    name: "startOptimisation",
    summary: "Search for a better version of a prompt, as a job within a budget",
    permission: "experiments:write",
    body: OptimisationInput,
    response: Optimisation,
    status: 202,
  },
  "POST /api/v1/optimisations/estimate": {
    name: "estimateOptimisation",
    summary: "What a search for a better prompt would take at most; nothing is asked or paid",
    permission: "experiments:read",
    body: OptimisationInput,
    response: OptimisationEstimate,
  },
  "GET /api/v1/optimisations/:optimisationId": {
    name: "getOptimisation",
    summary: "A search with its prompts, their lineage and its final test by now",
    permission: "experiments:read",
    params: one,
    response: Optimisation,
  },
  "POST /api/v1/optimisations/:optimisationId/cancel": {
    name: "cancelOptimisation",
    summary: "Stop a search; what was found stays",
    permission: "experiments:write",
    params: one,
    response: Optimisation,
  },
  "POST /api/v1/optimisations/:optimisationId/resume": {
    name: "resumeOptimisation",
    summary: "Go on with a cancelled or failed search; what was answered is not asked again",
    permission: "experiments:write",
    params: one,
    response: Optimisation,
    status: 202,
  },
  "POST /api/v1/optimisations/:optimisationId/save": {
    name: "saveOptimisedPrompt",
    summary: "Save a prompt that a search found as a version without a label",
    permission: "prompts:write",
    params: one,
    body: z.strictObject({ candidate: z.number().int().min(0).max(100_000) }),
    response: z.object({ name: z.string(), version: z.number() }),
  },
});
