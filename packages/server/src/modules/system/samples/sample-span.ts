import { SPAN_EXTRAS, type Span } from "@treadle/contract";
import type { Random } from "./random.ts";
import type { SampleModel } from "./sample-models.ts";

/** The common fields of a trace's spans. */
export type Setting = {
  readonly random: Random;
  readonly traceId: string;
  readonly service: string;
  readonly endpoint: string;
  readonly environment: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
};

type Message = { readonly role: string; readonly parts: readonly object[]; readonly finish_reason?: string };

export const say = (role: string, content: string): Message => ({ role, parts: [{ type: "text", content }] });

type Start = Pick<Span, "name" | "kind" | "input"> & { readonly time: number; readonly parentSpanId: string };

/** A span without a model call. The caller sets its duration and output. */
export function makeStep(setting: Setting, { time, ...start }: Start): Span {
  return {
    traceId: setting.traceId,
    spanId: setting.random.hex(16),
    startTime: new Date(time).toISOString(),
    durationMs: 0,
    timeToFirstTokenMs: null,
    status: "ok",
    errorType: "",
    errorMessage: "",
    service: setting.service,
    environment: setting.environment,
    provider: "",
    requestModel: "",
    responseModel: "",
    endpoint: setting.endpoint,
    userId: setting.userId,
    sessionId: setting.sessionId,
    tags: [...setting.tags],
    metadata: { ...setting.metadata },
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costUsd: null,
    isCacheHit: false,
    parameters: {},
    output: null,
    attributes: {},
    attempts: [],
    configHash: "",
    ...SPAN_EXTRAS,
    ...start,
  };
}

type Call = Omit<Start, "kind"> & {
  readonly kind: "generation" | "embedding";
  readonly model: SampleModel;
  readonly output: unknown;
  /** Tokens of the system prompt and the tool descriptions, which a provider mostly has in its cache. */
  readonly fixedTokens: number;
  readonly slowdown?: number;
};

/** A finished call of a model, with tokens by the length of the texts, and a price. */
export function makeCall(setting: Setting, call: Call): Span {
  const { random } = setting;
  const { model, kind, output, fixedTokens, slowdown = 1, ...start } = call;
  const isGeneration = kind === "generation";
  const inputTokens = fixedTokens + countTokens(call.input);
  const outputTokens = isGeneration ? countTokens(output) : 0;
  const cachedInputTokens =
    isGeneration && fixedTokens > 400 && random.chance(0.7) ? Math.floor(fixedTokens / 64) * 64 : 0;
  const firstTokenMs = isGeneration ? random.around(model.firstTokenMs) * slowdown : null;
  const durationMs = isGeneration
    ? (firstTokenMs ?? 0) + (outputTokens / random.around(model.tokensPerSecond, 0.15)) * 1_000 * slowdown
    : random.around(90);
  const cost =
    (inputTokens - cachedInputTokens) * model.inputPrice +
    cachedInputTokens * model.cachedInputPrice +
    outputTokens * model.outputPrice;
  return {
    ...makeStep(setting, { ...start, kind }),
    provider: model.provider,
    requestModel: model.requestModel,
    responseModel: model.responseModel,
    inputTokens,
    outputTokens,
    cachedInputTokens,
    costUsd: cost / 1e6,
    output,
    durationMs: round(durationMs),
    timeToFirstTokenMs: firstTokenMs === null ? null : round(firstTokenMs),
    parameters: isGeneration ? { temperature: 0.3, max_tokens: 800 } : {},
    attributes: {
      "gen_ai.operation.name": isGeneration ? "chat" : "embeddings",
      "gen_ai.provider.name": model.provider,
      "gen_ai.request.model": model.requestModel,
      "gen_ai.response.model": model.responseModel,
      "gen_ai.usage.input_tokens": inputTokens,
      "gen_ai.usage.output_tokens": outputTokens,
      ...(isGeneration ? { "gen_ai.response.finish_reasons": ["stop"] } : {}),
    },
    attempts: [attempt(model, { status: 200, tookMs: durationMs })],
  };
}

/** One try of one provider; status 0 when there was no answer. */
export const attempt = (
  model: SampleModel,
  { status, error = "", tookMs }: { status: number; error?: string; tookMs: number },
) => ({
  connection: model.connection,
  provider: model.provider,
  model: model.requestModel,
  status,
  error,
  durationMs: round(tookMs),
});

/** About four characters of English are a token. */
const countTokens = (value: unknown) => Math.ceil(JSON.stringify(value).length / 4.6);

export const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
