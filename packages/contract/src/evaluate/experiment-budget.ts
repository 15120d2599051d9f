import { z } from "zod";

export const ExperimentBudget = z.strictObject({
  usd: z.number().positive().max(1_000_000).nullable().default(null).describe("Requires models with a known price."),
  tokens: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000_000)
    .default(10_000_000)
    .describe("Input and output tokens, of answers and judges."),
});
export type ExperimentBudget = z.output<typeof ExperimentBudget>;

export const EXPERIMENT_STOPS = ["finished", "precision", "budget-usd", "budget-tokens", "price-unknown"] as const;
export type ExperimentStop = (typeof EXPERIMENT_STOPS)[number];

export const ExperimentSpent = z.object({
  calls: z.number(),
  tokens: z.number(),
  usd: z.number().describe("The cost of calls with a known price."),
  unpricedCalls: z.number(),
});
export type ExperimentSpent = z.infer<typeof ExperimentSpent>;
