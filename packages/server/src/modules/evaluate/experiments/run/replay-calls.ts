import type { ChatRequest, Recording, ReplayedAnswer } from "@treadle/contract";
import type { Completion } from "../../../build/gateway/index.ts";
import { createDecisions, createRecordedTools, type Frozen, toolCallsOf } from "./recorded-tools.ts";

type Call = {
  readonly choice: Completion["response"]["choices"][number] | undefined;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly latencyMs: number;
  readonly costUsd: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
};
/** The answer to a request, after one call or several. */
export type Exchange = Call & {
  /** `error` says where the replay diverged. Null if it did not. */
  readonly replayed?: ReplayedAnswer & { readonly error: string | null };
};
/** Asks the model once. The headers are added to those of each call. */
export type Ask = (request: ChatRequest, headers?: Readonly<Record<string, string>>) => Promise<Call>;

/**
 * Answers a recorded request. Tools that are called as in the recording return the recorded result, and the model is
 * asked again. No tool is ever executed.
 */
export async function replayCalls(ask: Ask, request: ChatRequest, recording: Recording): Promise<Exchange> {
  const tools = createRecordedTools(recording);
  const decisions = createDecisions(recording);
  let messages = request.messages;
  let sum: Call | null = null;
  for (let step = 0; ; step++) {
    const call = await ask({ ...request, messages }, sum ? traceOf(sum) : {});
    sum = sum ? add(sum, call) : call;
    const calls = toolCallsOf(call.choice?.message);
    decisions.compare(step, calls);
    const frozen = calls.length === 0 ? null : tools.call(calls);
    if (call.choice && frozen?.kind === "results") {
      const results = frozen.results.map((content, place) => ({
        role: "tool" as const,
        tool_call_id: calls[place]?.id ?? "",
        content,
      }));
      messages = [...messages, call.choice.message, ...results];
      continue;
    }
    const divergence = frozen?.kind === "diverged" ? frozen : null;
    const counts = { toolCalls: tools.answered(), divergedAt: divergence?.call ?? null, ...decisions.counts() };
    return { ...sum, replayed: { ...counts, error: divergence && messageFor(divergence) } };
  }
}

const messageFor = ({ call, tool, isKnown }: Extract<Frozen, { kind: "diverged" }>) =>
  isKnown
    ? `Diverged at call ${call}: the recording has this call of "${tool}", but not its result.`
    : `Diverged at call ${call}: the recording has no call of "${tool}" with these arguments.`;

/** All calls of an item are in one trace. */
const traceOf = ({ traceId, spanId }: Call): Readonly<Record<string, string>> =>
  traceId && spanId ? { traceparent: `00-${traceId}-${spanId}-01` } : {};

/** The last call's answer, with the time and the cost of all calls. */
const add = (sum: Call, call: Call): Call => ({
  ...call,
  traceId: sum.traceId,
  latencyMs: sum.latencyMs + call.latencyMs,
  costUsd: sum.costUsd === null || call.costUsd === null ? null : sum.costUsd + call.costUsd,
  inputTokens: plus(sum.inputTokens, call.inputTokens),
  outputTokens: plus(sum.outputTokens, call.outputTokens),
});

const plus = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
