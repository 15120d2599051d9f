import type { Span } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Scope } from "../../kernel/scope.ts";
import { buildSpan, type SpanFacts } from "./build-span.ts";
import { type Call, WIRES } from "./call.ts";
import type { TokenCounter } from "./count-tokens.ts";
import type { Settled } from "./delivery.ts";
import type { Meters } from "./meters.ts";
import { hubRequest } from "./outcome.ts";
import type { ChatResponse, Usage } from "./providers/provider.ts";
import type { Candidate, Plan } from "./resolve-model.ts";
import { toUsage } from "./usage.ts";
import { textOf } from "./wires/json.ts";

export type Ending = {
  readonly plan: Plan | null;
  readonly candidate: Candidate | null;
  readonly settled: Settled;
  readonly firstTokenAt: number | null;
  readonly endedAt: number;
  readonly isCacheHit: boolean;
};
/** What a call used up; the price is null when nobody knows it. */
export type CallCost = { readonly tokens: number; readonly costUsd: number | null };
export type FinishDeps = {
  readonly traces: { record(scope: Scope, span: Span): void };
  readonly prices: { cost(projectId: string, asked: { provider: string; model: string; usage: Usage }): number | null };
  readonly counter: Pick<TokenCounter, "count">;
  readonly meters: Meters;
  readonly configHash: (plan: Plan, candidate: Candidate) => string;
  readonly clock: Clock;
  readonly log: Log;
};

const NO_USAGE: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};

/** Turns an ended call into its span, with its price, and counts it; gives what it used up, once that is known. Runs when the caller has everything; never throws. */
export function createFinish({ traces, prices, counter, meters, configHash, log }: FinishDeps) {
  function priceOf(
    call: Call,
    candidate: Candidate | null,
    { settled, usage }: { settled: Settled; usage: Usage },
  ): number | null {
    if (candidate === null || (usage.inputTokens === 0 && usage.outputTokens === 0))
      return settled.status === "ok" ? null : 0;
    if (candidate.kind === "local") return 0;
    const provider = candidate.connection.preset;
    const served = settled.response?.model || settled.embeddings?.model || candidate.model;
    const { projectId } = call.scope;
    return (
      prices.cost(projectId, { provider, model: served, usage }) ??
      prices.cost(projectId, { provider, model: candidate.model, usage })
    );
  }

  /** Where a provider counted nothing, such as when the caller left half-way, what was sent is counted here. */
  async function estimate(call: Call, response: ChatResponse): Promise<Usage> {
    const said = response.choices.map(({ message }) => ({
      content: `${message.content ?? ""}${message.reasoning_content ?? ""}${JSON.stringify(message.tool_calls ?? "")}`,
    }));
    const inputTokens = await counter.count({ messages: messagesOf(call) });
    const outputTokens = await counter.count({ messages: said });
    return { ...NO_USAGE, inputTokens, outputTokens };
  }

  function write(call: Call, ending: Ending, counted: { usage: Usage; isEstimated: boolean }): CallCost {
    const { plan, candidate, settled, firstTokenAt, endedAt, isCacheHit } = ending;
    const facts: SpanFacts = {
      plan,
      candidate,
      settled,
      ...counted,
      costUsd: isCacheHit ? 0 : priceOf(call, candidate, { settled, usage: counted.usage }),
      configHash: plan && candidate ? configHash(plan, candidate) : "",
      isCacheHit,
      durationMs: endedAt - call.startedElapsed,
      timeToFirstTokenMs: firstTokenAt === null ? null : firstTokenAt - call.startedElapsed,
    };
    traces.record(call.scope, buildSpan(call, facts));
    meters.record(call, WIRES[call.wire].operation, facts);
    return { tokens: counted.usage.inputTokens + counted.usage.outputTokens, costUsd: facts.costUsd };
  }

  function settle(call: Call, ending: Ending): CallCost | Promise<CallCost | null> {
    const { response, embeddings } = ending.settled;
    const usage = embeddings ? embeddings.usage : toUsage(response?.usage);
    if (usage !== null || response === null || response.choices.length === 0) {
      return write(call, ending, { usage: usage ?? NO_USAGE, isEstimated: false });
    }
    return estimate(call, response)
      .then((counted) => write(call, ending, { usage: counted, isEstimated: true }))
      .catch((error: unknown) => complain(call, error));
  }
  function complain(call: Call, error: unknown): null {
    log.error({ error, requestId: call.requestId }, "a call's span could not be recorded");
    return null;
  }

  return function finish(call: Call, ending: Ending): CallCost | null | Promise<CallCost | null> {
    try {
      return settle(call, ending);
    } catch (error) {
      return complain(call, error);
    }
  };
}
/** What was asked, for counting. A request that only its own provider understands is counted as it came. */
function messagesOf(call: Call): readonly unknown[] {
  if (call.wire === "embeddings") return [];
  try {
    return hubRequest(call).messages;
  } catch {
    const { messages, input, prompt } = call.request;
    const asked = messages ?? input ?? prompt;
    return Array.isArray(asked) ? asked : [{ content: textOf(asked) }];
  }
}

export type Finish = ReturnType<typeof createFinish>;
