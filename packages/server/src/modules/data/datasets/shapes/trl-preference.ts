import { isDeepStrictEqual } from "node:util";
import { asPreference } from "./as-chat.ts";
import { readExtraFields, writeExtraFields } from "./extra-fields.ts";
import { looksLikeMessages, type Message, readMessages, readTools } from "./messages.ts";
import { refuse, type Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["prompt", "chosen", "rejected", "tools"]);
const TURN = /\n\n(Human|Assistant):[ ]?/;

const isSide = (value: unknown) => typeof value === "string" || looksLikeMessages(value) || Array.isArray(value);

export const trlPreference: Shape = {
  id: "trl-preference",
  label: "TRL preference",
  description:
    "`chosen` and `rejected`, with or without `prompt`: texts, messages, or whole Human and Assistant conversations as text.",
  fits: (row) => isSide(row.chosen) && isSide(row.rejected),
  read(row) {
    const [chosen, rejected] = [readSide(row.chosen, "/chosen"), readSide(row.rejected, "/rejected")];
    const hasPrompt = row.prompt !== null && row.prompt !== undefined;
    const shared = hasPrompt ? 0 : sharedMessages(chosen, rejected);
    const messages = hasPrompt ? readPrompt(row.prompt) : chosen.slice(0, shared);
    const inputs = { messages, ...readTools(row.tools, "/tools") };
    const expected = { chosen: chosen.slice(shared), rejected: rejected.slice(shared) };
    return { ...readExtraFields(row, OWN), inputs, expected };
  },
  write(item) {
    const { messages, others, chosen, rejected } = asPreference(item);
    // Trainers of reward models read the margin between the two answers from a separate column.
    const { margin, ...metadata } = item.metadata;
    const isNumber = typeof margin === "number";
    const extra = writeExtraFields(isNumber ? { ...item, metadata } : item);
    return { prompt: messages, chosen, rejected, ...(isNumber && { margin }), ...others, ...extra };
  },
};

export const readPrompt = (value: unknown): Message[] =>
  typeof value === "string" && !looksLikeMessages(value)
    ? [{ role: "user", content: value }]
    : readMessages(value, "/prompt");

/** An answer as messages: a text is one of the assistant, unless it is a whole conversation. */
export function readSide(value: unknown, pointer: string): Message[] {
  if (typeof value !== "string" || looksLikeMessages(value)) return readMessages(value, pointer);
  return value.startsWith("\n\nHuman:") ? readTranscript(value, pointer) : [{ role: "assistant", content: value }];
}

function readTranscript(text: string, pointer: string): Message[] {
  const [before = "", ...parts] = text.split(TURN);
  if (before !== "") return refuse(pointer, "The conversation does not start with Human or Assistant.");
  return Array.from({ length: parts.length / 2 }, (_, place) => ({
    role: parts[place * 2] === "Human" ? "user" : "assistant",
    content: parts[place * 2 + 1] ?? "",
  }));
}

/** The number of messages that both sides share at the start. Each side retains at least one message for the comparison. */
function sharedMessages(chosen: readonly Message[], rejected: readonly Message[]): number {
  const most = Math.min(chosen.length, rejected.length) - 1;
  let shared = 0;
  while (shared < most && isDeepStrictEqual(chosen[shared], rejected[shared])) shared++;
  return shared;
}
