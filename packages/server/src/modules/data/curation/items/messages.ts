import type { Item } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";

export type Message = Readonly<Record<string, unknown>> & { readonly role: string };

const isMessage = (value: unknown): value is Message => isRecord(value) && typeof value.role === "string";

/**
 * The messages of a conversation with the expected answer at its end. Null if it is not a conversation. For a
 * preference, the chosen side counts.
 */
export function messagesOf({ inputs, expected }: Pick<Item, "inputs" | "expected">): Message[] | null {
  if (!Array.isArray(inputs.messages)) return null;
  const asked = inputs.messages.filter(isMessage);
  if (isMessage(expected)) return [...asked, expected];
  if (!isRecord(expected)) return asked;
  const answers = expected.chosen ?? expected.completion;
  return Array.isArray(answers) ? [...asked, ...answers.filter(isMessage)] : asked;
}

/** The text of a message: its content, or the texts of the content's text parts. */
export function contentOf({ content }: Message): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.flatMap((part) => (isRecord(part) && typeof part.text === "string" ? [part.text] : [])).join("\n");
}

export const callsOf = ({ tool_calls: calls }: Message): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(calls) ? calls.filter(isRecord) : [];
