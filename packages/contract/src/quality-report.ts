import { z } from "zod";

const Share = z.number().describe("Between 0 and 1.");
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
  isExact: z.boolean().describe("False when the model's own tokenizer is not known, and another's stands in."),
  inputTokens: z.number(),
  outputTokens: z.number(),
  trainingTokens: z.number().describe("All tokens times the epochs."),
  runUsd: z.number().nullable().describe("To ask the model every input once; null when its price is not known."),
  trainUsd: z
    .number()
    .nullable()
    .describe("To read all tokens in training at the price of training; null when it is not known."),
});

/** What is measured of the items of a dataset. */
export const QualityReport = z.object({
  name: z.string(),
  rows: z.number(),
  bytes: z.number(),
  shapes: z.array(Counted).describe("Chat, preference, pair and others."),
  splits: z.array(Counted),
  sources: z.array(Counted),
  missing: z.object({ inputs: z.number(), expected: z.number() }).describe("Items without text there."),
  lengths: z.object({
    inputCharacters: Distribution,
    expectedCharacters: Distribution,
    turns: Distribution.nullable().describe("Messages of a conversation; null when there is none."),
    tokensByRole: z.array(z.object({ role: z.string(), tokens: Distribution })),
  }),
  labels: z
    .object({
      field: z.string(),
      classes: z.array(Counted),
      classCount: z.number(),
      entropy: z.number().describe("Of the classes as a share of the largest it can be; 1 is balanced."),
      largestToSmallest: z.number(),
    })
    .nullable(),
  duplicates: z.object({
    exactRows: z.number().describe("Items whose text another before them has."),
    exactShare: Share,
    sameInputOtherExpected: z.number().describe("Inputs that are there with more than one expected output."),
    near: z
      .object({ rows: z.number(), share: Share, threshold: z.number(), clusters: z.number() })
      .nullable()
      .describe("Null when they were not looked for."),
  }),
  languages: z.array(Counted),
  privacy: z.object({
    rows: z.number().describe("Items with at least one finding."),
    kinds: z.array(z.object({ kind: z.string(), findings: z.number(), rows: z.number() })),
  }),
  toxicity: z.object({ rows: z.number(), kinds: z.array(z.object({ kind: z.string(), rows: z.number() })) }),
  quality: z.array(
    z.object({ rule: z.string(), rows: z.number().describe("Items the rule would remove."), share: Share }),
  ),
  contamination: z.array(z.object({ datasetId: z.string(), name: z.string(), rows: z.number(), share: Share })),
  leaks: z
    .object({ splitPairs: z.array(z.object({ from: z.string(), to: z.string(), rows: z.number() })) })
    .nullable()
    .describe("Items whose text is in two splits; null without splits."),
  splitAuc: z
    .array(
      z.object({
        from: z.string().describe("The largest split."),
        to: z.string(),
        auc: z.number().describe("The area under the ROC curve: 0.5 is alike, 1 told apart."),
        low: z.number().describe("With `high`, the interval that holds it in 95 of 100 samples."),
        high: z.number(),
        rows: z.number().describe("Items that were compared, at most 4,000 of each split."),
      }),
    )
    .optional()
    .describe(
      "How well a simple classifier tells splits apart by the words of their inputs (adversarial validation). Only splits of 30 items or more; left out in reports from before it was measured.",
    ),
  tokens: z.array(TokensOfModel),
  epochs: z.number(),
  warnings: z.array(z.string()).describe("What a person should look at first."),
});
export type QualityReport = z.infer<typeof QualityReport>;
