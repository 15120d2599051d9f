import { isRecord } from "../../../../kernel/is-record.ts";

type JsonRecord = Readonly<Record<string, unknown>>;
type Message = JsonRecord;

const recordsOf = (value: unknown): JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? null));

/**
 * A span's input or output as chat messages: OpenTelemetry's messages are converted, chat messages are unchanged, and
 * other values are the text of one message. Null if there is nothing.
 */
export function readMessages(payload: unknown, role: "user" | "assistant"): Message[] | null {
  if (payload === null || payload === undefined || payload === "") return null;
  const inner = isRecord(payload) && Array.isArray(payload.messages) ? payload.messages : payload;
  const list = isRecord(inner) ? [inner] : inner;
  const messages = recordsOf(list);
  const isChat =
    Array.isArray(list) && messages.length > 0 && messages.length === list.length && messages.every(isMessage);
  if (!isChat) return [{ role, content: asText(payload) }];
  return messages.flatMap((message) => (Array.isArray(message.parts) ? fromParts(message) : [message]));
}

const isMessage = ({ role, parts, content, tool_calls: calls }: JsonRecord) =>
  typeof role === "string" && (Array.isArray(parts) || content !== undefined || Array.isArray(calls));

/** A message of parts as chat messages. Tool results are separate messages. */
function fromParts({ role, parts, name }: JsonRecord): Message[] {
  const all = recordsOf(parts);
  const answers = all.filter(({ type }) => type === "tool_call_response");
  if (answers.length > 0)
    return answers.map(({ id, response, result }) => ({
      role: "tool",
      tool_call_id: textOf(id),
      content: asText(response ?? result),
    }));
  const texts = all.filter(({ type }) => type === "text" || type === "refusal").map(({ content }) => textOf(content));
  const others = all.filter(({ type }) => !["text", "refusal", "reasoning", "tool_call"].includes(textOf(type)));
  const calls = all.filter(({ type }) => type === "tool_call").map(toToolCall);
  const text = texts.join("\n");
  const content = others.length === 0 ? text : [...texts.map((each) => ({ type: "text", text: each })), ...others];
  return [
    {
      role: textOf(role) || "user",
      content: content === "" && calls.length > 0 ? null : content,
      ...(textOf(name) !== "" && { name }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
  ];
}

const toToolCall = ({ id, name, arguments: given }: JsonRecord) => ({
  id: textOf(id),
  type: "function",
  function: { name: textOf(name), arguments: asText(given) },
});

/** The texts of messages, one below the other. */
export const textOfMessages = (messages: readonly Message[]): string =>
  messages
    .map(({ content }) =>
      typeof content === "string"
        ? content
        : recordsOf(content)
            .map(({ text }) => textOf(text))
            .join("\n"),
    )
    .filter((text) => text !== "")
    .join("\n");
