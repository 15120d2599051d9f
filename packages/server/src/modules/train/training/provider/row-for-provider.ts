import type { Item, ItemShape, TrainingFormat } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import { SHAPES } from "../../../data/datasets/index.ts";

type Row = Readonly<Record<string, unknown>>;

const ROLES: ReadonlySet<unknown> = new Set(["system", "developer", "user", "assistant", "tool"]);
const CHAT = ["messages", "tools", "parallel_tool_calls"] as const;
const PREFERENCE = ["input", "preferred_output", "non_preferred_output"] as const;

/**
 * Converts an item to a row of a provider's training file. Throws `unprocessable` with a pointer for content that
 * OpenAI's format does not support.
 */
export function rowForProvider(item: Item, format: TrainingFormat): Row {
  if (format === "preference") return checkedPair(written(item, "openai-preference", PREFERENCE));
  if (format === "chat" || format === "prompt_completion") return checkedChat(written(item, "openai-chat", CHAT));
  return refuse("/inputs", `A provider needs chats or preference pairs, but the data is ${format}.`);
}

function written(item: Item, id: ItemShape, columns: readonly string[]): Row {
  const shape = SHAPES.find((candidate) => candidate.id === id);
  if (!shape) throw new Error(`there is no shape ${id}`);
  const row = shape.write({ ...item, ownId: null });
  return Object.fromEntries(columns.flatMap((column) => (row[column] === undefined ? [] : [[column, row[column]]])));
}

function checkedChat(row: Row): Row {
  const messages = checked(row.messages, "/messages");
  if (messages.at(-1)?.role !== "assistant") refuse("/expected", "There is no assistant answer to learn.");
  return { ...row, messages };
}

function checkedPair(row: Row): Row {
  const input = isRecord(row.input) ? row.input : {};
  const messages = checked(input.messages, "/inputs/messages");
  if (messages.length === 0) refuse("/inputs/messages", "There is no message that the answers reply to.");
  if (messages.at(-1)?.role === "assistant")
    refuse("/inputs/messages", "It ends with an assistant message. Move that text into both answers.");
  return {
    input: { ...input, messages },
    preferred_output: oneAnswer(row.preferred_output, "/expected/chosen"),
    non_preferred_output: oneAnswer(row.non_preferred_output, "/expected/rejected"),
  };
}

/** A pair is of two single answers, where other trainers take whole ends of conversations. */
function oneAnswer(value: unknown, pointer: string): readonly Row[] {
  const messages = checked(value, pointer);
  const [only] = messages;
  if (messages.length === 1 && only?.role === "assistant") return messages;
  return refuse(pointer, "It must be a single assistant message, because a provider compares single answers.");
}

function checked(value: unknown, pointer: string): readonly Row[] {
  if (!Array.isArray(value)) return refuse(pointer, "There are no messages.");
  return value.map((message: unknown, place) => checkedMessage(message, `${pointer}/${place}`));
}

function checkedMessage(message: unknown, pointer: string): Row {
  if (!isRecord(message)) return refuse(pointer, "It is not a message.");
  const { role, content, tool_calls, tool_call_id } = message;
  if (!ROLES.has(role)) return refuse(`${pointer}/role`, `OpenAI's format has no role ${JSON.stringify(role)}.`);
  const isEmpty = content === undefined || content === null || content === "";
  if (isEmpty && !(role === "assistant" && Array.isArray(tool_calls) && tool_calls.length > 0))
    return refuse(`${pointer}/content`, "It has no content.");
  if (role === "tool" && typeof tool_call_id !== "string")
    return refuse(`${pointer}/tool_call_id`, "It does not name the tool call that it answers.");
  return role === "developer" ? { ...message, role: "system" } : message;
}

function refuse(pointer: string, message: string): never {
  throw new AppError("unprocessable", { message, details: { pointer } });
}
