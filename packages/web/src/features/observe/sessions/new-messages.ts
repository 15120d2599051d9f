import { type Message, messagesOf } from "../traces/index.ts";

/** The new messages of a turn: chat programs send all earlier messages with each turn. */
export function newMessages(input: unknown): readonly Message[] {
  const messages = asMessages(input, "user").filter(({ role }) => role !== "system" && role !== "developer");
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const added = messages.slice(last + 1);
  return added.length > 0 ? added : messages.slice(-1);
}

/** Anything as messages: text is what this role said, other values are shown as JSON. */
export function asMessages(value: unknown, role: "user" | "assistant"): readonly Message[] {
  if (value === null || value === undefined || value === "") return [];
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return messagesOf(value) ?? [{ role, finish: "", parts: [{ kind: "text", text }] }];
}
