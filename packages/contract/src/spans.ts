import { z } from "zod";
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
  status: z.number().describe("The HTTP status, or 0 when there was none."),
  error: z.string(),
  durationMs: z.number(),
});
export type Attempt = z.infer<typeof Attempt>;

const attributes = z.record(text(500), z.unknown()).default({});

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

/** A finished step of a trace. Money in US dollars, durations in milliseconds, ids as OpenTelemetry writes them. */
export const Span = z.object({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: z.union([z.literal(""), hex(16)]).default(""),
  name: text(300).min(1),
  kind: z.enum(SPAN_KINDS).default("span"),
  startTime: z.iso.datetime({ offset: true }).describe("ISO 8601 with an offset; up to microseconds are kept."),
  durationMs: z.number().min(0).max(1e12),
  timeToFirstTokenMs: z.number().min(0).max(1e9).nullable().default(null),
  status: z.enum(SPAN_STATUSES).default("ok"),
  errorType: text(200).default(""),
  errorMessage: text(20_000).default(""),
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
  costUsd: z.number().min(0).max(1e9).nullable().default(null).describe("Null when no price is known."),
  isCacheHit: z.boolean().default(false),
  parameters: z
    .record(text(200), z.unknown())
    .default({})
    .describe("Temperature and the like, as they were asked for."),
  input: z.unknown().default(null).describe("What went in: for a generation, OpenTelemetry GenAI input messages."),
  output: z.unknown().default(null).describe("What came out: for a generation, OpenTelemetry GenAI output messages."),
  attributes: attributes.describe("Everything else, by its attribute name."),
  attempts: z.array(Attempt).max(100).default([]),
  configHash: text(64).default("").describe("SHA-256 of the configuration that served the call."),
  events: z.array(SpanEvent).max(128).default([]),
  links: z.array(SpanLink).max(128).default([]),
  scopeName: text(300).default("").describe("The library that made the span, as OpenTelemetry names it."),
  dialect: text(60)
    .default("")
    .describe("How the sender writes such spans, such as `openinference`; empty for our own."),
  traceName: text(300).default("").describe("The name of the whole trace, where the sender gives it one."),
  promptName: text(300).default(""),
  promptVersion: text(200).default(""),
  release: text(200).default("").describe("The version of the application that made the span."),
});
export type Span = z.infer<typeof Span>;
export type SpanInput = z.input<typeof Span>;

/** What only a received span can have, as it is where nobody says more. */
export const SPAN_EXTRAS = {
  events: [],
  links: [],
  scopeName: "",
  dialect: "",
  traceName: "",
  promptName: "",
  promptVersion: "",
  release: "",
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
}).extend({
  inputPreview: z.string(),
  outputPreview: z.string(),
  isSample: z.boolean().describe("Made by Treadle for the demo project, not by your traffic."),
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
  inputPreview: z.string().describe("What went into the span that began the trace, shortened."),
  outputPreview: z.string(),
});
export type TraceSummary = z.infer<typeof TraceSummary>;
