import { z } from "zod";

/** How an endpoint chooses among its variants. */
export const RoutingStrategy = z.enum(["weight", "latency", "busy", "cost"]);
export type RoutingStrategy = z.infer<typeof RoutingStrategy>;

/** What is tried after the variant of a request has failed, before the fallbacks. */
export const Failover = z.enum(["fallbacks", "variants"]);
export type Failover = z.infer<typeof Failover>;

/** Kinds of failures. A failure belongs to exactly one class. */
export const FailureClass = z.enum([
  "context-length",
  "content-filter",
  "rate-limit",
  "timeout",
  "unavailable",
  "error",
]);
export type FailureClass = z.infer<typeof FailureClass>;

export const variantName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, "use lower-case letters, digits, dots, hyphens and underscores, at most 40");

const HIGHEST_PRIORITY = 20;
export const priority = z.number().int().min(1).max(HIGHEST_PRIORITY);

const fallbackModel = z.string().min(1).max(240).describe("A local model id, a registered name, or `slug/model`.");
const on = z
  .array(FailureClass)
  .min(1)
  .max(FailureClass.options.length)
  .describe("The fallback is tried only if an earlier target of the request failed with one of these classes.");

/** A model that answers after a failure. */
export const Fallback = z.strictObject({
  model: fallbackModel,
  on,
  priority: priority.describe(
    "Fallbacks of equal priority are alternatives. The next priority is tried after all of them failed.",
  ),
});
export type Fallback = z.infer<typeof Fallback>;

/** A plain string is the model, and takes over after any failure. */
export const FallbackInput = z.union([
  fallbackModel,
  z.strictObject({
    model: fallbackModel,
    on: on.default([...FailureClass.options]),
    priority: priority.optional().describe("Left out: the fallback's place in the list, from 1."),
  }),
]);
export type FallbackInput = z.input<typeof FallbackInput>;

const SECRET_HEADERS = new Set(["authorization", "proxy-authorization", "cookie", "x-api-key", "api-key"]);

const headerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "use the name of an HTTP header, such as x-plan")
  .refine((name) => !SECRET_HEADERS.has(name.toLowerCase()), {
    message: "this header carries a secret, so a rule cannot read it; choose another header",
  });

const tokens = z.number().int().min(0).max(100_000_000);

/** One fact about a request. */
export const RuleCondition = z.discriminatedUnion("fact", [
  z.strictObject({ fact: z.literal("tag"), value: z.string().min(1).max(200).describe("One of the request's tags.") }),
  z.strictObject({ fact: z.literal("user"), value: z.string().min(1).max(500).describe("The id of the end user.") }),
  z.strictObject({
    fact: z.literal("language"),
    value: z
      .string()
      .regex(/^[a-z]{2,3}$/, "use an ISO 639 code such as en")
      .describe("The language of the last user message, such as `de`. A text that is too short matches no language."),
  }),
  z
    .strictObject({
      fact: z.literal("length"),
      min: tokens.nullable().default(null),
      max: tokens.nullable().default(null),
    })
    .refine(({ min, max }) => min !== null || max !== null, { message: "give a minimum, a maximum or both" })
    .refine(({ min, max }) => min === null || max === null || min <= max, {
      message: "the minimum is larger than the maximum",
      path: ["min"],
    })
    .describe("Estimated input tokens of the request, limits included. Pictures and files count 0."),
  z.strictObject({
    fact: z.literal("header"),
    name: headerName,
    value: z.string().max(1_000).nullable().default(null).describe("Null: any value."),
  }),
]);
export type RuleCondition = z.infer<typeof RuleCondition>;

/** Which variants answer requests of a certain kind. */
export const RoutingRule = z.strictObject({
  when: z.array(RuleCondition).min(1).max(10).describe("All of these must be true."),
  variants: z
    .array(variantName)
    .min(1)
    .max(20)
    .describe("The variants to choose from, by `strategy`. A variant with the weight 0 can be named here too."),
});
export type RoutingRule = z.infer<typeof RoutingRule>;

export const strategy = RoutingStrategy.describe(
  "How a variant is chosen. `weight`: by the weights. `latency`: the least time to the first token in recent calls. `busy`: the fewest requests in flight for its weight. `cost`: the lowest price of the request; unknown prices come last. Variants that are equal share the requests by weight.",
);
export const failover = Failover.describe(
  "What is tried after a variant failed before its first byte. `fallbacks`: only the fallbacks. `variants`: the other variants of the same priority, then the variants of the next priorities, then the fallbacks.",
);
export const rules = z
  .array(RoutingRule)
  .max(20)
  .describe("The first rule that matches a request decides which variants can answer it.");
