import { isRecord } from "../../../../kernel/is-record.ts";
import { parseJson } from "../files/parse-row.ts";
import type { Row } from "../files/row.ts";
import { refuse } from "./shape.ts";

/** A message of a chat, as the OpenAI API writes it. */
export type Message = Row & { readonly role: string; readonly content: unknown };

const ROLES: ReadonlySet<string> = new Set(["system", "developer", "user", "assistant", "tool", "function"]);

/** Reads a list of messages, also as JSON in a text. Keys that are null are left out, as tables pad them. */
export function readMessages(value: unknown, pointer: string): Message[] {
  const list = typeof value === "string" ? parseList(value) : value;
  if (!Array.isArray(list)) return refuse(pointer, "It is not a list of messages.");
  return list.map((message, place) => readMessage(message, `${pointer}/${place}`));
}

/** Null for invalid JSON. */
const parseList = (text: string): unknown => parseJson(Buffer.from(text)).value;

function readMessage(value: unknown, pointer: string): Message {
  if (!isRecord(value)) return refuse(pointer, 'It is not a message. Write {"role": …, "content": …}.');
  const { role, content = null } = value;
  if (typeof role !== "string" || !ROLES.has(role))
    return refuse(`${pointer}/role`, `It is not one of ${[...ROLES].join(", ")}.`);
  const message = messageOf(value, role, content);
  checkContent(message, pointer);
  checkWeight(message, pointer);
  if (message.tool_calls === undefined) return message;
  return { ...message, tool_calls: readToolCalls(message.tool_calls, `${pointer}/tool_calls`) };
}

/** The keys are in their stored order, so that no sorting is needed. Null keys are left out. */
function messageOf(value: Row, role: string, content: unknown): Message {
  const keys = Object.keys(value);
  if (keys.length === 2 && "content" in value) return { content, role };
  const given: Row = { ...value, content };
  const filled = [...new Set([...keys, "content"])].filter((key) => key === "content" || given[key] !== null).sort();
  const sorted: Row = Object.fromEntries(filled.map((key) => [key, given[key]]));
  return { ...sorted, content, role };
}

function checkContent({ role, content, tool_calls, function_call }: Message, pointer: string) {
  if (typeof content === "string") return;
  if (Array.isArray(content)) {
    const wrong = content.findIndex((part) => !isRecord(part) || typeof part.type !== "string");
    if (wrong !== -1) refuse(`${pointer}/content/${wrong}`, 'It is not a part of a message. Write {"type": …}.');
    return;
  }
  if (content !== null) return refuse(`${pointer}/content`, "It is neither text nor a list of parts.");
  const says = role === "assistant" && (tool_calls !== undefined || function_call !== undefined);
  if (!says) refuse(`${pointer}/content`, "It is missing. Only an assistant message with tool calls may leave it out.");
}

function checkWeight({ role, weight }: Message, pointer: string) {
  if (weight === undefined) return;
  if (weight !== 0 && weight !== 1) refuse(`${pointer}/weight`, "It is neither 0 nor 1.");
  if (role !== "assistant") refuse(`${pointer}/weight`, "Only an assistant message can have a weight.");
}

/** Arguments that are an object become the text that the API has. */
function readToolCalls(value: unknown, pointer: string): Row[] {
  if (!Array.isArray(value)) return refuse(pointer, "It is not a list of tool calls.");
  return value.map((call, place) => {
    const at = `${pointer}/${place}`;
    if (!isRecord(call) || !isRecord(call.function)) return refuse(at, 'It has no {"function": {"name": …}}.');
    const { name, arguments: given = "{}" } = call.function;
    if (typeof name !== "string" || name === "") return refuse(`${at}/function/name`, "It is not a valid name.");
    const text = typeof given === "string" ? given : JSON.stringify(given);
    return { ...call, function: { ...call.function, arguments: text } };
  });
}

/** Whether something is a list of messages, at a glance. */
export const looksLikeMessages = (value: unknown): boolean => {
  const list = typeof value === "string" && value.startsWith("[") ? parseList(value) : value;
  return Array.isArray(list) && list.length > 0 && list.every((one) => isRecord(one) && typeof one.role === "string");
};

/** Whether something is a message that an item holds, which was checked when it came in. */
export const isMessage = (value: unknown): value is Message =>
  isRecord(value) && typeof value.role === "string" && ROLES.has(value.role) && "content" in value;

/** A message in the usual key order. An item stores the keys of its objects alphabetically. */
export const inOrder = ({ role, content, ...others }: Message): Message => ({ role, content, ...others });

export const isMessages = (value: unknown): value is Message[] => Array.isArray(value) && value.every(isMessage);

/** The tools of a row: a list, also as JSON in a text. Undefined if there are none. */
export function readTools(value: unknown, pointer: string): { tools?: readonly unknown[] } {
  if (value === null || value === undefined) return {};
  const list = typeof value === "string" ? parseList(value) : value;
  if (!Array.isArray(list)) return refuse(pointer, "It is not a list of tools.");
  const wrong = list.findIndex((tool) => !isRecord(tool));
  if (wrong !== -1) refuse(`${pointer}/${wrong}`, "It is not a tool.");
  return list.length === 0 ? {} : { tools: list };
}

/** The last assistant message is the expected answer. The messages before it are the input. */
export function splitAnswer(messages: readonly Message[]): { asked: Message[]; answer: Message | null } {
  const last = messages.at(-1);
  return last?.role === "assistant"
    ? { asked: messages.slice(0, -1), answer: last }
    : { asked: [...messages], answer: null };
}
