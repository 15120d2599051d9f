/** The text of the last user message of a request; empty if there is none. */
export function lastTextOf(messages: unknown): string {
  if (!Array.isArray(messages)) return "";
  const last: unknown = messages.findLast((message) => fieldOf(message, "role") === "user");
  const content = fieldOf(last, "content");
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part) => fieldOf(part, "text"))
    .filter((text) => typeof text === "string")
    .join("\n");
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
