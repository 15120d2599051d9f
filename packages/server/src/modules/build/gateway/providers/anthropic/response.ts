import { brokenAnswer, parseAnswer } from "../../formats/hub/answers.ts";
import { toolCall } from "../../formats/hub/chat-request.ts";
import { responseOf, usageOf } from "../../formats/hub/chunks.ts";
import type { ChatResponse, ChatUsage, ToolCall } from "../../formats/hub/hub.ts";
import { countOf, type JsonRecord, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";
import { ANTHROPIC_FORMAT, type ReasoningDetail } from "../../formats/hub/reasoning.ts";
import { ANSWER_TOOL } from "./response-format.ts";

const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

/** An unknown stop reason counts as a normal end. */
export const finishReasonOf = (stopReason: unknown, isAnswerTool: boolean): string =>
  isAnswerTool && stopReason === "tool_use" ? "stop" : (FINISH_REASONS[textOf(stopReason)] ?? "stop");

/** Anthropic counts cached and cache-written tokens separately. The hub counts them as input. */
export function anthropicUsage(usage: JsonRecord): ChatUsage {
  const cached = countOf(usage.cache_read_input_tokens);
  const cacheWrite = countOf(usage.cache_creation_input_tokens);
  return usageOf({
    input: countOf(usage.input_tokens) + cached + cacheWrite,
    output: countOf(usage.output_tokens),
    cached,
    cacheWrite,
    reasoning: countOf(recordOf(usage.output_tokens_details).thinking_tokens),
  });
}

/** A finished thinking block in the hub's shape; undefined for any other block. */
export function reasoningDetailOf(block: JsonRecord, index: number): ReasoningDetail | undefined {
  if (block.type === "thinking") {
    return {
      type: "reasoning.text",
      text: textOf(block.thinking),
      signature: textOf(block.signature),
      format: ANTHROPIC_FORMAT,
      index,
    };
  }
  if (block.type === "redacted_thinking")
    return { type: "reasoning.encrypted", data: textOf(block.data), format: ANTHROPIC_FORMAT, index };
  return undefined;
}

/** Anthropic's message as the hub's response. Blocks of tools that Anthropic runs itself are left out, because the hub cannot express them. */
export function readAnthropicMessage(body: Uint8Array, asked: { model: string; now: number }): ChatResponse {
  const message = parseAnswer(body, "Anthropic");
  if (message.type === "error") {
    const error = recordOf(message.error);
    throw brokenAnswer(textOf(error.message) || "Anthropic answered with an error.", {
      type: textOf(error.type) || null,
    });
  }
  if (!Array.isArray(message.content)) throw brokenAnswer("Anthropic's answer has no `content`.");
  const blocks = recordsOf(message.content);
  const answer = blocks.find((block) => block.type === "tool_use" && block.name === ANSWER_TOOL);
  const texts = blocks.flatMap((block) => (block.type === "text" ? [textOf(block.text)] : []));
  if (answer) texts.push(JSON.stringify(answer.input ?? {}));
  const calls = blocks.flatMap((block): ToolCall[] =>
    block.type === "tool_use" && block !== answer ? [toolCall(textOf(block.id), textOf(block.name), block.input)] : [],
  );
  const details = blocks.map(reasoningDetailOf).filter((detail) => detail !== undefined);
  const thoughts = blocks.flatMap((block) => (block.type === "thinking" ? [textOf(block.thinking)] : [])).join("");
  const choice = {
    index: 0,
    message: {
      role: "assistant",
      content: texts.length > 0 ? texts.join("") : null,
      ...(thoughts !== "" && { reasoning_content: thoughts }),
      ...(details.length > 0 && { reasoning_details: details }),
      ...(message.stop_reason === "refusal" && {
        refusal: textOf(recordOf(message.stop_details).explanation) || texts.join("") || "The model refused to answer.",
      }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    finish_reason: finishReasonOf(message.stop_reason, answer !== undefined),
    ...(typeof message.stop_sequence === "string" && { stop_sequence: message.stop_sequence }),
    logprobs: null,
  };
  const head = { id: textOf(message.id), model: textOf(message.model) || asked.model, now: asked.now };
  return responseOf(head, [choice], anthropicUsage(recordOf(message.usage)));
}
