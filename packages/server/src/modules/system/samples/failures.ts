import type { Span } from "@treadle/contract";
import type { Random } from "./random.ts";
import { gpt, type SampleModel, sonnet } from "./sample-models.ts";
import { attempt, round } from "./sample-span.ts";

const OVERLOADED = "The provider is overloaded. Please try again later.";
const PLANS = [
  { errorType: "provider_timeout", status: 0, errorMessage: "No first byte within 30 s.", takesMs: 30_000 },
  {
    errorType: "rate_limited",
    status: 429,
    errorMessage: "Rate limit reached for tokens per minute. Try again in 4.2 s.",
    takesMs: 210,
  },
  {
    errorType: "provider_failed",
    status: 500,
    errorMessage: "The server had an error while processing your request.",
    takesMs: 840,
  },
  {
    errorType: "invalid_request",
    status: 400,
    errorMessage: "This request has more tokens than the model's context can hold.",
    takesMs: 160,
  },
] as const;

/** The failures of a finished call: usually none, during an incident of its provider mostly one. */
export function sufferCall(
  span: Span,
  model: SampleModel,
  { random, isIncident }: { random: Random; isIncident: boolean },
): Span {
  if (isIncident && model === sonnet) return sufferIncident(span, random);
  if (random.chance(0.014)) return cancel(span, random);
  if (random.chance(0.026)) {
    const { errorType, status, errorMessage, takesMs } = PLANS[random.weighted([3, 4, 2, 1])] ?? PLANS[0];
    return fail(span, {
      errorType,
      errorMessage,
      attempts: [attempt(model, { status, error: errorMessage, tookMs: random.around(takesMs, 0.02) })],
    });
  }
  if (random.chance(0.02))
    return retried(span, attempt(model, { status: 429, error: "Rate limit reached.", tookMs: random.around(190) }));
  return span;
}

/** Half of the calls go to the fallback, some fail, the others are slow. */
function sufferIncident(span: Span, random: Random): Span {
  const refused = attempt(sonnet, { status: 529, error: OVERLOADED, tookMs: random.around(1_900, 0.3) });
  const kind = random.weighted([50, 18, 32]);
  if (kind === 2) return span;
  if (kind === 1)
    return fail(span, {
      errorType: "provider_failed",
      errorMessage: OVERLOADED,
      attempts: [refused, { ...refused, durationMs: round(random.around(2_400, 0.3)) }],
    });
  const cost = ((span.costUsd ?? 0) * gpt.inputPrice) / sonnet.inputPrice;
  return {
    ...retried(span, refused, gpt),
    provider: gpt.provider,
    responseModel: gpt.responseModel,
    costUsd: cost,
    cachedInputTokens: 0,
  };
}

function retried(span: Span, first: Span["attempts"][number], answeredBy?: SampleModel): Span {
  const durationMs = round(span.durationMs + first.durationMs);
  const timeToFirstTokenMs =
    span.timeToFirstTokenMs === null ? null : round(span.timeToFirstTokenMs + first.durationMs);
  const last = answeredBy ? attempt(answeredBy, { status: 200, tookMs: span.durationMs }) : span.attempts[0];
  return { ...span, durationMs, timeToFirstTokenMs, attempts: last ? [first, last] : [first] };
}

function fail(span: Span, failure: Pick<Span, "errorType" | "errorMessage" | "attempts">): Span {
  const durationMs = round(failure.attempts.reduce((sum, { durationMs: took }) => sum + took, 0));
  return { ...span, ...failure, ...NO_ANSWER, status: "error", durationMs };
}

/** The customer closed the page in the middle of the answer. */
function cancel(span: Span, random: Random): Span {
  const share = 0.2 + random.integer(0, 50) / 100;
  const firstTokenMs = span.timeToFirstTokenMs ?? 0;
  return {
    ...span,
    status: "cancelled",
    durationMs: round(firstTokenMs + (span.durationMs - firstTokenMs) * share),
    outputTokens: Math.ceil(span.outputTokens * share),
    costUsd: (span.costUsd ?? 0) * (0.5 + share / 2),
  };
}

const NO_ANSWER = {
  responseModel: "",
  timeToFirstTokenMs: null,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  costUsd: null,
  output: null,
} as const;
