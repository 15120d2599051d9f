import { z } from "zod";
import { defineApi } from "../route.ts";
import { BranchName, Item, MAIN_BRANCH, VersionRef } from "./datasets.ts";

export const SYNTHESIS_RECIPES = ["questions", "evolve", "answers", "preferences"] as const;
export type SynthesisRecipe = (typeof SYNTHESIS_RECIPES)[number];

const ModelName = z.string().trim().min(1).max(300);

/**
 * The limits of the job. No call starts that could exceed them, assuming it costs as much as the most expensive call so
 * far.
 */
export const SynthesisBudget = z.strictObject({
  usd: z
    .number()
    .positive()
    .max(100_000)
    .nullable()
    .default(null)
    .describe("Requires models with a known price. Null for no limit."),
  tokens: z
    .number()
    .int()
    .min(1)
    .max(10_000_000_000)
    .default(1_000_000)
    .describe("Input and output tokens of all calls."),
});

export const SynthesisJudge = z.strictObject({
  model: ModelName.describe("The `model` of a request to the gateway."),
  threshold: z
    .number()
    .min(1)
    .max(10)
    .default(7)
    .describe("The lowest score, from 1 to 10, with which an item is accepted. Preferences do not use it."),
  criteria: z
    .string()
    .max(4_000)
    .default("")
    .describe("Criteria for a good item, in addition to the default criteria."),
});

export const SynthesisInput = z.strictObject({
  branch: BranchName.default(MAIN_BRANCH),
  recipe: z
    .enum(SYNTHESIS_RECIPES)
    .describe(
      "`questions`: new items similar to the seeds. `evolve`: harder, deeper or different versions of the seeds. `answers`: expected answers for inputs without one. `preferences`: two answers to the same input, and which is better.",
    ),
  seeds: z
    .strictObject({
      datasetId: z.string().optional().describe("This dataset if omitted."),
      version: VersionRef.unwrap().optional().describe("The draft of `branch` if omitted."),
    })
    .default({})
    .describe("The items to imitate, rewrite, answer or compare."),
  model: ModelName.describe("The `model` of a request to the gateway."),
  instructions: z.string().max(8_000).default("").describe("What the items are about, or how to write them."),
  count: z.number().int().min(1).max(10_000).describe("The number of items to generate."),
  budget: SynthesisBudget.default({ usd: null, tokens: 1_000_000 }),
  judge: SynthesisJudge.nullable().default(null).describe("A judge that scores the items. Required for preferences."),
  nearDuplicates: z
    .boolean()
    .default(true)
    .describe("Whether to drop near-duplicates in addition to exact duplicates."),
  temperature: z.number().min(0).max(2).default(0.9),
  maxOutputTokens: z
    .number()
    .int()
    .min(16)
    .max(100_000)
    .default(1_024)
    .describe("The maximum number of output tokens per call."),
  concurrency: z.number().int().min(1).max(32).default(4).describe("The number of attempts that run in parallel."),
  isStructured: z
    .boolean()
    .default(false)
    .describe(
      "Requests answers that follow a JSON schema. Use it for models that support structured output, such as local models.",
    ),
  licence: z.string().max(200).default("").describe("The license of the model's output, stored in each item."),
});
export type SynthesisInput = z.output<typeof SynthesisInput>;

export const SYNTHESIS_LOSSES = [
  "unreadable",
  "misshapen",
  "duplicate",
  "near-duplicate",
  "below-threshold",
  "judge-unreadable",
  "undecided",
  "call-failed",
] as const;
/** Why something that was made, or tried, is not among the items. */
export type SynthesisLoss = (typeof SYNTHESIS_LOSSES)[number];

export const SynthesisSpent = z.object({
  calls: z.number(),
  tokens: z.number(),
  usd: z.number().describe("The cost of calls with a known price."),
  unpricedCalls: z.number(),
});
export type SynthesisSpent = z.infer<typeof SynthesisSpent>;

export const SYNTHESIS_STOPS = [
  "finished",
  "budget-usd",
  "budget-tokens",
  "price-unknown",
  "no-more-seeds",
  "too-few-kept",
] as const;

export const SynthesisTally = z.object({
  tries: z.number(),
  kept: z.number(),
  losses: z.array(z.object({ loss: z.enum(SYNTHESIS_LOSSES), count: z.number() })),
  samples: z
    .array(z.object({ loss: z.enum(SYNTHESIS_LOSSES), text: z.string() }))
    .describe("Examples of dropped items."),
  spent: SynthesisSpent,
});
export type SynthesisTally = z.infer<typeof SynthesisTally>;

/** The `result` of the job. */
export const SynthesisResult = SynthesisTally.extend({
  stop: z.enum(SYNTHESIS_STOPS),
  why: z.string().describe("Why it stopped, in words."),
  added: z.number(),
  changed: z.number().describe("The number of items that received an expected answer."),
});
export type SynthesisResult = z.infer<typeof SynthesisResult>;

export const SynthesisPreview = SynthesisTally.extend({
  stop: z.enum(SYNTHESIS_STOPS),
  why: z.string(),
  items: z.array(
    z.object({
      item: Item,
      loss: z.enum(SYNTHESIS_LOSSES).nullable().describe("Null for an accepted item."),
      score: z.number().nullable(),
      reason: z.string().describe("The judge's reason."),
    }),
  ),
  forecast: z
    .object({ tokens: z.number(), usd: z.number().nullable() })
    .nullable()
    .describe("The estimated usage for `count` items. Null if no item was accepted."),
});
export type SynthesisPreview = z.infer<typeof SynthesisPreview>;

const params = z.object({ datasetId: z.string() });

export const synthesisApi = defineApi({
  "POST /api/v1/datasets/:datasetId/synthesis/preview": {
    name: "previewSynthesis",
    summary: "Generate a few items as a preview; the calls cost money, and nothing is written",
    permission: "datasets:write",
    params,
    body: SynthesisInput.extend({ tries: z.number().int().min(1).max(10).default(3) }),
    example: { recipe: "questions", model: "openai/gpt-5-mini", count: 5 },
    response: SynthesisPreview,
  },
  "POST /api/v1/datasets/:datasetId/synthesis": {
    name: "startSynthesis",
    summary: "Generate items through the gateway as a job within a budget; they become one step of the draft",
    permission: "datasets:write",
    params,
    body: SynthesisInput,
    example: { recipe: "questions", model: "openai/gpt-5-mini", count: 100, budget: { usd: 2 } },
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});
