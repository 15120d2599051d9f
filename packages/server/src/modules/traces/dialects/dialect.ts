import type { Span } from "@treadle/contract";
import type { AttributeReader } from "./attribute-reader.ts";
import type { ReceivedSpan } from "./received-span.ts";

/** A judgement that came inside a span. */
export type ReceivedScore = {
  readonly name: string;
  /** Null for a score that is a word. */
  readonly value: number | null;
  readonly label: string;
  readonly comment: string;
};

/**
 * What a dialect reads out of a span. What it leaves out keeps its default. `input` and `output` of a generation are OpenTelemetry
 * GenAI messages (`[{ role, parts: [...] }]`); a retrieval's `output` is documents (`[{ id, content, score, metadata }]`), a rerank's
 * `input` is `{ query, documents }` and its `output` documents; a tool's are its arguments and its result.
 * Texts, lists and numbers are as long and as large as the sender made them: whoever stores them bounds them.
 * Tokens and cost are read for spans that call a model themselves: what an agent or a chain sums up stays in the attributes.
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
  /** The name of the whole trace, where the sender gives it one. */
  readonly traceName?: string;
  readonly promptName?: string;
  readonly promptVersion?: string;
  readonly release?: string;
  readonly scores?: readonly ReceivedScore[];
  /** Facts without a field, under OpenTelemetry's names (`gen_ai.tool.definitions` and the like). They win over a kept attribute of the same name. */
  readonly attributes?: ReadonlyMap<string, unknown>;
  /** Keys of attributes that were read into the fields above and need not be kept a second time. */
  readonly consumed?: readonly string[];
  /** Names of events that were read into the fields above, or that only say that another piece of a stream came. */
  readonly consumedEvents?: readonly string[];
};

/** One way in which instrumentations write language-model spans. */
export type Dialect = {
  readonly id: string;
  /** As people see it, such as `OpenInference`. */
  readonly label: string;
  readonly matches: (span: ReceivedSpan) => boolean;
  /** May throw: the span is then read as a plain one. */
  readonly read: (span: ReceivedSpan, reader: AttributeReader) => Reading;
};
