const PREVIEW_CHARACTERS = 200;

/** The preview in a list: the last user message, or the start of the value as JSON. */
export const previewInput = (value: unknown) => shorten(inputText(value));

/** The same for the output: the assistant's text, or its tool calls. */
export const previewOutput = (value: unknown) => shorten(outputText(value));

/** The whole text of a preview of an input. */
export const inputText = (value: unknown) => textOf(value, "user");

/** The whole text of a preview of an output. */
export const outputText = (value: unknown) => textOf(value, "assistant");

function textOf(value: unknown, role: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return asText(value);
  if (value.every((item) => typeof item === "string")) return value.slice(0, 20).join(" · ");
  const message = value.findLast((item) => field(item, "role") === role) ?? value.findLast(isMessage);
  return readMessage(message) || asText(value);
}

const isMessage = (value: unknown) => typeof field(value, "role") === "string";

function readMessage(message: unknown): string {
  const content = field(message, "parts") ?? field(message, "content");
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = content.map(readText).filter((text) => text !== "");
  return (texts.length > 0 ? texts : content.map(readOther).filter((text) => text !== "")).join(" ");
}

function readText(part: unknown): string {
  const type = field(part, "type") ?? "text";
  if (type !== "text" && type !== "input_text" && type !== "output_text") return "";
  const text = field(part, "content") ?? field(part, "text");
  return typeof text === "string" ? text : "";
}

function readOther(part: unknown): string {
  const type = field(part, "type");
  if (type === "tool_call") return `${asText(field(part, "name"))}(${asText(field(part, "arguments"))})`;
  if (type === "tool_call_response") return asText(field(part, "response"));
  if (type === "reasoning") return asText(field(part, "content"));
  return typeof type === "string" ? `[${type}]` : "";
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

const asText = (value: unknown) =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

/** One line of at most 200 characters that never ends in half of a character. */
function shorten(text: string): string {
  const start = text.slice(0, PREVIEW_CHARACTERS * 3).trim();
  const head = start.slice(0, PREVIEW_CHARACTERS);
  // Most texts have only single blanks, and a check is cheaper than a replacement.
  const line = /[^\S ]| {2}/.test(head) ? start.replace(/\s+/g, " ").slice(0, PREVIEW_CHARACTERS) : head;
  return line.replace(/[\uD800-\uDBFF]$/, "").toWellFormed();
}
