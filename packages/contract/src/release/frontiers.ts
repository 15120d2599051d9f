import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

/** A mean with an interval that holds at every look. */
const Estimate = z.object({
  units: z.number().describe("Units with a value."),
  mean: z.number().nullable(),
  lowerBound: z.number().nullable().describe("Null below 100 units."),
  upperBound: z.number().nullable(),
});

export const FrontierVariant = z.object({
  variant: z.string(),
  isCurrent: z.boolean().describe("The variant with the most weight, which the others are compared with."),
  isServed: z.boolean().describe("The variant has a weight above 0."),
  cost: Estimate.describe("US dollars per request."),
  quality: Estimate,
  isOnFrontier: z.boolean().describe("No other variant is both cheaper and better, by the means."),
  isNotWorse: z
    .boolean()
    .nullable()
    .describe("Shown to be worse by less than the margin. Null for the current variant."),
  qualityHarm: z
    .object({ harm: z.number(), lowerBound: z.number(), upperBound: z.number() })
    .nullable()
    .describe("How much worse than the current variant, on the days that both answered. Null with too few units."),
  daysTogether: z.number().describe("Days on which this and the current variant answered."),
});
export type FrontierVariant = z.output<typeof FrontierVariant>;

export const EndpointFrontier = z.object({
  at: Timestamp,
  endpointId: z.string(),
  endpoint: z.string(),
  quality: z.string(),
  margin: z.number(),
  days: z.number(),
  alpha: z.number().describe("Of one comparison: 0.05, divided by the number of other variants."),
  variants: z.array(FrontierVariant),
  cheapestNotWorse: z
    .string()
    .nullable()
    .describe(
      "The cheapest variant that is shown not to be worse than the current one, and costs less. Null for none.",
    ),
});
export type EndpointFrontier = z.output<typeof EndpointFrontier>;

export const frontiersApi = defineApi({
  "GET /api/v1/endpoints/:endpointId/frontier": {
    name: "getEndpointFrontier",
    summary: "Cost and quality of an endpoint's variants, and the cheapest that is not worse than the current one",
    description:
      "From the requests whose variant was drawn at random. Variants are compared on the same days only, weighted by day.",
    permission: "endpoints:read",
    params: z.object({ endpointId: z.string() }),
    query: z.object({
      quality: z
        .string()
        .min(1)
        .max(200)
        .default("success")
        .describe("`success` is the share of requests without an error. Otherwise the name of a score."),
      direction: z.enum(["higher", "lower"]).default("higher").describe("Which scores are better."),
      margin: z.coerce
        .number()
        .gt(0)
        .max(1_000_000)
        .default(0.02)
        .describe("A loss of quality below this is acceptable."),
      days: z.coerce.number().int().min(1).max(90).default(14),
    }),
    response: EndpointFrontier,
  },
});
