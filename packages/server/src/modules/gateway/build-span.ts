import { SPAN_EXTRAS, type Span } from "@treadle/contract";
import { type Call, WIRES } from "./call.ts";
import type { Settled } from "./delivery.ts";
import { inputMessages, outputMessages } from "./genai-messages.ts";
import { hubRequest } from "./outcome.ts";
import type { Usage } from "./providers/provider.ts";
import type { Candidate, Plan } from "./resolve-model.ts";
import { recordsOf } from "./wires/json.ts";

export type SpanFacts = {
  /** Null when the model's name led nowhere. */
  readonly plan: Plan | null;
  /** Who answered, or was asked last; null when nobody was. */
  readonly candidate: Candidate | null;
  readonly settled: Settled;
  readonly usage: Usage;
  readonly isEstimated: boolean;
  readonly costUsd: number | null;
  readonly configHash: string;
  readonly isCacheHit: boolean;
  readonly durationMs: number;
  readonly timeToFirstTokenMs: number | null;
};

/** OpenTelemetry's names of providers, where they are not the preset's own. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  azure: "azure.ai.openai",
  gemini: "gcp.gemini",
  bedrock: "aws.bedrock",
  mistral: "mistral_ai",
  xai: "x_ai",
};
/** What a request holds beside its parameters. */
const CONTENT = new Set([
  "model",
  "messages",
  "input",
  "prompt",
  "system",
  "instructions",
  "tools",
  "functions",
  "metadata",
  "user",
  "safety_identifier",
]);
/** OpenAI's and Anthropic's names of parameters, and OpenTelemetry's. */
const PARAMETER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    temperature: "temperature",
    top_p: "top_p",
    top_k: "top_k",
    max_tokens: "max_tokens",
    max_completion_tokens: "max_tokens",
    max_output_tokens: "max_tokens",
    seed: "seed",
    stop: "stop_sequences",
    stop_sequences: "stop_sequences",
    frequency_penalty: "frequency_penalty",
    presence_penalty: "presence_penalty",
    n: "choice.count",
    stream: "stream",
  }),
);

/** The finished span of a call, with OpenTelemetry's GenAI attribute names. */
export function buildSpan(call: Call, facts: SpanFacts): Span {
  const { settled, usage, candidate, plan } = facts;
  const { request, facts: caller } = call;
  const isEmbedding = call.wire === "embeddings";
  const provider = candidate?.kind === "http" ? candidate.connection.preset : candidate ? "local" : "";
  const responseModel = (settled.response?.model || settled.embeddings?.model || candidate?.model) ?? "";
  return {
    traceId: call.traceId,
    spanId: call.spanId,
    parentSpanId: call.parentSpanId,
    name: `${WIRES[call.wire].operation} ${request.model}`.slice(0, 300),
    kind: isEmbedding ? "embedding" : "generation",
    startTime: new Date(call.startedAt).toISOString(),
    durationMs: facts.durationMs,
    timeToFirstTokenMs: facts.timeToFirstTokenMs,
    status: settled.status,
    errorType: settled.errorType.slice(0, 200),
    errorMessage: settled.errorMessage.slice(0, 20_000),
    service: "",
    environment: caller.environment,
    provider,
    requestModel: request.model,
    responseModel: responseModel.slice(0, 300),
    endpoint: plan?.endpoint?.name ?? "",
    userId: caller.userId,
    sessionId: caller.sessionId,
    tags: [...caller.tags],
    metadata: { ...caller.metadata },
    ...usage,
    costUsd: facts.costUsd,
    isCacheHit: facts.isCacheHit,
    parameters: parametersOf(request),
    input: inputOf(call),
    output: settled.response ? outputMessages(settled.response) : null,
    attributes: attributesOf(call, facts, { provider, responseModel }),
    attempts: call.attempts,
    configHash: facts.configHash,
    ...SPAN_EXTRAS,
    promptName: call.prompt?.name ?? "",
    promptVersion: call.prompt?.version ?? "",
  };
}

function parametersOf(request: Call["request"]): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const name in request) {
    const value = request[name];
    if (!CONTENT.has(name) && value !== null && value !== undefined) parameters[name] = value;
  }
  return parameters;
}

/** Messages where the request can be read as such, and otherwise what the caller sent. */
function inputOf(call: Call): unknown {
  if (call.wire === "embeddings") return call.request.input;
  try {
    return inputMessages(recordsOf(hubRequest(call).messages));
  } catch {
    return call.request.messages ?? call.request.input ?? call.request.prompt;
  }
}

function attributesOf(
  call: Call,
  facts: SpanFacts,
  { provider, responseModel }: { provider: string; responseModel: string },
): Record<string, unknown> {
  const { settled, usage } = facts;
  const { response } = settled;
  const attributes: Record<string, unknown> = {
    "gen_ai.operation.name": WIRES[call.wire].operation,
    "gen_ai.provider.name": PROVIDER_NAMES[provider] ?? provider,
    "gen_ai.request.model": call.request.model,
    "gen_ai.response.model": responseModel,
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
    "treadle.wire": call.wire,
    "treadle.request_id": call.requestId,
    "treadle.actor": call.scope.actor,
  };
  for (const name in call.request) {
    const known = PARAMETER_NAMES.get(name);
    const value = call.request[name];
    if (known !== undefined && value !== null && value !== undefined) attributes[`gen_ai.request.${known}`] = value;
  }
  if (usage.cachedInputTokens > 0) attributes["gen_ai.usage.cache_read.input_tokens"] = usage.cachedInputTokens;
  if (usage.cacheWriteTokens > 0) attributes["gen_ai.usage.cache_creation.input_tokens"] = usage.cacheWriteTokens;
  if (usage.reasoningTokens > 0) attributes["gen_ai.usage.reasoning.output_tokens"] = usage.reasoningTokens;
  if (facts.timeToFirstTokenMs !== null)
    attributes["gen_ai.response.time_to_first_chunk"] = facts.timeToFirstTokenMs / 1_000;
  if (response) {
    attributes["gen_ai.response.id"] = response.id;
    attributes["gen_ai.response.finish_reasons"] = response.choices.map((choice) => choice.finish_reason ?? "");
  }
  if (call.prompt) {
    attributes["gen_ai.prompt.name"] = call.prompt.name;
    attributes["gen_ai.prompt.version"] = call.prompt.version;
  }
  if (settled.errorType !== "") attributes["error.type"] = settled.errorType;
  if (Array.isArray(call.request.tools)) attributes["gen_ai.tool.definitions"] = call.request.tools;
  if (call.warnings.length > 0) attributes["treadle.warnings"] = call.warnings;
  if (facts.isEstimated) attributes["treadle.usage.estimated"] = true;
  if (facts.candidate?.kind === "http") attributes["treadle.connection"] = facts.candidate.connection.slug;
  return attributes;
}
