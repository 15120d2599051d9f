import type { Row } from "../files/row.ts";
import { asChat } from "./as-chat.ts";
import { passesExtraFields, readExtraFields, writeExtraFields } from "./extra-fields.ts";
import type { Message } from "./messages.ts";
import { type OutgoingItem, refuse, type Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["instruction", "input", "output", "system", "history"]);

export const alpaca: Shape = {
  id: "alpaca",
  label: "Alpaca",
  description: "`instruction`, `input` and `output`, with optional `system` and `history`.",
  fits: (row) => typeof row.instruction === "string" && ("output" in row || "input" in row),
  read(row) {
    const { instruction, output = null } = row;
    if (typeof instruction !== "string") return refuse("/instruction", "It is not text.");
    if (output !== null && typeof output !== "string") return refuse("/output", "It is not text.");
    const inputs = { instruction, ...textIn(row, "input"), ...textIn(row, "system"), ...historyIn(row) };
    return { ...readExtraFields(row, OWN), inputs, expected: output };
  },
  passes(path) {
    const [first] = path;
    return typeof first === "string" && OWN.has(first) ? "as-is" : passesExtraFields(path, OWN);
  },
  write(item) {
    const { instruction } = item.inputs;
    const core = typeof instruction === "string" ? writeOwn(item) : writeChat(item);
    return { ...core, ...writeExtraFields(item) };
  },
};

function textIn(row: Row, key: "input" | "system"): Row {
  const text = row[key] ?? null;
  if (text !== null && typeof text !== "string") return refuse(`/${key}`, "It is not text.");
  return text === null ? {} : { [key]: text };
}

function historyIn({ history = null }: Row): Row {
  if (history === null) return {};
  const isPair = (turn: unknown) =>
    Array.isArray(turn) && turn.length === 2 && turn.every((text) => typeof text === "string");
  if (!Array.isArray(history) || !history.every(isPair))
    return refuse("/history", 'It is not a list of pairs. Write [["question", "answer"], …].');
  return { history };
}

function writeOwn({ inputs, expected }: OutgoingItem): Row {
  const foreign = Object.keys(inputs).find((key) => !OWN.has(key));
  if (foreign !== undefined) return refuse(`/inputs/${foreign}`, "Alpaca has no such key. Use the shape treadle.");
  return { ...inputs, ...answerIn(expected) };
}

function answerIn(expected: unknown): Row {
  if (expected === null) return {};
  return typeof expected === "string" ? { output: expected } : refuse("/expected", "It is not text.");
}

/** A chat of texts: the first system message, pairs of turns, and the last question. */
function writeChat(item: OutgoingItem): Row {
  const { messages, answer, others } = asChat(item);
  if (Object.keys(others).length > 0)
    return refuse("/inputs", "Alpaca does not support tools. Use the shape openai-chat or sharegpt.");
  const [first, ...rest] = messages;
  const system = first?.role === "system" ? textOf(first) : null;
  const turns = system === null ? messages : rest;
  const asked = turns.at(-1);
  if (asked?.role !== "user" || turns.length % 2 === 0 || !turns.every(isInTurn))
    return refuse("/inputs/messages", "Alpaca needs alternating questions and answers that end with a question.");
  const history = Array.from({ length: (turns.length - 1) / 2 }, (_, place) =>
    turns.slice(place * 2, place * 2 + 2).map(textOf),
  );
  return {
    instruction: textOf(asked),
    input: "",
    ...(answer && { output: textOf(answer) }),
    ...(system !== null && { system }),
    ...(history.length > 0 && { history }),
  };
}

const isInTurn = ({ role }: Message, place: number) => role === (place % 2 === 0 ? "user" : "assistant");

function textOf({ content, tool_calls }: Message): string {
  if (typeof content === "string" && tool_calls === undefined) return content;
  return refuse("/inputs/messages", "Alpaca only supports text. Use the shape openai-chat.");
}
