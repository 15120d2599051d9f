import { z } from "zod";
import { variantName } from "../build/routing.ts";
import { StoredTime, Timestamp } from "../pages.ts";

const TOLERANCE = 1e-6;

/** What a call earned. */
export const OffPolicyMetric = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("score"),
    name: z.string().min(1).max(200).describe("The newest value of this score of the call or its trace."),
  }),
  z.strictObject({
    kind: z.literal("error").describe("1 for a call that failed or that a fallback answered, otherwise 0."),
  }),
  z.strictObject({ kind: z.literal("cost").describe("US dollars.") }),
  z.strictObject({ kind: z.literal("latency").describe("Milliseconds.") }),
]);
export type OffPolicyMetric = z.output<typeof OffPolicyMetric>;

export const OffPolicyInput = z.strictObject({
  endpointId: z.string().max(100),
  policy: z
    .record(variantName, z.number().min(0).max(1))
    .refine((shares) => Object.keys(shares).length >= 1 && Object.keys(shares).length <= 50, "name 1 to 50 variants")
    .refine(
      (shares) => Math.abs(Object.values(shares).reduce((sum, share) => sum + share, 0) - 1) < TOLERANCE,
      "the shares must add up to 1",
    )
    .describe('The share of each variant, such as `{"new": 1}` for all traffic.'),
  metric: OffPolicyMetric,
  from: StoredTime.optional().describe("The start of the logged traffic. 7 days ago if omitted."),
  to: StoredTime.optional().describe("Now if omitted."),
  mostWeight: z
    .number()
    .min(1)
    .max(1_000)
    .default(20)
    .describe("Larger weights are clipped, which reduces the variance and adds some bias."),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
});
export type OffPolicyInput = z.output<typeof OffPolicyInput>;

export const OFF_POLICY_METHODS = ["ips", "self-normalized", "doubly-robust"] as const;
export type OffPolicyMethod = (typeof OFF_POLICY_METHODS)[number];

export const OffPolicyResult = z.object({
  endpoint: z.string(),
  from: Timestamp,
  to: Timestamp,
  units: z.number().describe("The units that count, such as users. Calls of one unit are averaged first."),
  calls: z.number(),
  logged: z
    .object({ value: z.number(), low: z.number(), high: z.number() })
    .describe("The mean over the logged traffic, for comparison."),
  estimates: z.array(
    z.object({
      method: z.enum(OFF_POLICY_METHODS),
      value: z.number(),
      low: z.number(),
      high: z.number(),
      standardError: z.number(),
    }),
  ),
  effectiveUnits: z.number().describe("How many units of the policy itself the logged units are worth."),
  clippedUnits: z.number().describe("Units whose weight was clipped."),
  meanWeight: z.number().describe("Close to 1 if the logged probabilities are right."),
  variants: z.array(
    z.object({
      variant: z.string(),
      share: z.number().describe("The variant's share in the policy."),
      units: z.number(),
      calls: z.number(),
      propensity: z.number().describe("The mean logged probability."),
      mean: z.number().describe("The mean of the metric over its units."),
    }),
  ),
  leftOut: z.object({
    withoutPropensity: z
      .number()
      .describe(
        "Calls whose variant was not drawn: the caller named it, it took over from another variant, or the conversation stayed with it.",
      ),
    withoutChoice: z
      .number()
      .describe("Calls at a version of the endpoint, or in a rollout, where a variant of the policy got no traffic."),
    withoutValue: z.number().describe("Calls without a value of the metric."),
  }),
  warnings: z.array(z.string()),
});
export type OffPolicyResult = z.infer<typeof OffPolicyResult>;
