import { z } from "zod";
import { BranchName, Item, MAIN_BRANCH, VersionRef } from "./datasets.ts";
import { defineApi } from "./route.ts";

export const SYNTHESIS_RECIPES = ["questions", "evolve", "answers", "preferences"] as const;
export type SynthesisRecipe = (typeof SYNTHESIS_RECIPES)[number];

const ModelName = z.string().trim().min(1).max(300);

/** What the work may use up. A call that would go beyond it, costing as much as the dearest before it, is not begun. */
export const SynthesisBudget = z.strictObject({
  usd: z
    .number()
    .positive()
    .max(100_000)
    .nullable()
    .default(null)
    .describe("Needs models whose price is known. Null for no limit in money."),
  tokens: z.number().int().min(1).max(10_000_000_000).default(1_000_000).describe("Read and written, of all calls."),
});

export const SynthesisJudge = z.strictObject({
  model: ModelName.describe("What `model` of a request to the gateway would be."),
  threshold: z
    .number()
    .min(1)
    .max(10)
    .default(7)
    .describe("The least score, from 1 to 10, that an item is kept with. Preferences do not use it."),
  criteria: z.string().max(4_000).default("").describe("What a good item is, in words, beside the usual."),
});

export const SynthesisInput = z.strictObject({
  branch: BranchName.default(MAIN_BRANCH),
  recipe: z
    .enum(SYNTHESIS_RECIPES)
    .describe(
      "`questions`: new items like the seeds. `evolve`: seeds rewritten harder, deeper or otherwise. `answers`: expected answers for inputs without one. `preferences`: two answers to the same inputs and which is better.",
    ),
  seeds: z
    .strictObject({
      datasetId: z.string().optional().describe("This dataset when it is left out."),
      version: VersionRef.unwrap().optional().describe("The draft of `branch` when it is left out."),
    })
    .default({})
    .describe("The items that are imitated, rewritten, answered or compared."),
  model: ModelName.describe("What `model` of a request to the gateway would be."),
  instructions: z.string().max(8_000).default("").describe("What the items are about or how they should be."),
  count: z.number().int().min(1).max(10_000).describe("How many items are wanted."),
  budget: SynthesisBudget.default({ usd: null, tokens: 1_000_000 }),
  judge: SynthesisJudge.nullable().default(null).describe("Preferences need one."),
  nearDuplicates: z
    .boolean()
    .default(true)
    .describe("Whether near-duplicates are dropped too, and not only exact ones."),
  temperature: z.number().min(0).max(2).default(0.9),
  maxOutputTokens: z.number().int().min(16).max(100_000).default(1_024).describe("Of each call."),
  concurrency: z.number().int().min(1).max(32).default(4).describe("Tries that run at once."),
  isStructured: z
    .boolean()
    .default(false)
    .describe("Asks for answers that keep to a JSON schema, for models that can be held to one, such as local ones."),
  licence: z.string().max(200).default("").describe("The terms of the model's output, noted in each item."),
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
  usd: z.number().describe("Of calls whose price is known."),
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
    .describe("What some of the losses looked like."),
  spent: SynthesisSpent,
});
export type SynthesisTally = z.infer<typeof SynthesisTally>;

/** The `result` of the job. */
export const SynthesisResult = SynthesisTally.extend({
  stop: z.enum(SYNTHESIS_STOPS),
  why: z.string().describe("Why it stopped, for a person."),
  added: z.number(),
  changed: z.number().describe("Items that had no expected answer and have one now."),
});
export type SynthesisResult = z.infer<typeof SynthesisResult>;

export const SynthesisPreview = SynthesisTally.extend({
  stop: z.enum(SYNTHESIS_STOPS),
  why: z.string(),
  items: z.array(
    z.object({
      item: Item,
      loss: z.enum(SYNTHESIS_LOSSES).nullable().describe("Null for an item that would be kept."),
      score: z.number().nullable(),
      reason: z.string().describe("The judge's."),
    }),
  ),
  forecast: z
    .object({ tokens: z.number(), usd: z.number().nullable() })
    .nullable()
    .describe("What `count` items would use up at this rate; null when none was kept."),
});
export type SynthesisPreview = z.infer<typeof SynthesisPreview>;

const params = z.object({ datasetId: z.string() });

export const synthesisApi = defineApi({
  "POST /api/v1/datasets/:datasetId/synthesis/preview": {
    name: "previewSynthesis",
    summary: "Generate a few items and show what would become of them; they are paid for, and nothing is written",
    permission: "datasets:write",
    params,
    body: SynthesisInput.extend({ tries: z.number().int().min(1).max(10).default(3) }),
    response: SynthesisPreview,
  },
  "POST /api/v1/datasets/:datasetId/synthesis": {
    name: "startSynthesis",
    summary: "Generate items through the gateway as a job, within a budget; they become one step of the draft",
    permission: "datasets:write",
    params,
    body: SynthesisInput,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});
