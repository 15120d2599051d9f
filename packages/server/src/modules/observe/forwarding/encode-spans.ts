import type { Span } from "@treadle/contract";

/** A value as OTLP/JSON writes it. */
type AnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: AnyValue[] } }
  | { kvlistValue: { values: KeyValue[] } };
type KeyValue = { key: string; value: AnyValue };

/** Marks forwarded spans, so that a receiver that is this server, or forwards to it, does not forward them again. */
const FORWARDED = "treadle.forwarded";

const OPERATIONS: Readonly<Partial<Record<Span["kind"], string>>> = {
  generation: "chat",
  embedding: "embeddings",
  tool: "execute_tool",
  agent: "invoke_agent",
  retrieval: "retrieval",
};
const [INTERNAL, CLIENT] = [1, 3];
const [UNSET, ERROR] = [0, 2];
/** Attributes of a span that hold what people and models wrote. */
const CONTENT =
  /^(?:gen_ai\.(?:input|output|system_instructions|prompt|completion|tool\.(?:call|definitions))|llm\.|input\.|output\.|traceloop\.entity|ai\.(?:prompt|response)|langfuse\.(?:trace|observation)\.(?:input|output)|mlflow\.span(?:Inputs|Outputs)|retrieval\.)/;

/** Spans as the body of an OTLP/HTTP request in JSON, with the attribute names of OpenTelemetry's GenAI conventions. */
export function encodeSpans(spans: readonly Span[], { includesContent }: { includesContent: boolean }): string {
  const byResource = Map.groupBy(spans, ({ service, environment, release }) =>
    JSON.stringify([service, environment, release]),
  );
  const resourceSpans = [...byResource.values()].map((group) => ({
    resource: { attributes: resourceOf(group[0]) },
    scopeSpans: [...Map.groupBy(group, ({ scopeName }) => scopeName)].map(([name, inScope]) => ({
      scope: { name: name || "treadle" },
      spans: inScope.map((span) => toOtlp(span, includesContent)),
    })),
  }));
  return JSON.stringify({ resourceSpans });
}

function resourceOf(span: Span | undefined): KeyValue[] {
  return toAttributes({
    "service.name": span?.service || "treadle",
    ...(span?.environment && { "deployment.environment.name": span.environment }),
    ...(span?.release && { "service.version": span.release }),
  });
}

function toOtlp(span: Span, includesContent: boolean) {
  const startNanos = nanosOf(span.startTime);
  const isCall = span.kind === "generation" || span.kind === "embedding";
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId !== "" && { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: isCall ? CLIENT : INTERNAL,
    startTimeUnixNano: startNanos.toString(),
    endTimeUnixNano: (startNanos + BigInt(Math.round(span.durationMs * 1e6))).toString(),
    attributes: toAttributes(attributesOf(span, includesContent)),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      timeUnixNano: nanosOf(time).toString(),
      attributes: toAttributes(includesContent ? attributes : withoutContent(attributes)),
    })),
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      traceId,
      spanId,
      attributes: toAttributes(attributes),
    })),
    status: span.status === "ok" ? { code: UNSET } : { code: ERROR, message: span.errorMessage },
  };
}

/** Nanoseconds since 1970 of an ISO time with up to six digits of a second. */
function nanosOf(iso: string): bigint {
  const finer = /\.\d{3}(\d{1,3})/.exec(iso)?.[1] ?? "";
  return BigInt(Date.parse(iso)) * 1_000_000n + BigInt(finer.padEnd(3, "0")) * 1_000n;
}

function attributesOf(span: Span, includesContent: boolean): Record<string, unknown> {
  const operation = OPERATIONS[span.kind];
  const isCall = span.kind === "generation" || span.kind === "embedding";
  return {
    ...(includesContent ? span.attributes : withoutContent(span.attributes)),
    [FORWARDED]: true,
    "treadle.span.kind": span.kind,
    ...(operation && { "gen_ai.operation.name": operation }),
    ...(span.provider && { "gen_ai.provider.name": span.attributes["gen_ai.provider.name"] ?? span.provider }),
    ...(span.requestModel && { "gen_ai.request.model": span.requestModel }),
    ...(span.responseModel && { "gen_ai.response.model": span.responseModel }),
    ...(isCall && {
      "gen_ai.usage.input_tokens": span.inputTokens,
      "gen_ai.usage.output_tokens": span.outputTokens,
    }),
    ...(span.cachedInputTokens > 0 && { "gen_ai.usage.cache_read.input_tokens": span.cachedInputTokens }),
    ...(span.reasoningTokens > 0 && { "gen_ai.usage.reasoning.output_tokens": span.reasoningTokens }),
    ...(span.costUsd !== null && { "treadle.cost_usd": span.costUsd }),
    ...(span.timeToFirstTokenMs !== null && {
      "gen_ai.response.time_to_first_chunk": span.timeToFirstTokenMs / 1_000,
    }),
    ...(span.userId && { "user.id": span.userId }),
    ...(span.sessionId && { "session.id": span.sessionId }),
    ...(span.tags.length > 0 && { "treadle.tags": span.tags }),
    ...Object.fromEntries(Object.entries(span.metadata).map(([key, value]) => [`treadle.metadata.${key}`, value])),
    ...(span.errorType && { "error.type": span.errorType }),
    ...(includesContent && payloadsOf(span)),
  };
}

function payloadsOf({ kind, input, output }: Span): Record<string, unknown> {
  const [into, out] =
    kind === "generation" ? ["gen_ai.input.messages", "gen_ai.output.messages"] : ["treadle.input", "treadle.output"];
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return { ...(input !== null && { [into]: text(input) }), ...(output !== null && { [out]: text(output) }) };
}

const withoutContent = (attributes: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(attributes).filter(([key]) => !CONTENT.test(key)));

const toAttributes = (record: Readonly<Record<string, unknown>>): KeyValue[] =>
  Object.entries(record).flatMap(([key, value]) => {
    const any = toAnyValue(value);
    return any ? [{ key, value: any }] : [];
  });

function toAnyValue(value: unknown): AnyValue | null {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.flatMap((item) => toAnyValue(item) ?? []) } };
  if (typeof value === "object" && value !== null)
    return { kvlistValue: { values: toAttributes(value as Readonly<Record<string, unknown>>) } };
  return null;
}
