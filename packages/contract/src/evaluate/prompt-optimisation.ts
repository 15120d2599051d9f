import { z } from "zod";
import { LabelName, PromptContent, PromptName } from "../build/prompts.ts";
import { Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ExperimentBudget, ExperimentSpent } from "./experiment-budget.ts";
import { EXPERIMENT_STATUSES, ExperimentDataset } from "./experiments.ts";
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
    .describe("The maximum number of answers to request and score in the search. The final test needs more."),
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
    .describe("The prompt to start from. Without a label and version, `production` is used."),
  model: ModelName.nullable()
    .default(null)
    .describe("The model that answers. Null for the model that the prompt names."),
  dataset: ExperimentDataset,
  scorers: z
    .array(ScorerRef)
    .min(1)
    .max(10)
    .describe("The first scorer is optimized. The reasons of all scorers are used."),
  method: z
    .enum(OPTIMISATION_METHODS)
    .default("gepa")
    .describe(
      "`gepa`: a model rewrites the prompt based on the scorers' reasons. `few-shot`: adds examples with good results. `mutations`: tries hints and examples, for models too weak to rewrite.",
    ),
  reflectionModel: ModelName.nullable()
    .default(null)
    .describe("The model that rewrites the prompt, preferably a strong model. Null for the model that answers."),
  minibatch: z
    .number()
    .int()
    .min(1)
    .max(20)
    .default(3)
    .describe("The number of items on which a rewrite is based and tested."),
  merge: z
    .boolean()
    .default(true)
    .describe("Whether to merge two lineages of rewrites, if a prompt has several messages."),
  examples: z.number().int().min(1).max(16).default(4).describe("The maximum number of examples to add."),
  trials: z
    .number()
    .int()
    .min(2)
    .max(200)
    .default(16)
    .describe("The number of prompts that `few-shot` and `mutations` try."),
  parts: z
    .strictObject({
      feedback: partSize.default(100),
      selection: partSize.default(60),
      test: partSize.default(200),
    })
    .default({ feedback: 100, selection: 60, test: 200 })
    .describe("The maximum number of items in each third. An item always stays in its third when the dataset grows."),
  maxTokensRatio: z
    .number()
    .min(0.1)
    .max(100)
    .nullable()
    .default(null)
    .describe("The highest allowed number of tokens per answer, as a multiple of the first prompt's tokens."),
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe("The largest gain that does not matter, as a share of the score's range."),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  concurrency: z.number().int().min(1).max(64).default(8),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("The same seed makes the same random choices."),
  budget: OptimisationBudget.default({ answers: 300, usd: null, tokens: 10_000_000 }),
});
export type OptimisationInput = z.output<typeof OptimisationInput>;

/** A prompt that was tried on the whole selection third. */
export const OptimisationCandidate = z.object({
  candidate: z.number().describe("The candidate's number. 0 is the original prompt."),
  parents: z.array(z.number()),
  change: z.enum(["start", "rewrite", "merge", "examples", "mutation"]),
  reflection: z.string().describe("Why it was changed: the model's explanation, or the added examples."),
  changes: z
    .array(z.object({ message: z.number(), before: z.string(), after: z.string() }))
    .describe("The messages that differ from the first parent, by their position. Examples are messages too."),
  content: PromptContent,
  quality: z.number().nullable().describe("The mean main score over the selection third. Null without a score."),
  scored: z.number().describe("The number of selection items with a score."),
  wins: z.number().describe("The number of selection items on which no other candidate is better."),
  costUsd: z.number().nullable().describe("The mean cost per answer. Null if no price is known."),
  tokens: z.number().nullable().describe("The mean number of input and output tokens per answer."),
  latencyMs: z.number().nullable(),
  length: z.number().describe("The number of characters in its messages."),
  isOnFrontier: z
    .boolean()
    .describe("No other candidate is at least as good, cheap and short, and better in one of these."),
  answersBefore: z
    .number()
    .describe("The number of answers that the search had requested when it found this candidate."),
});
export type OptimisationCandidate = z.infer<typeof OptimisationCandidate>;

/** A change that was tried on a few items and given up. */
export const RefusedChange = z.object({
  parents: z.array(z.number()),
  reason: z.string(),
  reflection: z.string(),
  before: z.number().nullable().describe("The sum of the scores of the tested items."),
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
    "The original prompt compared with the best candidate, on items that the search did not use.",
  ),
  items: z
    .array(z.object({ itemId: z.string(), before: z.number(), after: z.number() }))
    .describe("Items whose score changed, largest losses first."),
});
export type OptimisationTest = z.infer<typeof OptimisationTest>;

export const Optimisation = z.object({
  optimisationId: z.string(),
  name: z.string(),
  prompt: z.object({ name: z.string(), version: z.number() }).describe("The prompt at the start."),
  model: z.string(),
  reflectionModel: z.string(),
  dataset: z.object({ datasetId: z.string(), version: z.string(), root: z.string() }),
  scorer: z.string().describe("The key of the optimized score."),
  output: ScorerOutput.describe("The type of the score."),
  method: z.enum(OPTIMISATION_METHODS),
  budget: OptimisationBudget,
  alpha: z.number(),
  margin: z.number(),
  parts: z
    .object({ feedback: z.number(), selection: z.number(), test: z.number() })
    .nullable()
    .describe("The numbers of items. Null until drawn."),
  candidates: z.array(OptimisationCandidate),
  refused: z.array(RefusedChange).describe("The last 200 rejected changes."),
  curve: z
    .array(z.object({ answers: z.number(), best: z.number() }))
    .describe("The best quality by the number of answers used."),
  best: z.number().nullable().describe("The candidate with the highest quality. Null until there is one."),
  test: OptimisationTest.nullable(),
  verdict: z.enum(VERDICTS).nullable().describe("The verdict of the final test. Null until there is one."),
  saved: z
    .array(z.object({ candidate: z.number(), version: z.number() }))
    .describe("Candidates that were saved as versions of the prompt, automatically or by a user."),
  savedVersion: z.number().nullable().describe("The version that the best candidate was saved as, without a label."),
  warnings: z.array(z.string()),
  status: z.enum(EXPERIMENT_STATUSES),
  stopped: z.enum(OPTIMISATION_STOPS).nullable(),
  message: z.string().describe("The result in a sentence, or the reason for a failure."),
  answers: z.number().describe("The number of answers that the search has requested."),
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
  answers: z.number().describe("For the search and the final test."),
  judgeCalls: z.number(),
  reflections: z.number(),
  tokens: z.number(),
  usd: z.number().nullable().describe("Includes judges. Null if a price is unknown."),
  warnings: z.array(z.string()),
});
export type OptimisationEstimate = z.infer<typeof OptimisationEstimate>;

const one = z.object({ optimisationId: z.string().max(80) });

export const optimisationsApi = defineApi({
  "GET /api/v1/optimisations": {
    name: "listOptimisations",
    summary: "Prompt optimisations, newest first",
    permission: "experiments:read",
    query: PageQuery.extend({
      search: z.string().max(200).default("").describe("Part of a name or of a prompt's name."),
      prompt: z.string().max(200).optional().describe("Optimisations of this prompt."),
      version: z.coerce
        .number()
        .int()
        .min(1)
        .max(1_000_000_000)
        .optional()
        .describe("The optimisations that saved this version."),
      status: z.enum(EXPERIMENT_STATUSES).optional(),
    }),
    response: pageOf(Optimisation.omit({ candidates: true, refused: true, test: true })),
  },
  "POST /api/v1/optimisations": {
    name: "startOptimisation",
    summary: "Start a prompt optimisation: search for a better version of a prompt, as a job within a budget",
    permission: "experiments:write",
    body: OptimisationInput,
    response: Optimisation,
    status: 202,
  },
  "POST /api/v1/optimisations/estimate": {
    name: "estimateOptimisation",
    summary: "Estimate the maximum usage of a prompt optimisation; no model is called",
    permission: "experiments:read",
    body: OptimisationInput,
    response: OptimisationEstimate,
  },
  "GET /api/v1/optimisations/:optimisationId": {
    name: "getOptimisation",
    summary: "A prompt optimisation with its candidates, their lineage and the final test so far",
    permission: "experiments:read",
    params: one,
    response: Optimisation,
  },
  "POST /api/v1/optimisations/:optimisationId/cancel": {
    name: "cancelOptimisation",
    summary: "Cancel a prompt optimisation; its candidates remain",
    permission: "experiments:write",
    params: one,
    response: Optimisation,
  },
  "POST /api/v1/optimisations/:optimisationId/resume": {
    name: "resumeOptimisation",
    summary: "Continue a canceled or failed prompt optimisation; existing answers are reused",
    permission: "experiments:write",
    params: one,
    response: Optimisation,
    status: 202,
  },
  "POST /api/v1/optimisations/:optimisationId/save": {
    name: "saveOptimisedPrompt",
    summary: "Save a candidate of a prompt optimisation as a version without a label",
    permission: "prompts:write",
    params: one,
    body: z.strictObject({ candidate: z.number().int().min(0).max(100_000) }),
    response: z.object({ name: z.string(), version: z.number() }),
    creates: true,
  },
});
