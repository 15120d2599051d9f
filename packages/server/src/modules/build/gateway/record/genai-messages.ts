import { createHash } from "node:crypto";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { ChatMessage, ChatResponse } from "../formats/hub/hub.ts";
import { type JsonRecord, parseJson, recordOf, recordsOf, textOf } from "../formats/hub/json.ts";

/** A part of a message in OpenTelemetry's GenAI conventions. */
type Part = JsonRecord;
type Message = {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly finish_reason?: string;
};

/** Longer inline data (images, audio, files) is stored as its size and hash. */
const MAX_BLOB_CHARACTERS = 32 * 1024;

/** Chat messages as OpenTelemetry GenAI input messages. */
export const inputMessages = (messages: readonly JsonRecord[]): Message[] =>
  messages.map((message) => ({
    role: textOf(message.role),
    parts: partsOf(message),
    ...(typeof message.name === "string" && { name: message.name }),
  }));

/** An answer's choices as OpenTelemetry GenAI output messages. */
export const outputMessages = ({ choices }: Pick<ChatResponse, "choices">): Message[] =>
  choices.map(({ message, finish_reason: finish }) => ({
    role: message.role || "assistant",
    parts: partsOf(message),
    finish_reason: finish ?? "",
  }));

function partsOf(message: JsonRecord | ChatMessage): Part[] {
  const given: JsonRecord = { ...message };
  if (given.role === "tool")
    return [{ type: "tool_call_response", id: textOf(given.tool_call_id), response: given.content }];
  const parts: Part[] = [];
  const reasoning = textOf(given.reasoning_content) || textOf(given.reasoning);
  if (reasoning !== "") parts.push({ type: "reasoning", content: reasoning });
  if (typeof given.content === "string") {
    if (given.content !== "") parts.push({ type: "text", content: given.content });
  } else {
    for (const part of recordsOf(given.content)) parts.push(toPart(part));
  }
  for (const image of recordsOf(given.images)) parts.push(toPart(image));
  if (textOf(given.refusal) !== "") parts.push({ type: "refusal", content: given.refusal });
  for (const call of recordsOf(given.tool_calls)) parts.push(toToolCall(call));
  return parts;
}

function toToolCall({ id, function: called }: JsonRecord): Part {
  const { name, arguments: given } = recordOf(called);
  const text = textOf(given);
  return { type: "tool_call", id: textOf(id), name: textOf(name), arguments: parseJson(text) ?? text };
}

function toPart(part: JsonRecord): Part {
  if (part.type === "text" || part.type === "input_text" || part.type === "output_text")
    return { type: "text", content: textOf(part.text) };
  if (part.type === "refusal") return { type: "refusal", content: textOf(part.refusal) };
  if (part.type === "image_url")
    return fromUrl("image", textOf(isRecord(part.image_url) ? part.image_url.url : part.image_url));
  if (part.type === "input_audio") {
    const { data, format } = recordOf(part.input_audio);
    return blob("audio", `audio/${textOf(format) || "wav"}`, textOf(data));
  }
  if (part.type === "file") {
    const { file_data: data, file_id: id, filename } = recordOf(part.file);
    return textOf(data) === ""
      ? { type: "file", modality: "document", file_id: textOf(id) }
      : { ...fromUrl("document", textOf(data)), name: textOf(filename) };
  }
  return part;
}

function fromUrl(modality: string, url: string): Part {
  const [, type, data] = /^data:([^;,]*)(?:;[^,]*)?,([\s\S]*)$/.exec(url) ?? [];
  return data === undefined
    ? { type: "uri", modality, uri: url }
    : blob(modality, type || "application/octet-stream", data);
}

function blob(modality: string, mimeType: string, content: string): Part {
  if (content.length <= MAX_BLOB_CHARACTERS) return { type: "blob", modality, mime_type: mimeType, content };
  const sha256 = createHash("sha256").update(content, "base64").digest("hex");
  return {
    type: "blob",
    modality,
    mime_type: mimeType,
    content: "",
    size_bytes: Math.floor(content.length * 0.75),
    sha256,
  };
}
