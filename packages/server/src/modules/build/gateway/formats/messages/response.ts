import { isRecord } from "../../../../../kernel/is-record.ts";
import { citationsIn, piecesOf } from "../hub/cited.ts";
import type { ChatMessage, ChatResponse, ChatUsage } from "../hub/hub.ts";
import { countOf, type JsonRecord, parseJson, textOf } from "../hub/json.ts";
import { ANTHROPIC_FORMAT, detailsOf, type ReasoningDetail, seal, thoughtsOf } from "../hub/reasoning.ts";
import { toLocation } from "./citations.ts";

/** Anthropic counts cached and cache-written tokens separately from the input. */
export function messagesUsage(usage: ChatUsage | null | undefined): JsonRecord {
  const cached = countOf(usage?.prompt_tokens_details?.cached_tokens);
  const written = countOf(usage?.prompt_tokens_details?.cache_write_tokens);
  const reasoning = countOf(usage?.completion_tokens_details?.reasoning_tokens);
  return {
    input_tokens: Math.max(0, countOf(usage?.prompt_tokens) - cached - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cached,
    output_tokens: countOf(usage?.completion_tokens),
    ...(reasoning > 0 && { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  function_call: "tool_use",
  content_filter: "refusal",
};

/** Some servers report "stop" after a tool call. Anthropic's clients rely on the reason, so a tool call decides it. */
function stopReasonOf(finishReason: string | null, hasTools: boolean): string {
  const reason = STOP_REASONS[finishReason ?? "stop"] ?? "end_turn";
  return hasTools && reason === "end_turn" ? "tool_use" : reason;
}

type Ending = { readonly finish: string | null; readonly stopSequence: unknown; readonly hasTools: boolean };

/** Anthropic's two fields for the end of an answer, which distinguish a stop sequence from the end of the turn. */
export function stopOf({ finish, stopSequence, hasTools }: Ending) {
  const reason = stopReasonOf(finish, hasTools);
  const isSequence = reason === "end_turn" && typeof stopSequence === "string";
  return { stop_reason: isSequence ? "stop_sequence" : reason, stop_sequence: isSequence ? stopSequence : null };
}

export const messageId = (id: string) => (id.startsWith("msg_") ? id : `msg_${id.replace(/^chatcmpl-/, "")}`);

/** A tool's input must be an object. Anything else is wrapped under the key from Anthropic's documentation. */
export function toolInput(text: string): JsonRecord {
  if (text.trim() === "") return {};
  const value = parseJson(text);
  return isRecord(value) ? value : { INVALID_JSON: text };
}

/** Whether an entry of reasoning is a `thinking` block of Anthropic. */
export const isClaudeThought = (detail: ReasoningDetail) => detail.format === ANTHROPIC_FORMAT;

/** Thinking blocks first, as in Anthropic's answers. Reasoning of other providers is sealed, and returns to them unchanged with the next request. */
function thinkingBlocks(message: ChatMessage): JsonRecord[] {
  const details = detailsOf(message);
  const others = details.filter((detail) => !isClaudeThought(detail));
  const own = details.filter(isClaudeThought).map((detail) => {
    if (detail.type === "reasoning.encrypted") return { type: "redacted_thinking", data: textOf(detail.data) };
    return { type: "thinking", thinking: textOf(detail.text), signature: textOf(detail.signature) };
  });
  if (own.length > 0) return own;
  const words = thoughtsOf(message);
  const signature = others.length > 0 ? seal(others) : "";
  if (words !== "") return [{ type: "thinking", thinking: words, signature }];
  return signature === "" ? [] : [{ type: "redacted_thinking", data: signature }];
}

function contentText(content: ChatMessage["content"]): string {
  if (typeof content === "string" || content === null) return content ?? "";
  return content.map((part) => textOf(part.text)).join("");
}

/** The hub's response as Anthropic's message, from its first choice. */
export function messagesFromChat(response: ChatResponse): JsonRecord {
  const choice = response.choices[0];
  const message: ChatMessage = choice?.message ?? { role: "assistant", content: "" };
  const text = contentText(message.content) || textOf(message.refusal);
  const tools = (message.tool_calls ?? []).map((call, index) => ({
    type: "tool_use",
    id: call.id || `toolu_${index}`,
    name: call.function.name ?? "",
    input: toolInput(call.function.arguments ?? ""),
  }));
  const isRefusal = textOf(message.refusal) !== "";
  return {
    id: messageId(response.id),
    type: "message",
    role: "assistant",
    model: response.model,
    content: [...thinkingBlocks(message), ...textBlocks(text, message), ...tools],
    ...(isRefusal
      ? { stop_reason: "refusal", stop_sequence: null }
      : stopOf({
          finish: choice?.finish_reason ?? null,
          stopSequence: choice?.stop_sequence,
          hasTools: tools.length > 0,
        })),
    usage: messagesUsage(response.usage),
    ...(response.knowledge !== undefined && { knowledge: response.knowledge }),
  };
}

/** The text in one block, or with citations in blocks that end behind their marks. */
function textBlocks(text: string, { annotations }: ChatMessage): JsonRecord[] {
  if (text === "") return [];
  const citations = citationsIn(annotations);
  if (citations.length === 0) return [{ type: "text", text }];
  return piecesOf(text, citations, 0).map((piece) => ({
    type: "text",
    text: piece.text,
    citations: piece.citations.length > 0 ? piece.citations.map(toLocation) : null,
  }));
}
