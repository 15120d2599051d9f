import type { ChatRequest } from "@treadle/contract";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { readArguments, readToolCalls } from "../../formats/hub/chat-request.ts";
import { invalid, type Part, readParts, unprocessable } from "../../formats/hub/content.ts";
import { compact, type JsonRecord, parseJson, textOf } from "../../formats/hub/json.ts";
import { ANTHROPIC_FORMAT, detailsOf } from "../../formats/hub/reasoning.ts";

type Turn = { readonly role: "user" | "assistant"; readonly content: JsonRecord[] };
type Media = Extract<Part, { kind: "image" | "file" }>;

const IMAGES: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/jpg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};
const DOCUMENTS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "text/html": "html",
  "text/markdown": "md",
  "text/plain": "txt",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};

function sourceOf(part: Media, param: string): { source: JsonRecord; ending: string } {
  const { source } = part;
  if (source.kind === "data") return { source: { bytes: source.base64 }, ending: "" };
  const address = source.kind === "url" ? source.url : source.id;
  if (!address.startsWith("s3://"))
    throw unprocessable(param, "is an address, which Bedrock does not fetch. Send a data URL or an s3:// address.");
  return {
    source: { s3Location: { uri: address } },
    ending: /\.([a-z0-9]+)$/i.exec(address)?.[1]?.toLowerCase() ?? "",
  };
}

function mediaBlock(part: Media, param: string): JsonRecord {
  const { source, ending } = sourceOf(part, param);
  const mediaType = part.source.kind === "data" ? part.source.mediaType : "";
  const image = IMAGES[mediaType] ?? IMAGES[`image/${ending}`];
  if (image !== undefined) return { image: { format: image, source } };
  const format = DOCUMENTS[mediaType] ?? Object.values(DOCUMENTS).find((name) => name === ending);
  if (format === undefined)
    throw unprocessable(
      param,
      `is of type ${mediaType || ending || "unknown"}; Bedrock reads png, jpeg, gif, webp and ${Object.values(DOCUMENTS).join(", ")}.`,
    );
  // Bedrock allows letters, digits, single spaces, hyphens and brackets in a name, and wants each name once.
  const name = (part.name ?? "document")
    .replaceAll(/[^a-zA-Z0-9\-()[\] ]/g, "-")
    .replaceAll(/ +/g, " ")
    .slice(0, 150);
  return {
    document: { format, name: `${name} ${param.replaceAll(/\D+/g, "-").replaceAll(/^-|-$/g, "")}`.trim(), source },
  };
}

/** Bedrock rejects empty text. Anthropic's cache mark becomes a cache point after the part. */
function blocksOf(content: unknown, param: string): JsonRecord[] {
  return readParts(content, param).flatMap((part, index): JsonRecord[] => {
    if (part.kind === "audio")
      throw unprocessable(`${param}[${index}]`, "is audio, which cannot be passed to Bedrock.");
    if (part.kind === "text" && part.text.trim() === "") return [];
    const block = part.kind === "text" ? { text: part.text } : mediaBlock(part, `${param}[${index}]`);
    return part.cacheControl === undefined ? [block] : [block, { cachePoint: { type: "default" } }];
  });
}

/** Signed reasoning is returned unchanged and first. Other reasoning cannot be read by the model and is left out. */
function reasoningBlocks(message: JsonRecord): JsonRecord[] {
  return detailsOf(message).flatMap((detail): JsonRecord[] => {
    if ((detail.format ?? ANTHROPIC_FORMAT) !== ANTHROPIC_FORMAT) return [];
    if (detail.type === "reasoning.encrypted") return [{ reasoningContent: { redactedContent: textOf(detail.data) } }];
    if (detail.type !== "reasoning.text" || textOf(detail.signature) === "") return [];
    return [
      { reasoningContent: { reasoningText: { text: textOf(detail.text), signature: textOf(detail.signature) } } },
    ];
  });
}

/** Bedrock accepts up to 64 letters, digits, `_` and `-` in ids. Another provider's id is changed identically in the call and its result. */
const toolId = (id: string) => id.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(-64) || "call";

function assistantBlocks(message: JsonRecord, param: string): JsonRecord[] {
  const calls = readToolCalls(message.tool_calls, param).map((call, index) => {
    const input = readArguments(call.arguments, `${param}.tool_calls[${index}].function.arguments`);
    return { toolUse: { toolUseId: toolId(call.id), name: call.name, input } };
  });
  return [...reasoningBlocks(message), ...blocksOf(message.content, `${param}.content`), ...calls];
}

function resultBlocks(message: JsonRecord, param: string): JsonRecord[] {
  if (textOf(message.tool_call_id) === "") throw invalid(`${param}.tool_call_id`, "is missing.");
  const blocks = blocksOf(message.content, `${param}.content`);
  const content = blocks
    .filter((block) => block.cachePoint === undefined)
    .map((block) => {
      const value = typeof block.text === "string" ? parseJson(block.text) : undefined;
      return isRecord(value) ? { json: value } : block;
    });
  const status = message.is_error === true ? "error" : undefined;
  const toolResult = compact({
    toolUseId: toolId(textOf(message.tool_call_id)),
    content: content.length > 0 ? content : [{ text: "(empty)" }],
    status,
  });
  return [{ toolResult }, ...blocks.filter((block) => block.cachePoint !== undefined)];
}

/** The hub's messages as Converse's turns. System messages become the system prompt. Adjacent messages of one role become one turn. */
export function toBedrockMessages(request: ChatRequest): { system: JsonRecord[]; messages: Turn[] } {
  const system: JsonRecord[] = [];
  const messages: Turn[] = [];
  const add = (role: "user" | "assistant", blocks: JsonRecord[]) => {
    const last = messages.at(-1);
    if (blocks.length === 0) return;
    if (last?.role === role) last.content.push(...blocks);
    else messages.push({ role, content: [...blocks] });
  };
  for (const [index, message] of request.messages.entries()) {
    const param = `messages[${index}]`;
    if (message.role === "system" || message.role === "developer")
      system.push(...blocksOf(message.content, `${param}.content`));
    else if (message.role === "user") add("user", blocksOf(message.content, `${param}.content`));
    else if (message.role === "assistant") add("assistant", assistantBlocks(message, param));
    else if (message.role === "tool" || message.role === "function") add("user", resultBlocks(message, param));
    else
      throw invalid(
        `${param}.role`,
        `is ${JSON.stringify(message.role)}; known are system, developer, user, assistant and tool.`,
      );
  }
  if (messages.length === 0)
    throw unprocessable("messages", "holds nothing but system messages; Bedrock needs a user's message.");
  return { system, messages };
}
