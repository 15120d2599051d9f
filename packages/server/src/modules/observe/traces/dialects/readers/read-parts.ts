import { isRecord } from "../../../../../kernel/is-record.ts";
import { fieldOf, firstText, type JsonRecord, listOf, parseText, recordOf, textOf } from "./json.ts";
import type { Part } from "./message.ts";
import { fromUrl, readMedia } from "./read-media.ts";

const NAMES_OF_CALL = ["name", "toolName", "tool_name"];
const IDS_OF_CALL = ["call_id", "toolCallId", "tool_call_id", "tool_use_id", "toolUseId", "id"];

/** The parts of a message's content, be it a text, one part or a list of them. */
export function readParts(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  if (typeof content === "number" || typeof content === "boolean") return [{ type: "text", content: String(content) }];
  if (Array.isArray(content))
    return content.flatMap((part) => (typeof part === "string" ? readParts(part) : readPart(part)));
  return readPart(content);
}

/** A call of a tool, as OpenAI, Anthropic, Gemini, Bedrock, LangChain and the AI SDK write it. */
export function readToolCall(call: JsonRecord): Part {
  const called = isRecord(fieldOf(call, "function")) ? recordOf(fieldOf(call, "function")) : call;
  const given =
    fieldOf(called, "arguments") ??
    fieldOf(called, "args") ??
    fieldOf(called, "input") ??
    fieldOf(called, "parameters");
  return {
    type: "tool_call",
    id: firstText(call, IDS_OF_CALL),
    name: firstText(called, NAMES_OF_CALL),
    arguments: typeof given === "string" ? parseText(given) : (given ?? {}),
  };
}

/** A tool's result, in a separate message or part. */
export const readToolResponse = (result: JsonRecord): Part => ({
  type: "tool_call_response",
  id: firstText(result, IDS_OF_CALL),
  response: responseOf(result),
});

function readPart(part: unknown): Part[] {
  if (!isRecord(part)) return [];
  switch (fieldOf(part, "type")) {
    case "text":
    case "input_text":
    case "output_text":
    case "summary_text":
      return asText("text", part);
    case "reasoning":
    case "thinking":
    case "reasoning_text":
      return asText("reasoning", part);
    case "redacted_thinking":
      return [{ type: "reasoning", content: "" }];
    case "refusal":
      return asText("refusal", part);
    case "tool_call":
      return [isFinishedCall(part) ? part : readToolCall(part)];
    case "uri":
      return [fromUrl(textOf(part.modality) || "image", textOf(part.uri), textOf(part.mime_type)) ?? part];
    case "tool-call":
    case "tool_use":
    case "function_call":
    case "function":
      return [readToolCall(part)];
    case "tool_call_response":
      return [fieldOf(part, "response") === undefined ? readToolResponse(part) : part];
    case "tool-result":
    case "tool_result":
    case "function_call_output":
      return [readToolResponse(part)];
    case undefined:
      return [readUntyped(part)];
    default:
      return [readMedia(part) ?? part];
  }
}

function asText(type: "text" | "reasoning" | "refusal", part: JsonRecord): Part[] {
  // Already as it should be: nearly all parts of those who follow the conventions.
  if (
    part.type === type &&
    typeof part.content === "string" &&
    !(type === "reasoning" && part.content.startsWith("[{"))
  )
    return part.content === "" ? [] : [part];
  const content = firstText(part, ["text", "content", "thinking", "reasoning", "refusal"]) || summaryOf(part);
  return content === "" ? [] : [{ type, content: type === "reasoning" ? withoutNotation(content) : content }];
}

/** OpenLLMetry for Python writes a list of summaries as its JSON. */
function withoutNotation(content: string): string {
  const parsed = content.startsWith("[{") ? parseText(content) : undefined;
  return Array.isArray(parsed) ? summaryOf({ summary: parsed }) || content : content;
}

/** The Responses API writes what a model thought as a list of summaries. */
const summaryOf = (part: JsonRecord): string =>
  [...listOf(fieldOf(part, "summary")), ...listOf(fieldOf(part, "content"))]
    .map((item) => (typeof item === "string" ? item : textOf(fieldOf(recordOf(item), "text"))))
    .filter((text) => text !== "")
    .join("\n");

const isFinishedCall = (part: JsonRecord) => {
  const given = fieldOf(part, "arguments");
  return typeof fieldOf(part, "name") === "string" && given !== undefined && typeof given !== "string";
};

/** Gemini and Bedrock identify parts by the name of their only field. */
function readUntyped(part: JsonRecord): Part {
  const call = fieldOf(part, "functionCall") ?? fieldOf(part, "function_call") ?? fieldOf(part, "toolUse");
  if (isRecord(call)) return readToolCall(call);
  const result = fieldOf(part, "functionResponse") ?? fieldOf(part, "function_response") ?? fieldOf(part, "toolResult");
  if (isRecord(result)) return { ...readToolResponse(result), id: firstText(result, [...IDS_OF_CALL, "name"]) };
  const reasoning = fieldOf(recordOf(fieldOf(recordOf(fieldOf(part, "reasoningContent")), "reasoningText")), "text");
  if (typeof reasoning === "string") return { type: "reasoning", content: reasoning };
  const text = fieldOf(part, "text") ?? fieldOf(part, "content");
  if (typeof text === "string")
    return { type: fieldOf(part, "thought") === true ? "reasoning" : "text", content: text };
  return readMedia(part) ?? part;
}

function responseOf(result: JsonRecord): unknown {
  for (const name of ["response", "output", "result", "content"]) {
    const value = fieldOf(result, name);
    if (value === undefined) continue;
    const inner = fieldOf(recordOf(value), "value");
    // The AI SDK wraps what a tool answered: `{ type: "text" | "json", value }`.
    return inner !== undefined && typeof recordOf(value).type === "string" ? inner : value;
  }
  return null;
}
