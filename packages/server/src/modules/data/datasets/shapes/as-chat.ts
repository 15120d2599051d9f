import type { Item } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Row } from "../files/row.ts";
import { inOrder, isMessage, isMessages, type Message } from "./messages.ts";
import { refuse } from "./shape.ts";

/** An item as a chat: its messages, what is expected (null when nothing is), and what else goes in, such as tools. */
export type Chat = { readonly messages: readonly Message[]; readonly answer: Message | null; readonly others: Row };

/** An item as a chat. Texts become a question and an answer. Refuses an item that has no one reading as a chat. */
export function asChat({ inputs, expected }: Pick<Item, "inputs" | "expected">): Chat {
  const { messages, ...others } = inputs;
  if (messages !== undefined) {
    if (!isMessages(messages)) return refuse("/inputs/messages", "It is not a list of messages.");
    return { messages: messages.map(inOrder), answer: answerOf(expected), others };
  }
  if (typeof inputs.instruction === "string") return { ...instructed(inputs), answer: answerOf(expected), others: {} };
  return { messages: [{ role: "user", content: questionOf(inputs) }], answer: answerOf(expected), others: {} };
}

/** The one text that goes in. */
export function questionOf(inputs: Row): string {
  const texts = Object.values(inputs);
  const [text] = texts;
  if (texts.length === 1 && typeof text === "string") return text;
  return refuse(
    "/inputs",
    "The input is neither a chat nor a single text, so it cannot become a conversation. Use the shape treadle or table.",
  );
}

/** Alpaca's instruction, with the turns before it. */
function instructed({ instruction, input, system, history }: Row): { messages: Message[] } {
  const asked = typeof input === "string" && input !== "" ? `${instruction}\n\n${input}` : instruction;
  const before = Array.isArray(history) ? history.flatMap(turnOf) : [];
  const systemTurns = typeof system === "string" && system !== "" ? [{ role: "system", content: system }] : [];
  return { messages: [...systemTurns, ...before, { role: "user", content: asked }] };
}

function turnOf(pair: unknown): Message[] {
  const [question, answer]: unknown[] = Array.isArray(pair) ? pair : [];
  return [
    { role: "user", content: String(question ?? "") },
    { role: "assistant", content: String(answer ?? "") },
  ];
}

function answerOf(expected: unknown): Message | null {
  if (expected === null || expected === undefined) return null;
  if (typeof expected === "string") return { role: "assistant", content: expected };
  if (isMessage(expected)) return inOrder(expected);
  if (isRecord(expected) && ("chosen" in expected || "completion" in expected))
    return refuse(
      "/expected",
      "It is a preference, not an answer. Use the shape openai-preference, trl-preference or kto.",
    );
  return refuse("/expected", "It is neither text nor a message. Use the shape treadle or table.");
}

/** A pair of answers to a chat, of which one was preferred. */
export type Preference = {
  readonly messages: readonly Message[];
  readonly others: Row;
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
};

/** Converts an item to a preference. Rejects an item without a pair of answers. */
export function asPreference({ inputs, expected }: Pick<Item, "inputs" | "expected">): Preference {
  const { messages, ...others } = inputs;
  if (!isMessages(messages)) return refuse("/inputs/messages", "It is not a list of messages.");
  if (!isRecord(expected) || !isMessages(expected.chosen) || !isMessages(expected.rejected))
    return refuse("/expected", "It has no chosen and rejected messages. Use the shape treadle.");
  const { chosen, rejected } = expected;
  return { messages: messages.map(inOrder), others, chosen: chosen.map(inOrder), rejected: rejected.map(inOrder) };
}
