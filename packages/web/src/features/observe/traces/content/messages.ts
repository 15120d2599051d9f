/** A part of a message, in whichever of the usual shapes it was recorded. */
export type Part =
  | { kind: "text"; text: string }
  | { kind: "reasoning"; text: string }
  | { kind: "call"; id: string; name: string; arguments: unknown }
  | { kind: "result"; id: string; result: unknown }
  | { kind: "media"; label: string; address: string; mimeType: string; data: string }
  | { kind: "other"; value: unknown };
export type Message = { role: string; parts: readonly Part[]; finish: string };

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Messages in OpenTelemetry's, OpenAI's or Anthropic's shape, or undefined when the value holds none. */
export function messagesOf(value: unknown): readonly Message[] | undefined {
  const list = isFields(value) && Array.isArray(value.messages) ? value.messages : value;
  if (
    !Array.isArray(list) ||
    list.length === 0 ||
    !list.every((item) => isFields(item) && typeof item.role === "string")
  )
    return undefined;
  return list.map((item: Fields) => ({
    role: text(item.role),
    finish: text(item.finish_reason),
    parts: [
      ...partsOf(item.parts ?? item.content),
      ...(Array.isArray(item.tool_calls) ? item.tool_calls.map(callOf) : []),
    ].map((part) => (item.role === "tool" ? asResult(part, text(item.tool_call_id)) : part)),
  }));
}

/** OpenAI writes a tool's result as the plain text of a message with the role `tool`. */
const asResult = (part: Part, id: string): Part =>
  part.kind === "text" ? { kind: "result", id, result: jsonIn(part.text) } : part;

function partsOf(value: unknown): readonly Part[] {
  if (value === null || value === undefined) return [];
  if (typeof value === "string") return value === "" ? [] : [{ kind: "text", text: value }];
  return (Array.isArray(value) ? value : [value]).map(partOf);
}

function partOf(part: unknown): Part {
  if (typeof part === "string") return { kind: "text", text: part };
  if (!isFields(part)) return { kind: "other", value: part };
  switch (part.type) {
    case "text":
    case "input_text":
    case "output_text":
      return { kind: "text", text: text(part.content) || text(part.text) };
    case "reasoning":
    case "thinking":
      return { kind: "reasoning", text: text(part.content) || text(part.thinking) || text(part.text) };
    case "tool_call":
    case "tool_use":
    case "function":
      return callOf(part);
    case "tool_call_response":
    case "tool_result":
      return {
        kind: "result",
        id: text(part.id) || text(part.tool_use_id),
        result: jsonIn(part.response ?? part.result ?? part.content),
      };
    case "uri":
    case "blob":
    case "file":
    case "image_url":
    case "image":
    case "input_image":
    case "input_audio":
    case "audio":
      return mediaOf(part);
    default:
      return { kind: "other", value: part };
  }
}

function callOf(call: unknown): Part {
  if (!isFields(call)) return { kind: "other", value: call };
  const inner = isFields(call.function) ? call.function : call;
  return {
    kind: "call",
    id: text(call.id),
    name: text(inner.name) || "(no name)",
    arguments: jsonIn(inner.arguments ?? inner.input),
  };
}

/** An image, audio or a file. Embedded bytes are shown; a URL is untrusted and never fetched. */
function mediaOf(part: Fields): Part {
  const image = isFields(part.image_url) ? text(part.image_url.url) : text(part.image_url);
  const source = isFields(part.source) ? part.source : isFields(part.input_audio) ? part.input_audio : {};
  const address = text(part.uri) || image || text(source.url);
  const embedded = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(address);
  const data = text(part.content) || text(part.data) || text(source.data) || embedded?.[2] || "";
  const format = text(source.format);
  const mimeType =
    text(part.mime_type) ||
    text(source.media_type) ||
    embedded?.[1] ||
    (format && `audio/${format === "mp3" ? "mpeg" : format}`);
  const type = mimeType || text(part.modality) || /^data:([^;,]+)/.exec(address)?.[1] || "file";
  const size = data || (address.startsWith("data:") ? address : "");
  return {
    kind: "media",
    label: size ? `${type}, ${Math.ceil((size.length * 3) / 4 / 1000)} kB` : type,
    address: address.startsWith("data:") ? "" : address,
    mimeType,
    data,
  };
}

/** Text that holds JSON as what it holds; anything else as it is. */
function jsonIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** All text of a message, as a copy button should give it. */
export const textOf = (message: Message): string =>
  message.parts
    .map((part) =>
      part.kind === "text" || part.kind === "reasoning"
        ? part.text
        : JSON.stringify(part.kind === "call" ? { name: part.name, arguments: part.arguments } : part, null, 2),
    )
    .join("\n\n");

/** Whether an input or output is empty. */
export const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
