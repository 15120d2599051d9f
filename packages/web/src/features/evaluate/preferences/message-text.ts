type Message = Readonly<Record<string, unknown>>;

/** The text of messages, one after another; other content as JSON. */
export const messageText = (messages: readonly Message[]): string =>
  messages
    .map(({ content, tool_calls: calls }) => (content == null ? JSON.stringify(calls ?? null) : asText(content)))
    .join("\n");

const asText = (content: unknown): string => (typeof content === "string" ? content : JSON.stringify(content));

/** The last question, which identifies a prompt better than a common beginning. */
export function promptText(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === "user");
  return messageText(last ? [last] : messages);
}
