import { z } from "zod";
import { content } from "../content.ts";
import { SPAN_KINDS, SPAN_STATUSES } from "./span-kinds.ts";

const hex = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`), `must be ${digits} lower-case hexadecimal digits`)
    .refine((id) => !/^0+$/.test(id), "must not be all zeros");
const text = (max: number) => z.string().max(max);
const count = z.number().int().min(0).max(4_294_967_295);

/** One try of one provider inside a call. */
export const Attempt = z.object({
  connection: z.string(),
  provider: z.string(),
  model: z.string(),
  status: z.number().describe("The HTTP status, or 0 if there was none."),
  error: content(z.string()),
  durationMs: z.number(),
});
export type Attempt = z.infer<typeof Attempt>;

const attributes = content(z.record(text(500), z.unknown()).default({}), "measures");
/** Set if the caller lacks `traces:content`. */
const isContentHidden = z.boolean().optional();

/** Something that happened at one moment of a span. */
export const SpanEvent = z.object({
  name: text(300),
  time: z.iso.datetime({ offset: true }),
  attributes,
});
export type SpanEvent = z.infer<typeof SpanEvent>;

/** Another span that has to do with this one, often of another trace. */
export const SpanLink = z.object({ traceId: hex(32), spanId: hex(16), attributes });
export type SpanLink = z.infer<typeof SpanLink>;

/** Why a gateway call went to its variant. Comparisons of variants count units, not calls. */
export const SpanAssignment = z.object({
  unit: z.enum(["user", "session", "conversation", "key", "request"]).describe("What keeps its variant."),
  bucket: z.number().min(0).max(1).describe("Where the unit lies in the range that the variants divide."),
  propensity: z
    .number()
    .min(0)
    .max(1)
    .describe(
      "The probability of this variant for such a unit when it was assigned; 1 if there was no other choice. In an A/B test with adaptive shares, the probability inside the holdout or outside it, wherever the unit lies. 0 if the caller named the variant, or if it answered after another variant failed.",
    ),
  endpointVersion: z.number().int().min(0).max(1_000_000_000),
});
export type SpanAssignment = z.infer<typeof SpanAssignment>;

/** A finished step of a trace. Money in US dollars, durations in milliseconds, ids as OpenTelemetry writes them. */
export const Span = z.object({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: z.union([z.literal(""), hex(16)]).default(""),
  name: text(300).min(1),
  kind: z.enum(SPAN_KINDS).default("span"),
  startTime: z.iso
    .datetime({ offset: true })
    .describe("ISO 8601 with an offset, with a precision of up to microseconds."),
  durationMs: z.number().min(0).max(1e12),
  timeToFirstTokenMs: z.number().min(0).max(1e9).nullable().default(null),
  status: z.enum(SPAN_STATUSES).default("ok"),
  errorType: text(200).default(""),
  errorMessage: content(text(20_000).default("")),
  service: text(200).default(""),
  environment: text(200).default(""),
  provider: text(200).default(""),
  requestModel: text(300).default(""),
  responseModel: text(300).default(""),
  endpoint: text(200).default(""),
  userId: text(500).default(""),
  sessionId: text(500).default(""),
  tags: z.array(text(200)).max(100).default([]),
  metadata: z.record(text(200), text(10_000)).default({}),
  inputTokens: count.default(0),
  outputTokens: count.default(0),
  cachedInputTokens: count.default(0),
  cacheWriteTokens: count.default(0),
  reasoningTokens: count.default(0),
  costUsd: z.number().min(0).max(1e9).nullable().default(null).describe("Null if no price is known."),
  isCacheHit: z.boolean().default(false),
  parameters: content(
    z.record(text(200), z.unknown()).default({}).describe("Temperature and other parameters, as requested."),
    "measures",
  ),
  input: content(
    z.unknown().default(null).describe("The input. For a generation, OpenTelemetry GenAI input messages."),
  ),
  output: content(
    z.unknown().default(null).describe("The output. For a generation, OpenTelemetry GenAI output messages."),
  ),
  attributes: content(attributes.describe("All other attributes, by name."), "measures"),
  attempts: z.array(Attempt).max(100).default([]),
  configHash: text(64).default("").describe("SHA-256 of the configuration that served the call."),
  events: z.array(SpanEvent).max(128).default([]),
  links: z.array(SpanLink).max(128).default([]),
  scopeName: text(300).default("").describe("The instrumentation library, as OpenTelemetry names it."),
  dialect: text(60)
    .default("")
    .describe("The dialect of the sender, such as `openinference`. Empty for Treadle's own spans."),
  traceName: text(300).default("").describe("The name of the whole trace, if the sender sets one."),
  promptName: text(300).default(""),
  promptVersion: text(200).default(""),
  release: text(200).default("").describe("The version of the application that created the span."),
  variant: text(40).default("").describe("The variant of the endpoint that the call went to."),
  rolloutId: text(60).default("").describe("The rollout that the endpoint was in."),
  assignment: SpanAssignment.nullable().default(null).describe("Null for a span that is not a call of an endpoint."),
});
export type Span = z.infer<typeof Span>;
export type SpanInput = z.input<typeof Span>;

/** A span as it is read. */
export const ReadSpan = Span.extend({ isContentHidden, isSample: z.boolean() });

/** The defaults of fields that only received spans have. */
export const SPAN_EXTRAS = {
  events: [],
  links: [],
  scopeName: "",
  dialect: "",
  traceName: "",
  promptName: "",
  promptVersion: "",
  release: "",
  variant: "",
  rolloutId: "",
  assignment: null,
} satisfies Partial<Span>;

/** A span without its payloads: what lists read. */
export const SpanSummary = Span.omit({
  input: true,
  output: true,
  attributes: true,
  attempts: true,
  parameters: true,
  metadata: true,
  events: true,
  links: true,
  assignment: true,
}).extend({
  inputPreview: content(z.string()),
  outputPreview: content(z.string()),
  isContentHidden,
  isSample: z.boolean().describe("Generated by Treadle for the demo project."),
});
export type SpanSummary = z.infer<typeof SpanSummary>;

export const TraceSummary = z.object({
  traceId: z.string(),
  name: z.string(),
  startTime: z.string(),
  durationMs: z.number(),
  status: z.enum(SPAN_STATUSES),
  spanCount: z.number(),
  errorCount: z.number(),
  models: z.array(z.string()),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable(),
  userId: z.string(),
  sessionId: z.string(),
  tags: z.array(z.string()),
  inputPreview: content(z.string().describe("The input of the span that started the trace, shortened.")),
  outputPreview: content(z.string()),
  isContentHidden,
});
export type TraceSummary = z.infer<typeof TraceSummary>;
