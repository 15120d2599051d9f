import type { ScorerSample, Span } from "@treadle/contract";
import { readMessages, textOfMessages } from "../datasets/index.ts";
import type { TraceContext } from "./trace-context.ts";

const MOST_CHARACTERS = 1_000_000;

/** A span as scorers see an answer; null when nothing was answered. There is no expected answer: nobody gave one. Where its trace is known, it comes with what was retrieved and, for a whole trace, with the calls of tools on the way. */
export function sampleOfSpan(span: Span, context?: TraceContext): ScorerSample | null {
  const answered = readMessages(span.output, "assistant");
  if (answered === null) return null;
  const asked = readMessages(span.input, "user");
  const model = span.responseModel || span.requestModel;
  const ownCalls = answered.flatMap(({ tool_calls: calls }) => (Array.isArray(calls) ? calls.flatMap(readCall) : []));
  return {
    input: span.input,
    ...(asked && { messages: asked.flatMap(readRole) }),
    output: textOfMessages(answered).slice(0, MOST_CHARACTERS).toWellFormed(),
    expected: null,
    ...(context && { documents: [...context.documents] }),
    toolCalls: context && context.toolCalls.length > 0 ? [...context.toolCalls] : ownCalls,
    metadata: { ...span.metadata },
    ...(model && { model }),
    latencyMs: span.durationMs,
    costUsd: span.costUsd,
    inputTokens: span.inputTokens,
    outputTokens: span.outputTokens,
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const readRole = (message: Readonly<Record<string, unknown>>) =>
  typeof message.role === "string" ? [{ ...message, role: message.role }] : [];

function readCall(call: unknown) {
  const told = isRecord(call) && isRecord(call.function) ? call.function : call;
  if (!isRecord(told) || typeof told.name !== "string") return [];
  return [{ name: told.name, arguments: told.arguments }];
}
