import type { Span } from "@treadle/contract";

/**
 * An OpenTelemetry attribute's value. Lists of key and value are maps, so that no key of a sender ever becomes a property;
 * bytes are base64; an integer beyond 2^53 is its digits.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;
export type Attributes = ReadonlyMap<string, AttributeValue>;

export type ReceivedEvent = { readonly name: string; readonly timeMicros: number; readonly attributes: Attributes };
export type ReceivedLink = { readonly traceId: string; readonly spanId: string; readonly attributes: Attributes };

/** A span as a sender of OpenTelemetry wrote it: checked for its ids and times, not yet understood. Times in microseconds since 1970. */
export type ReceivedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the span that begins its trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly startMicros: number;
  readonly endMicros: number;
  /** OpenTelemetry's: 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly events: readonly ReceivedEvent[];
  readonly links: readonly ReceivedLink[];
  readonly scope: { readonly name: string; readonly version: string };
  readonly resource: Attributes;
};

/** A judgement that came inside a span. */
export type ReceivedScore = {
  readonly name: string;
  /** Null for a score that is a word. */
  readonly value: number | null;
  readonly label: string;
  readonly comment: string;
};

/**
 * What a dialect reads out of a span. What it leaves out keeps its default; `input` and `output` of a generation are
 * OpenTelemetry GenAI messages (`[{ role, parts: [...] }]`), those of a retrieval or rerank `[{ id, content, score, metadata }]` documents.
 */
export type Reading = Partial<
  Pick<
    Span,
    | "kind"
    | "name"
    | "timeToFirstTokenMs"
    | "status"
    | "errorType"
    | "errorMessage"
    | "environment"
    | "provider"
    | "requestModel"
    | "responseModel"
    | "userId"
    | "sessionId"
    | "tags"
    | "metadata"
    | "inputTokens"
    | "outputTokens"
    | "cachedInputTokens"
    | "cacheWriteTokens"
    | "reasoningTokens"
    | "costUsd"
    | "parameters"
    | "input"
    | "output"
  >
> & {
  readonly scores?: readonly ReceivedScore[];
  /** Keys of attributes that were read into the fields above and need not be kept a second time. */
  readonly consumed?: readonly string[];
};

/** One way in which instrumentations write language-model spans. */
export type Dialect = {
  readonly id: string;
  /** As people see it, such as `OpenInference`. */
  readonly label: string;
  readonly matches: (span: ReceivedSpan) => boolean;
  readonly read: (span: ReceivedSpan) => Reading;
};
