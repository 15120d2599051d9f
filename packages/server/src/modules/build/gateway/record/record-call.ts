import type { Span } from "@treadle/contract";
import type { Log } from "../../../../kernel/log.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { CacheMatch } from "../answer/cache-match.ts";
import type { CallResult } from "../answer/delivery.ts";
import { type AttemptLog, joinLogs } from "../attempt/attempt-log.ts";
import { FORMATS } from "../formats/formats.ts";
import type { ChatResponse, Usage } from "../formats/hub/hub.ts";
import { textOf } from "../formats/hub/json.ts";
import { NO_USAGE, toUsage, withoutUsage } from "../formats/hub/usage.ts";
import type { Reask } from "../guard/reask.ts";
import type { GuardedStages } from "../request/checks.ts";
import type { Call } from "../request/read-call.ts";
import type { SpendLimits } from "../request/spend-limits.ts";
import type { Prices } from "../resolve/prices.ts";
import type { Plan, Target } from "../resolve/resolve-model.ts";
import { buildSpan, type SpanFacts } from "./build-span.ts";
import type { TokenCounter } from "./count-tokens.ts";
import { guardSpans } from "./guard-spans.ts";
import type { Meters } from "./meters.ts";
import { retrievalSpans } from "./retrieval-span.ts";
import { createSettleSpend } from "./settle-spend.ts";

export type Ending = {
  readonly plan: Plan | null;
  readonly target: Target | null;
  readonly log: AttemptLog;
  readonly result: CallResult;
  readonly firstTokenAt: number | null;
  readonly endedAt: number;
  readonly isCacheHit: boolean;
  /** The stored answer that was served, or that was checked by asking the model. Missing without one. */
  readonly cacheMatch?: CacheMatch | undefined;
  /** What the guards of the call found, as attributes of the span. */
  readonly guard?: Readonly<Record<string, unknown>> | undefined;
  /** What the guards of the call checked, for the spans of the checks. */
  readonly checks?: readonly GuardedStages[] | undefined;
  /** The second request for the call, if a guard asked the model again. */
  readonly reask?: Reask | null;
  /** Gets the span, for a shadow. Must not throw. */
  readonly onSpan?: ((span: Span) => void) | undefined;
};
/** The usage of a call. The cost is null if the price is unknown. */
export type CallCost = { readonly tokens: number; readonly costUsd: number | null };
/** Stores the span of a call, and the spans of its parts. Never waits and never throws. */
export type CallRecords = { record(scope: Scope, span: Span, parts: readonly Span[]): void };
export type RecordDeps = {
  readonly traces: CallRecords;
  readonly prices: Prices;
  readonly counter: Pick<TokenCounter, "count">;
  readonly meters: Meters;
  readonly limits: Pick<SpendLimits, "record">;
  readonly configHash: (plan: Plan, target: Target) => string;
  readonly log: Log;
};
type Counted = { readonly usage: Usage; readonly isEstimated: boolean };

/**
 * Records an ended call: its span with usage and cost, and the metrics. Runs once the caller has the whole answer, and never
 * throws. Returns the cost, as a promise if the tokens have to be estimated.
 */
export function createRecordCall({ traces, prices, counter, meters, limits, configHash, log }: RecordDeps) {
  const settleSpend = createSettleSpend(limits);
  const priceOf = createPriceOf(prices);

  /** Counts the tokens here if the provider reported none, for example because the caller disconnected in the middle. */
  async function estimate(call: Call, response: ChatResponse): Promise<Counted> {
    const outputs = response.choices.map(({ message }) => ({
      content: `${message.content ?? ""}${message.reasoning_content ?? ""}${JSON.stringify(message.tool_calls ?? "")}`,
    }));
    const inputTokens = await counter.count({ messages: messagesOf(call) });
    const outputTokens = await counter.count({ messages: outputs });
    return { usage: { ...NO_USAGE, inputTokens, outputTokens }, isEstimated: true };
  }

  function settleParts(call: Call, facts: SpanFacts, parts: readonly (Part & { costUsd: number | null })[]): void {
    let attempt = 0;
    for (const part of parts) {
      attempt += part.log.attempts.length;
      settleSpend(call, { ...facts, ...part, attempt });
    }
  }

  function write(call: Call, ending: Ending, counted: Counted): CallCost {
    const { plan, target, result, firstTokenAt, endedAt, isCacheHit, cacheMatch } = ending;
    const { usage, isEstimated } = counted;
    const parts = partsOf(ending, usage).map((part) => ({
      ...part,
      costUsd: isCacheHit || !part.log.isAnswered ? 0 : priceOf(call, target, { result, usage: part.usage }),
    }));
    const facts: SpanFacts = {
      plan,
      target,
      log: ending.reask ? joinLogs(ending.log, ending.reask.log) : ending.log,
      result,
      usage,
      isEstimated,
      costUsd: sumOf(parts.map(({ costUsd }) => costUsd)),
      configHash: plan && target ? configHash(plan, target) : "",
      isCacheHit,
      cacheMatch,
      guard: ending.guard && { ...ending.guard, ...reaskAttributes(ending, parts[0]?.costUsd ?? null) },
      durationMs: endedAt - call.startedElapsed,
      timeToFirstTokenMs: firstTokenAt === null ? null : firstTokenAt - call.startedElapsed,
    };
    settleParts(call, facts, parts);
    const span = buildSpan(call, facts);
    traces.record(call.scope, span, spansBeneath(call, ending));
    // What callers experience is measured without mirrored calls.
    if (!call.mirrorOf) meters.record(FORMATS[call.format].operation, facts);
    ending.onSpan?.(span);
    return { tokens: usage.inputTokens + usage.outputTokens, costUsd: facts.costUsd };
  }

  /** The usage is not known, so the whole reservation is charged. */
  function logFailure(call: Call, ending: Ending, error: unknown): null {
    for (const { log: part } of partsOf(ending, NO_USAGE))
      part.reservation?.settle({ ...NO_USAGE, costUsd: null, isCertain: false });
    log.error({ error, requestId: call.requestId }, "the span of a call could not be recorded");
    return null;
  }

  return function recordCall(call: Call, ending: Ending): CallCost | null | Promise<CallCost | null> {
    try {
      const { response, embeddings } = ending.result;
      const usage = embeddings ? embeddings.usage : toUsage(response?.usage);
      if (usage !== null || response === null || response.choices.length === 0)
        return write(call, ending, { usage: usage ?? NO_USAGE, isEstimated: false });
      return estimate(call, response)
        .then((counted) => write(call, ending, counted))
        .catch((error: unknown) => logFailure(call, ending, error));
    } catch (error) {
      return logFailure(call, ending, error);
    }
  };
}
export type RecordCall = ReturnType<typeof createRecordCall>;

/** The cost of a usage; null if the price is unknown. */
const createPriceOf =
  (prices: Prices) =>
  (call: Call, target: Target | null, { result, usage }: { result: CallResult; usage: Usage }): number | null => {
    if (target === null || (usage.inputTokens === 0 && usage.outputTokens === 0))
      return result.status === "ok" ? null : 0;
    if (target.kind === "local") return 0;
    const provider = target.connection.preset;
    const servedModel = result.response?.model || result.embeddings?.model || target.model;
    const { projectId } = call.scope;
    return (
      prices.cost(projectId, { provider, model: servedModel, usage }) ??
      prices.cost(projectId, { provider, model: target.model, usage })
    );
  };

/** The spans of the search and of the checks of a call. */
const spansBeneath = (call: Call, { checks = [] }: Ending): readonly Span[] => [
  ...retrievalSpans(call),
  ...guardSpans(call, [...(call.reroute?.checks ?? []), ...checks]),
];

type Part = { readonly log: AttemptLog; readonly usage: Usage };

/** The requests of a call that providers answered: usually one, and two if a guard asked the model again. */
function partsOf({ log, reask }: Ending, usage: Usage): readonly [Part, ...Part[]] {
  if (!reask) return [{ log, usage }];
  const first = toUsage(reask.usage) ?? NO_USAGE;
  return [
    { log, usage: first },
    { log: reask.log, usage: withoutUsage(usage, first) },
  ];
}

/** Null if a part is unknown. */
const sumOf = (costs: readonly (number | null)[]): number | null =>
  costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);

function reaskAttributes({ reask }: Pick<Ending, "reask">, costUsd: number | null) {
  if (!reask) return {};
  const { kinds, usage } = reask;
  const tokens = { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens };
  return { "treadle.guard.reask": { kinds, ...tokens, cost_usd: costUsd } };
}

/** The messages to count. A request that only its own provider understands is counted in its own format. */
function messagesOf(call: Call): readonly unknown[] {
  if (call.format === "embeddings") return [];
  try {
    return call.toChat().messages;
  } catch {
    const { messages, input, prompt } = call.request;
    const content = messages ?? input ?? prompt;
    return Array.isArray(content) ? content : [{ content: textOf(content) }];
  }
}
