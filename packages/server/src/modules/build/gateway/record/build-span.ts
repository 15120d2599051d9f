import { SPAN_EXTRAS, type Span } from "@treadle/contract";
import type { CacheMatch } from "../answer/cache-match.ts";
import type { CallResult } from "../answer/delivery.ts";
import type { AttemptLog } from "../attempt/attempt-log.ts";
import { FORMATS } from "../formats/formats.ts";
import type { Usage } from "../formats/hub/hub.ts";
import { recordsOf } from "../formats/hub/json.ts";
import type { Call } from "../request/read-call.ts";
import type { Plan, Target } from "../resolve/resolve-model.ts";
import { cacheAttributes } from "./cache-attributes.ts";
import { inputMessages, outputMessages } from "./genai-messages.ts";
import { rerouteOf } from "./guard-spans.ts";
import { mirrorAttributes, mirroredSpan, nameOf } from "./mirrored-span.ts";
import { promptAttributes } from "./prompt-attributes.ts";
import { responseAttributes } from "./response-attributes.ts";
import { knowledgeAttributes } from "./retrieval-span.ts";

export type SpanFacts = {
  /** Null when the model's name could not be resolved. */
  readonly plan: Plan | null;
  /** The target that answered or was attempted last; null when there was none. */
  readonly target: Target | null;
  readonly log: AttemptLog;
  readonly result: CallResult;
  readonly usage: Usage;
  readonly isEstimated: boolean;
  readonly costUsd: number | null;
  readonly configHash: string;
  readonly isCacheHit: boolean;
  readonly cacheMatch?: CacheMatch | undefined;
  readonly guard?: Readonly<Record<string, unknown>> | undefined;
  readonly durationMs: number;
  readonly timeToFirstTokenMs: number | null;
};

/** OpenTelemetry's names of providers, where they differ from the preset's id. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  azure: "azure.ai.openai",
  gemini: "gcp.gemini",
  bedrock: "aws.bedrock",
  mistral: "mistral_ai",
  xai: "x_ai",
};
/** The fields of a request that are not parameters. */
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
  const { result, usage, target, plan } = facts;
  const { request, facts: caller } = call;
  const isEmbedding = call.format === "embeddings";
  const provider = target?.kind === "http" ? target.connection.preset : target ? "local" : "";
  const responseModel = (result.response?.model || result.embeddings?.model || target?.model) ?? "";
  return {
    traceId: call.traceId,
    spanId: call.spanId,
    parentSpanId: call.parentSpanId,
    name: nameOf(call),
    kind: isEmbedding ? "embedding" : "generation",
    startTime: new Date(call.startedAt).toISOString(),
    durationMs: facts.durationMs,
    timeToFirstTokenMs: facts.timeToFirstTokenMs,
    status: result.status,
    errorType: result.errorType.slice(0, 200),
    errorMessage: result.errorMessage.slice(0, 20_000),
    service: "",
    environment: caller.environment,
    provider,
    requestModel: request.model,
    responseModel: responseModel.slice(0, 300),
    endpoint: call.mirrorOf ? "" : (plan?.endpoint?.name ?? ""),
    userId: caller.userId,
    sessionId: caller.sessionId,
    tags: [...caller.tags],
    metadata: { ...caller.metadata },
    ...usage,
    costUsd: facts.costUsd,
    isCacheHit: facts.isCacheHit,
    parameters: parametersOf(request),
    input: inputOf(call),
    output: result.response ? outputMessages(result.response) : null,
    attributes: attributesOf(call, facts, { provider, responseModel }),
    attempts: [...facts.log.attempts],
    configHash: facts.configHash,
    ...SPAN_EXTRAS,
    promptName: call.prompt?.name ?? "",
    promptVersion: call.prompt?.version ?? "",
    ...(call.mirrorOf ? mirroredSpan(call.mirrorOf) : assignmentOf(plan)),
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

/** The request's messages. If they cannot be translated, the field of the request that holds them. */
function inputOf(call: Call): unknown {
  if (call.format === "embeddings") return call.request.input;
  try {
    return inputMessages(recordsOf(call.toChat().messages));
  } catch {
    return call.request.messages ?? call.request.input ?? call.request.prompt;
  }
}

function attributesOf(
  call: Call,
  facts: SpanFacts,
  { provider, responseModel }: { provider: string; responseModel: string },
): Record<string, unknown> {
  const { result, usage } = facts;
  const { response } = result;
  const attributes: Record<string, unknown> = {
    "gen_ai.operation.name": FORMATS[call.format].operation,
    "gen_ai.provider.name": PROVIDER_NAMES[provider] ?? provider,
    "gen_ai.request.model": call.request.model,
    "gen_ai.response.model": responseModel,
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
    "treadle.wire": call.format,
    "treadle.request_id": call.requestId,
    "treadle.actor": call.scope.actor,
  };
  for (const name in call.request) {
    const attribute = PARAMETER_NAMES.get(name);
    const value = call.request[name];
    if (attribute !== undefined && value !== null && value !== undefined)
      attributes[`gen_ai.request.${attribute}`] = value;
  }
  if (usage.cachedInputTokens > 0) attributes["gen_ai.usage.cache_read.input_tokens"] = usage.cachedInputTokens;
  if (usage.cacheWriteTokens > 0) attributes["gen_ai.usage.cache_creation.input_tokens"] = usage.cacheWriteTokens;
  if (usage.reasoningTokens > 0) attributes["gen_ai.usage.reasoning.output_tokens"] = usage.reasoningTokens;
  if (facts.timeToFirstTokenMs !== null)
    attributes["gen_ai.response.time_to_first_chunk"] = facts.timeToFirstTokenMs / 1_000;
  if (response) Object.assign(attributes, responseAttributes(response));
  if (call.prompt) Object.assign(attributes, promptAttributes(call.prompt));
  if (result.errorType !== "") attributes["error.type"] = result.errorType;
  if (Array.isArray(call.request.tools)) attributes["gen_ai.tool.definitions"] = call.request.tools;
  if (facts.log.queuedMs > 0) attributes["treadle.limit.waited_ms"] = Math.round(facts.log.queuedMs);
  if (facts.log.warnings.length > 0) attributes["treadle.warnings"] = facts.log.warnings;
  if (facts.isEstimated) attributes["treadle.usage.estimated"] = true;
  if (facts.cacheMatch) Object.assign(attributes, cacheAttributes(facts.cacheMatch));
  if (facts.guard) Object.assign(attributes, facts.guard);
  Object.assign(attributes, knowledgeAttributes(call));
  if (call.reroute) attributes["treadle.guard.reroute"] = rerouteOf(call.reroute, call.request.model);
  if (call.mirrorOf) Object.assign(attributes, mirrorAttributes(call.mirrorOf));
  if (facts.target?.kind === "http") attributes["treadle.connection"] = facts.target.connection.slug;
  return attributes;
}

/** Which variant answered and why, for comparisons of variants. */
function assignmentOf(plan: Plan | null): Partial<Span> {
  if (!plan?.endpoint || !plan.assignment) return {};
  const { variant, rolloutId, unitKind, bucket, propensity, isForced } = plan.assignment;
  return {
    variant: variant.name,
    rolloutId,
    assignment: {
      unit: unitKind,
      bucket,
      propensity: isForced ? 0 : propensity,
      endpointVersion: plan.endpoint.version,
    },
  };
}
