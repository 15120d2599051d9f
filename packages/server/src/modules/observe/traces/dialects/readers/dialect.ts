import type { Span } from "@treadle/contract";
import type { AttributeReader } from "./attribute-reader.ts";
import type { ReceivedEvent, ReceivedSpan } from "./received-span.ts";

/** A judgement that came inside a span. */
export type ReceivedScore = {
  readonly name: string;
  /** Null for a score that is a label. */
  readonly value: number | null;
  readonly label: string;
  readonly comment: string;
};

/**
 * The fields that a dialect reads from a span. Missing fields have their default.
 * `input` and `output` of a generation are OpenTelemetry GenAI messages (`[{ role, parts: [...] }]`). A retrieval's
 * `output` is documents (`[{ id, content, score, metadata }]`). A rerank's `input` is `{ query, documents }` and its
 * `output` documents. A tool's are its arguments and its result.
 * Texts, lists and numbers are as long as the sender made them. The code that stores them limits them. Tokens and cost
 * are read only for spans that call a model: totals of an agent or a chain remain in the attributes.
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
  /** The name of the whole trace, if the sender sets one. */
  readonly traceName?: string;
  readonly promptName?: string;
  readonly promptVersion?: string;
  readonly release?: string;
  readonly scores?: readonly ReceivedScore[];
  /** Facts without a field, under OpenTelemetry's names (`gen_ai.tool.definitions` and the like). They win over a kept attribute of the same name. */
  readonly attributes?: ReadonlyMap<string, unknown>;
  /** Keys of attributes that were read into the fields above and are not stored again. */
  readonly consumed?: readonly string[];
  /** Names of events that only report another piece of a stream, or repeat the fields above. */
  readonly consumedEvents?: readonly string[];
  /** Events of which everything was read into the fields above. Any other event stays an event of the span. */
  readonly readEvents?: readonly ReceivedEvent[];
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
