import { z } from "zod";

const Share = z.number().describe("From 0 to 1.");
const Counted = z.object({ name: z.string(), rows: z.number(), share: Share });

/** Of numbers: where they lie, and a histogram of bins of the same width whose last also holds what lies above. */
export const Distribution = z.object({
  count: z.number(),
  mean: z.number(),
  min: z.number(),
  p25: z.number(),
  median: z.number(),
  p75: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
  histogram: z.object({ from: z.number(), to: z.number(), counts: z.array(z.number()) }),
});
export type Distribution = z.infer<typeof Distribution>;

const TokensOfModel = z.object({
  provider: z.string(),
  model: z.string(),
  tokenizer: z.string(),
  isExact: z.boolean().describe("False if the model's tokenizer is unknown and another tokenizer is used instead."),
  inputTokens: z.number(),
  outputTokens: z.number(),
  trainingTokens: z.number().describe("All tokens times the epochs."),
  runUsd: z
    .number()
    .nullable()
    .describe("The cost of sending every input to the model once. Null if the price is unknown."),
  trainUsd: z.number().nullable().describe("The cost of training on all tokens. Null if the price is unknown."),
});

/** The measurements of the items of a dataset. */
export const QualityReport = z.object({
  name: z.string(),
  rows: z.number(),
  bytes: z.number(),
  shapes: z.array(Counted).describe("The kind of items: chat, preference, pair or other."),
  splits: z.array(Counted),
  sources: z.array(Counted),
  missing: z
    .object({ inputs: z.number(), expected: z.number() })
    .describe("The number of items without text in this field."),
  lengths: z.object({
    inputCharacters: Distribution,
    expectedCharacters: Distribution,
    turns: Distribution.nullable().describe("Messages per conversation. Null if there are no conversations."),
    tokensByRole: z.array(z.object({ role: z.string(), tokens: Distribution })),
  }),
  labels: z
    .object({
      field: z.string(),
      classes: z.array(Counted),
      classCount: z.number(),
      entropy: z.number().describe("The entropy of the classes as a share of its maximum. 1 means balanced."),
      largestToSmallest: z.number(),
    })
    .nullable(),
  duplicates: z.object({
    exactRows: z.number().describe("The number of items whose text occurs in an earlier item."),
    exactShare: Share,
    sameInputOtherExpected: z.number().describe("Inputs that occur with more than one expected output."),
    near: z
      .object({
        rows: z.number(),
        share: Share,
        clusters: z.number(),
        rules: z
          .array(
            z.object({
              unit: z.enum(["word", "character"]),
              size: z.number().describe("The length of a shingle in words or characters."),
              threshold: z.number().describe("The share of common shingles from which two texts are near-duplicates."),
              rows: z.number().describe("The number of texts that are compared with these settings."),
            }),
          )
          .optional()
          .describe("How texts were compared, shortest first. Missing in reports from older versions of Treadle."),
      })
      .nullable()
      .describe("Null if near-duplicates were not checked."),
  }),
  languages: z.array(Counted),
  privacy: z.object({
    rows: z.number().describe("The number of items with at least one finding."),
    kinds: z.array(z.object({ kind: z.string(), findings: z.number(), rows: z.number() })),
  }),
  toxicity: z.object({ rows: z.number(), kinds: z.array(z.object({ kind: z.string(), rows: z.number() })) }),
  quality: z.array(
    z.object({
      rule: z.string(),
      rows: z.number().describe("The number of items that the rule would remove."),
      share: Share,
    }),
  ),
  contamination: z.array(z.object({ datasetId: z.string(), name: z.string(), rows: z.number(), share: Share })),
  leaks: z
    .object({ splitPairs: z.array(z.object({ from: z.string(), to: z.string(), rows: z.number() })) })
    .nullable()
    .describe("The number of items whose text is in two splits. Null without splits."),
  splitAuc: z
    .array(
      z.object({
        from: z.string().describe("The largest split."),
        to: z.string(),
        auc: z.number().describe("The area under the ROC curve: 0.5 means indistinguishable, 1 means fully separable."),
        low: z.number().describe("With `high`, the 95 % confidence interval."),
        high: z.number(),
        rows: z.number().describe("The number of items compared, at most 4,000 of each split."),
      }),
    )
    .optional()
    .describe(
      "How well a simple classifier distinguishes splits by the words of their inputs (adversarial validation). Only for splits of at least 30 items. Missing in older reports.",
    ),
  tokens: z.array(TokensOfModel),
  epochs: z.number(),
  warnings: z.array(z.string()).describe("The findings that a person should review first."),
});
export type QualityReport = z.infer<typeof QualityReport>;
