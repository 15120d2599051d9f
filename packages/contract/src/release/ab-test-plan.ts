import { z } from "zod";
import { variantName } from "../build/routing.ts";
import { Name } from "../pages.ts";
import { ComparedUnit, RolloutGuardrail } from "./rollout-plan.ts";

export const AB_TEST_ALLOCATIONS = ["fixed", "adaptive"] as const;
export const AB_TEST_METHODS = ["thompson", "top-two"] as const;

/** How the shares of a test follow its results. */
export const AbTestAdaptive = z.strictObject({
  goal: z
    .string()
    .min(1)
    .max(210)
    .describe("The metric that moves the shares, by its key: its kind, or `score:` and its name."),
  method: z
    .enum(AB_TEST_METHODS)
    .default("thompson")
    .describe(
      "`thompson`: a variant's share is its probability of being the best. `top-two`: half for the best, half for its closest rivals; it needs at least 3 variants.",
    ),
  holdout: z
    .number()
    .min(0.05, "use a holdout of at least 5 % of the units: 0.05")
    .max(0.5, "use a holdout of at most 50 % of the units: 0.5")
    .default(0.1)
    .describe("The share of units that the fixed shares divide. The report reads no other units."),
  floor: z
    .number()
    .min(0.01, "use a smallest share of at least 1 %: 0.01")
    .max(0.4, "use a smallest share of at most 40 %: 0.4")
    .default(0.05)
    .describe("The smallest share of a variant outside the holdout."),
});
export type AbTestAdaptive = z.output<typeof AbTestAdaptive>;

const AbTestArm = z.strictObject({
  variant: variantName,
  share: z.number().min(0.01).max(0.99).describe("The share of units that the variant gets."),
});

/** What a test is made of. It can be changed until it starts. */
export const AbTestInput = z.strictObject({
  name: Name,
  endpointId: z.string().min(1).max(100),
  control: variantName.describe("The arm that the others are compared with."),
  arms: z.array(AbTestArm).min(2).max(6).describe("The variants that are compared. Their shares add up to 1."),
  unit: ComparedUnit,
  metrics: z
    .array(RolloutGuardrail.pick({ metric: true, direction: true, margin: true }))
    .min(1)
    .max(10),
  alpha: z
    .number()
    .min(0.0001)
    .max(0.2)
    .default(0.05)
    .describe("The probability of any wrong verdict over the whole test. It is divided among arms and metrics."),
  expectedUnits: z
    .number()
    .int()
    .min(200)
    .max(10_000_000)
    .default(5_000)
    .describe("Units of an arm and the control together at which the intervals are narrowest."),
  allocation: z
    .enum(AB_TEST_ALLOCATIONS)
    .default("fixed")
    .describe("`adaptive`: outside a holdout, the shares move to the variants with the better results."),
  adaptive: AbTestAdaptive.nullable().default(null).describe("For the allocation `adaptive`. Null otherwise."),
});
export type AbTestInput = z.output<typeof AbTestInput>;
