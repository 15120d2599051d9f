import type { ScorerSample, Span } from "@treadle/contract";
import { isRecord } from "../../../kernel/is-record.ts";
import { readMessages, textOfMessages } from "../../data/datasets/index.ts";
import type { TraceContext } from "./trace-context.ts";

const MOST_CHARACTERS = 1_000_000;

/**
 * A span as scorers see an answer. Null if there is no answer. There is no expected answer. If its trace is known, it
 * includes the retrieved documents and, for a whole trace, the tool calls.
 */
export function sampleOfSpan(span: Span, context?: TraceContext): ScorerSample | null {
  const answer = readMessages(span.output, "assistant");
  if (answer === null) return null;
  const asked = readMessages(span.input, "user");
  const model = span.responseModel || span.requestModel;
  const ownCalls = answer.flatMap(({ tool_calls: calls }) => (Array.isArray(calls) ? calls.flatMap(readCall) : []));
  return {
    input: span.input,
    ...(asked && { messages: asked.flatMap(readRole) }),
    output: textOfMessages(answer).slice(0, MOST_CHARACTERS).toWellFormed(),
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

const readRole = (message: Readonly<Record<string, unknown>>) =>
  typeof message.role === "string" ? [{ ...message, role: message.role }] : [];

function readCall(call: unknown) {
  const toolCall = isRecord(call) && isRecord(call.function) ? call.function : call;
  if (!isRecord(toolCall) || typeof toolCall.name !== "string") return [];
  return [{ name: toolCall.name, arguments: toolCall.arguments ?? {} }];
}
