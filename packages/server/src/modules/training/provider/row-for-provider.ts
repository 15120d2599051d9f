import type { Item, ItemShape, TrainingFormat } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { SHAPES } from "../../datasets/index.ts";

type Row = Readonly<Record<string, unknown>>;

const ROLES: ReadonlySet<unknown> = new Set(["system", "developer", "user", "assistant", "tool"]);
const CHAT = ["messages", "tools", "parallel_tool_calls"] as const;
const PREFERENCE = ["input", "preferred_output", "non_preferred_output"] as const;

/** What an item becomes in the file that a provider trains on. Throws `unprocessable` with a pointer for what OpenAI's format does not have. */
export function rowForProvider(item: Item, format: TrainingFormat): Row {
  if (format === "preference") return checkedPair(written(item, "openai-preference", PREFERENCE));
  if (format === "chat" || format === "prompt_completion") return checkedChat(written(item, "openai-chat", CHAT));
  return refuse("/inputs", `A provider trains on chats and on pairs, and this is ${format}.`);
}

function written(item: Item, id: ItemShape, columns: readonly string[]): Row {
  const shape = SHAPES.find((candidate) => candidate.id === id);
  if (!shape) throw new Error(`there is no shape ${id}`);
  const row = shape.write({ ...item, ownId: null });
  return Object.fromEntries(columns.flatMap((column) => (row[column] === undefined ? [] : [[column, row[column]]])));
}

function checkedChat(row: Row): Row {
  const messages = checked(row.messages, "/messages");
  if (messages.at(-1)?.role !== "assistant") refuse("/expected", "There is no answer of the assistant to learn.");
  return { ...row, messages };
}

function checkedPair(row: Row): Row {
  const input = isRow(row.input) ? row.input : {};
  const messages = checked(input.messages, "/inputs/messages");
  if (messages.length === 0) refuse("/inputs/messages", "There is no message that the answers would be to.");
  if (messages.at(-1)?.role === "assistant")
    refuse("/inputs/messages", "It ends with the assistant; what it says belongs into the two answers.");
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
  return refuse(pointer, "It must be one answer of the assistant: a provider compares single answers.");
}

function checked(value: unknown, pointer: string): readonly Row[] {
  if (!Array.isArray(value)) return refuse(pointer, "There are no messages.");
  return value.map((message: unknown, place) => checkedMessage(message, `${pointer}/${place}`));
}

function checkedMessage(message: unknown, pointer: string): Row {
  if (!isRow(message)) return refuse(pointer, "It is no message.");
  const { role, content, tool_calls, tool_call_id } = message;
  if (!ROLES.has(role)) return refuse(`${pointer}/role`, `OpenAI's format has no role ${JSON.stringify(role)}.`);
  const isEmpty = content === undefined || content === null || content === "";
  if (isEmpty && !(role === "assistant" && Array.isArray(tool_calls) && tool_calls.length > 0))
    return refuse(`${pointer}/content`, "It says nothing.");
  if (role === "tool" && typeof tool_call_id !== "string")
    return refuse(`${pointer}/tool_call_id`, "It does not say which call of a tool it answers.");
  return role === "developer" ? { ...message, role: "system" } : message;
}

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

function refuse(pointer: string, message: string): never {
  throw new AppError("unprocessable", { message, details: { pointer } });
}
