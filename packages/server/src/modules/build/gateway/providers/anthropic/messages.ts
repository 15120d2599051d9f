import type { ChatRequest } from "@treadle/contract";
import { readArguments, readToolCalls } from "../../formats/hub/chat-request.ts";
import { invalid, type Part, readParts, readText, unprocessable } from "../../formats/hub/content.ts";
import { compact, type JsonRecord, textOf } from "../../formats/hub/json.ts";
import { ANTHROPIC_FORMAT, detailsOf } from "../../formats/hub/reasoning.ts";

export type AnthropicMessage = { readonly role: "user" | "assistant"; readonly content: JsonRecord[] };
export type AnthropicConversation = { readonly system: JsonRecord[]; readonly messages: AnthropicMessage[] };

const IMAGE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

function imageBlock(part: Extract<Part, { kind: "image" | "file" }>, param: string): JsonRecord {
  const { source } = part;
  if (source.kind === "url") return { type: "image", source: { type: "url", url: source.url } };
  if (source.kind === "id") return { type: "image", source: { type: "file", file_id: source.id } };
  const mediaType = source.mediaType === "image/jpg" ? "image/jpeg" : source.mediaType;
  if (!IMAGE_TYPES.includes(mediaType))
    throw unprocessable(param, `is of type ${mediaType}; Anthropic reads ${IMAGE_TYPES.join(", ")}.`);
  return { type: "image", source: { type: "base64", media_type: mediaType, data: source.base64 } };
}

function documentBlock(part: Extract<Part, { kind: "image" | "file" }>, param: string): JsonRecord {
  const { source, name } = part;
  const title = name === undefined ? {} : { title: name };
  if (source.kind === "url") return { type: "document", source: { type: "url", url: source.url }, ...title };
  if (source.kind === "id") return { type: "document", source: { type: "file", file_id: source.id }, ...title };
  if (IMAGE_TYPES.includes(source.mediaType)) return imageBlock(part, param);
  if (source.mediaType === "application/pdf") {
    return {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: source.base64 },
      ...title,
    };
  }
  if (source.mediaType.startsWith("text/") || source.mediaType === "application/json") {
    const text = Buffer.from(source.base64, "base64").toString();
    return { type: "document", source: { type: "text", media_type: "text/plain", data: text }, ...title };
  }
  throw unprocessable(param, `is of type ${source.mediaType}; Anthropic reads PDF, plain text and images.`);
}

/** Anthropic rejects empty text, which OpenAI's callers send. Such parts are left out. */
function blocksOf(content: unknown, param: string): JsonRecord[] {
  return readParts(content, param).flatMap((part, index): JsonRecord[] => {
    if (part.kind === "audio")
      throw unprocessable(`${param}[${index}]`, "is audio, which Anthropic's models do not hear.");
    const mark = part.cacheControl === undefined ? {} : { cache_control: part.cacheControl };
    if (part.kind === "text") return part.text === "" ? [] : [{ type: "text", text: part.text, ...mark }];
    const block =
      part.kind === "image" ? imageBlock(part, `${param}[${index}]`) : documentBlock(part, `${param}[${index}]`);
    return [{ ...block, ...mark }];
  });
}

/** Signed thinking must be returned unchanged and first. Reasoning from another provider, or without a signature, is left out. */
export function thinkingBlocks(message: JsonRecord): JsonRecord[] {
  return detailsOf(message).flatMap((detail): JsonRecord[] => {
    if ((detail.format ?? ANTHROPIC_FORMAT) !== ANTHROPIC_FORMAT) return [];
    if (detail.type === "reasoning.encrypted") return [{ type: "redacted_thinking", data: textOf(detail.data) }];
    if (detail.type !== "reasoning.text" || textOf(detail.signature) === "") return [];
    return [{ type: "thinking", thinking: textOf(detail.text), signature: textOf(detail.signature) }];
  });
}

function assistantBlocks(message: JsonRecord, param: string): JsonRecord[] {
  const calls = readToolCalls(message.tool_calls, param).map((call, index) =>
    compact({
      type: "tool_use",
      id: toolId(call.id),
      name: call.name,
      input: readArguments(call.arguments, `${param}.tool_calls[${index}].function.arguments`),
      cache_control: call.call.cache_control,
    }),
  );
  return [...thinkingBlocks(message), ...blocksOf(message.content, `${param}.content`), ...calls];
}

/** Anthropic accepts only letters, digits, `_` and `-` in ids. Another provider's id is changed identically in the call and its result. */
const toolId = (id: string) => id.replaceAll(/[^a-zA-Z0-9_-]/g, "_") || "call";

function toolResult(message: JsonRecord, param: string): JsonRecord {
  if (textOf(message.tool_call_id) === "") throw invalid(`${param}.tool_call_id`, "is missing.");
  const blocks = blocksOf(message.content, `${param}.content`);
  const marked = blocks.findLast((block) => block.cache_control !== undefined);
  const content = blocks.map(({ cache_control: _, ...block }) => block);
  return compact({
    type: "tool_result",
    tool_use_id: toolId(textOf(message.tool_call_id)),
    content: content.length === 1 && content[0]?.type === "text" ? content[0].text : content,
    is_error: message.is_error === true ? true : undefined,
    cache_control: marked?.cache_control ?? message.cache_control ?? undefined,
  });
}

function append(messages: AnthropicMessage[], role: "user" | "assistant", blocks: JsonRecord[]) {
  if (blocks.length === 0) return;
  const last = messages.at(-1);
  if (last?.role === role) last.content.push(...blocks);
  else messages.push({ role, content: [...blocks] });
}

/**
 * The hub's messages as Anthropic's turns. System and developer messages at any position become the system prompt. Adjacent messages
 * of one role become one turn, so that the results of parallel tool calls are together, as Anthropic requires.
 */
export function toAnthropicMessages(request: ChatRequest): AnthropicConversation {
  const system: JsonRecord[] = [];
  const messages: AnthropicMessage[] = [];
  for (const [index, message] of request.messages.entries()) {
    const param = `messages[${index}]`;
    switch (message.role) {
      case "system":
      case "developer":
        readText(message.content, `${param}.content`);
        system.push(...blocksOf(message.content, `${param}.content`));
        break;
      case "user":
        append(messages, "user", blocksOf(message.content, `${param}.content`));
        break;
      case "assistant":
        append(messages, "assistant", assistantBlocks(message, param));
        break;
      case "tool":
      case "function":
        append(messages, "user", [toolResult(message, param)]);
        break;
      default:
        throw invalid(
          `${param}.role`,
          `is ${JSON.stringify(message.role)}; known are system, developer, user, assistant and tool.`,
        );
    }
  }
  if (messages.length === 0)
    throw unprocessable("messages", "holds nothing but system messages; Anthropic needs a user's message.");
  return { system, messages: messages.map(orderBlocks) };
}

/** In a user's turn the tool results must come first. */
function orderBlocks(message: AnthropicMessage): AnthropicMessage {
  if (message.role === "assistant") return { role: message.role, content: trimLast(message.content) };
  const isResult = (block: JsonRecord) => block.type === "tool_result";
  return {
    role: message.role,
    content: [...message.content.filter(isResult), ...message.content.filter((block) => !isResult(block))],
  };
}

/** Anthropic rejects white space at the end of an assistant's text in the last turn. Elsewhere it is harmless. */
function trimLast(blocks: JsonRecord[]): JsonRecord[] {
  const last = blocks.at(-1);
  if (last?.type !== "text") return blocks;
  const text = textOf(last.text).trimEnd();
  return text === "" ? blocks.slice(0, -1) : [...blocks.slice(0, -1), { ...last, text }];
}
