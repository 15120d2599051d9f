import { z } from "zod";
import { BranchName, Draft, Item, MAIN_BRANCH } from "./datasets.ts";
import { FeedbackFilter } from "./feedback-api.ts";
import { PREFERENCE_KINDS } from "./preferences.ts";
import { defineApi } from "./route.ts";

/** What the rows are for. */
export const DATA_SHAPES = ["sft", "dpo", "kto", "reward", "evaluation"] as const;
export type DataShape = (typeof DATA_SHAPES)[number];

export const DataSource = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("feedback"), filter: FeedbackFilter.omit({ consent: true }).prefault({}) }),
  z.strictObject({ kind: z.literal("queue"), queueId: z.string().max(80) }),
  z.strictObject({
    kind: z.literal("preferences"),
    queueId: z.string().max(80).optional(),
    kinds: z.array(z.enum(PREFERENCE_KINDS)).max(10).default([]).describe("Empty for all."),
  }),
]);
export type DataSource = z.output<typeof DataSource>;

export const DataRules = z.strictObject({
  consent: z
    .enum(["given", "any"])
    .default("given")
    .describe("`given`: only what may be used to train models. What annotators say always may."),
  privacy: z
    .enum(["mask", "drop", "keep"])
    .default("mask")
    .describe("Personal data and secrets: put a placeholder in their place, leave the row out, or keep them."),
  guideline: z.enum(["current", "any"]).default("current").describe("Answers under an older guideline stay out."),
  minAgreement: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.6)
    .describe("The share of the votes that the better answer, or the label, must have."),
  minRating: z.number().min(0).max(1).default(0.75).describe("From which share of the scale on an answer is approved."),
  minChange: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("A correction that changes less of the text, as a share of the longer one, is none."),
  pairsPerPrompt: z.number().int().min(1).max(1_000).default(8),
  allowConflicts: z.boolean().default(false).describe("Pairs that contradict others are taken too."),
  testShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe("The share of the prompts whose rows go to the split `test`; all rows of a prompt are in one."),
});
export type DataRules = z.output<typeof DataRules>;

export const FeedbackToDatasetInput = z.strictObject({
  from: DataSource,
  shape: z.enum(DATA_SHAPES),
  datasetId: z.string().max(80).optional().describe("Needed unless it is a dry run."),
  branch: BranchName.default(MAIN_BRANCH),
  rules: DataRules.prefault({}),
  isDryRun: z.boolean().default(false).describe("Say what would come of it, and change nothing."),
});
export type FeedbackToDatasetInput = z.output<typeof FeedbackToDatasetInput>;

export const FeedbackToDataset = z.object({
  found: z.number().describe("Pieces of feedback, answers or pairs that were looked at."),
  rows: z.number(),
  splits: z.array(z.object({ split: z.string().nullable(), rows: z.number() })),
  masked: z.number().describe("Rows in which something private was put out of sight."),
  dropped: z
    .array(
      z.object({
        reason: z.string(),
        count: z.number(),
        sourceIds: z.array(z.string()).describe("Some of them, to look at."),
      }),
    )
    .describe("Why the others fall out, the most frequent reason first."),
  samples: z.array(Item).describe("The first rows."),
  weights: z
    .object({ wanted: z.number(), unwanted: z.number(), desirableWeight: z.number(), undesirableWeight: z.number() })
    .nullable()
    .describe("Of kto: how often each label occurs, and the weights that make up for it in training."),
  draft: Draft.nullable().describe("Null in a dry run."),
});
export type FeedbackToDataset = z.infer<typeof FeedbackToDataset>;

export const toDataApi = defineApi({
  "POST /api/v1/feedback-to-dataset": {
    name: "addFeedbackToDataset",
    summary:
      "Make rows to train or to evaluate with out of feedback, answers or preferences; a dry run says what would come of it",
    permission: "datasets:write",
    body: FeedbackToDatasetInput,
    response: FeedbackToDataset,
  },
});
