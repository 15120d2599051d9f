import type { SpanInput } from "@treadle/contract";
import type { Labels } from "./labels.ts";
import { toPlain, toWellFormedJson } from "./safe-json.ts";

/**
 * The fields of a span that can be set while it is open. Later values replace earlier ones; metadata and attributes are
 * merged.
 */
export type SpanUpdate = Partial<
  Pick<
    SpanInput,
    | "name"
    | "kind"
    | "input"
    | "output"
    | "provider"
    | "requestModel"
    | "responseModel"
    | "inputTokens"
    | "outputTokens"
    | "cachedInputTokens"
    | "reasoningTokens"
    | "costUsd"
    | "timeToFirstTokenMs"
    | "parameters"
    | "attributes"
  >
> &
  Labels;

/** A span that has begun. */
export type ActiveSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
  update(update: SpanUpdate): void;
  /** Notes an error without ending the span. */
  fail(error: unknown): void;
  /** Ends and sends the span. Later calls are ignored. */
  end(): void;
};

type Beginning = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly isSampled: boolean;
  readonly labels: Labels;
  readonly service: string;
  readonly environment: string;
  /** Takes the finished span as JSON. */
  readonly send: (json: string) => void;
};

const LONGEST = { name: 300, label: 200, id: 500, metadata: 10_000, message: 20_000 };
const MOST_TAGS = 100;

export function beginSpan(name: string, beginning: Beginning): ActiveSpan {
  const { traceId, spanId, parentSpanId, isSampled, service, environment, send } = beginning;
  const startTime = new Date().toISOString();
  const startedAt = performance.now();
  let said: SpanUpdate = { name, ...beginning.labels };
  let error: unknown;
  let isFailed = false;
  let isEnded = false;

  return {
    traceId,
    spanId,
    isSampled,
    update(update) {
      if (isEnded) return;
      said = {
        ...said,
        ...update,
        ...("input" in update && { input: toPlain(update.input) }),
        ...("output" in update && { output: toPlain(update.output) }),
        metadata: { ...said.metadata, ...update.metadata },
        attributes: { ...said.attributes, ...update.attributes },
        tags: [...(said.tags ?? []), ...(update.tags ?? [])],
      };
    },
    fail(problem) {
      error = problem;
      isFailed = true;
    },
    end() {
      if (isEnded) return;
      isEnded = true;
      if (!isSampled) return;
      const durationMs = performance.now() - startedAt;
      const place = { traceId, spanId, parentSpanId, startTime, durationMs, service, environment };
      send(toWellFormedJson({ ...clip(said), ...place, ...(isFailed && failureOf(error)) }));
    },
  };
}

/** The server refuses what is too long; a tracer must not lose a span over a label. */
function clip({ name = "", userId, sessionId, tags = [], metadata = {}, ...rest }: SpanUpdate) {
  return {
    ...rest,
    ...(rest.attributes && { attributes: toPlain(rest.attributes) }),
    ...(rest.parameters && { parameters: toPlain(rest.parameters) }),
    name: name.slice(0, LONGEST.name) || "unnamed",
    ...(userId && { userId: userId.slice(0, LONGEST.id) }),
    ...(sessionId && { sessionId: sessionId.slice(0, LONGEST.id) }),
    tags: [...new Set(tags.map((tag) => tag.slice(0, LONGEST.label)))].slice(0, MOST_TAGS),
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([key, value]) => [
        key.slice(0, LONGEST.label),
        String(value).slice(0, LONGEST.metadata),
      ]),
    ),
  };
}

function failureOf(error: unknown) {
  const isAbort = error instanceof Error && error.name === "AbortError";
  return {
    status: isAbort ? ("cancelled" as const) : ("error" as const),
    errorType: (error instanceof Error ? error.name : typeof error).slice(0, LONGEST.label),
    errorMessage: (error instanceof Error ? error.message : String(error)).slice(0, LONGEST.message),
  };
}
