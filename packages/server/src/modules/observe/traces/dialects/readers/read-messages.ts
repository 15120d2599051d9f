import { isRecord } from "../../../../../kernel/is-record.ts";
import { fieldOf, firstText, type JsonRecord, listOf, recordOf, textOf } from "./json.ts";
import type { Message, Part } from "./message.ts";
import { readParts, readToolCall, readToolResponse } from "./read-parts.ts";

type Role = "user" | "assistant" | "system";

/** The place of messages in a request or response, by provider and framework. */
const LISTS = ["messages", "contents", "input", "choices", "candidates", "output", "outputs", "generations"];
const ROLES: Readonly<Record<string, string>> = {
  human: "user",
  ai: "assistant",
  AIMessageChunk: "assistant",
  model: "assistant",
  chatbot: "assistant",
  generic: "user",
  developer: "system",
  function: "tool",
};
const OLD_REASONING = ["reasoning_content", "reasoning", "thinking"];

/**
 * Converts chat messages of any format (OpenAI's chat and responses, Anthropic, Gemini, Bedrock, LangChain, the AI SDK,
 * a whole request or response) to OpenTelemetry's. A text is one message of the given role. Undefined if there are no
 * messages.
 */
export function readMessages(value: unknown, role: Role): Message[] | undefined {
  if (typeof value === "string") return value === "" ? undefined : [{ role, parts: readParts(value) }];
  const messages = Array.isArray(value) ? readList(value, role) : readHolder(recordOf(value), role);
  return messages.some(({ parts }) => parts.length > 0) ? messages : undefined;
}

/** Whether the value is messages, or holds them: what a tool or a chain takes and gives often does not. */
export function holdsMessages(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => isRecord(item) && isMessage(unwrap(item)));
  if (!isRecord(value)) return false;
  return isMessage(unwrap(value)) || LISTS.some((name) => holdsMessages(fieldOf(value, name)));
}

/** Messages, preceded by instructions that the sender stores separately. */
export function withInstructions(instructions: unknown, messages: Message[] | undefined): Message[] | undefined {
  const parts = readParts(instructions);
  if (parts.length === 0) return messages;
  const [first] = messages ?? [];
  // Some write them in both places.
  if (first?.role === "system" && JSON.stringify(first.parts) === JSON.stringify(parts)) return messages;
  return [{ role: "system", parts }, ...(messages ?? [])];
}

const isMessage = (item: JsonRecord) =>
  typeof fieldOf(item, "role") === "string" &&
  ["content", "parts", "contents", "tool_calls", "toolCalls"].some((name) => Object.hasOwn(item, name));

function readList(list: readonly unknown[], role: Role): Message[] {
  const messages: Message[] = [];
  for (const item of list) {
    if (Array.isArray(item)) messages.push(...readList(item, role));
    else if (typeof item === "string") messages.push({ role, parts: readParts(item) });
    else if (isRecord(item)) messages.push(...readItem(unwrap(item), role));
  }
  return messages;
}

/** A whole request or answer: its instructions and its messages. */
function readHolder(holder: JsonRecord, role: Role): Message[] {
  const item = unwrap(holder);
  if (typeof fieldOf(item, "role") === "string") return readItem(item, role);
  const instructions = role === "assistant" ? undefined : instructionsOf(item);
  for (const name of LISTS) {
    const list = fieldOf(item, name);
    if (list === undefined || list === null || list === "") continue;
    const messages = readHeld(list, role);
    if (messages.length > 0) return withInstructions(instructions, messages) ?? [];
  }
  const prompt = fieldOf(item, "prompt");
  if (typeof prompt === "string" || Array.isArray(prompt))
    return withInstructions(instructions, readMessages(prompt, role)) ?? [];
  return readItem(item, role);
}

/** A text, messages, or another holder: LangChain's tools and chains answer with one message as their `output`. */
function readHeld(held: unknown, role: Role): Message[] {
  if (typeof held === "string") return [{ role, parts: readParts(held) }];
  return isRecord(held) ? readHolder(held, role) : readList(listOf(held), role);
}

/**
 * Instructions that a request stores separately; responses repeat them. Gemini's instructions are a message without a
 * role.
 */
function instructionsOf(request: JsonRecord): unknown {
  const given = fieldOf(request, "system") ?? fieldOf(request, "instructions") ?? fieldOf(request, "systemInstruction");
  return isRecord(given) ? (fieldOf(given, "parts") ?? given) : given;
}

/** One message, a choice around one, or an item of the Responses API. */
function readItem(item: JsonRecord, role: Role): Message[] {
  const inner = fieldOf(item, "message");
  if (isRecord(inner)) return readChoice(item, unwrap(inner), role);
  if (typeof fieldOf(item, "role") === "string") return [readMessage(item, role)];
  // A candidate of Gemini's.
  if (isRecord(fieldOf(item, "content"))) return readChoice(item, recordOf(fieldOf(item, "content")), role);
  switch (fieldOf(item, "type")) {
    case "function_call":
      return [{ role: "assistant", parts: [readToolCall(item)] }];
    case "function_call_output":
      return [{ role: "tool", parts: [readToolResponse(item)] }];
    case "reasoning":
      return nonEmpty("assistant", readParts(item));
    default:
      return nonEmpty(role, partsOf(item, ""));
  }
}

const nonEmpty = (role: string, parts: Part[]): Message[] => (parts.length > 0 ? [{ role, parts }] : []);

function readChoice(choice: JsonRecord, message: JsonRecord, role: Role): Message[] {
  const finish = firstText(choice, ["finish_reason", "finishReason"]);
  return [{ ...readMessage(message, role), ...(finish !== "" && { finish_reason: finish }) }];
}

function readMessage(message: JsonRecord, fallback: Role): Message {
  const given = textOf(fieldOf(message, "role")) || fallback;
  const role = Object.hasOwn(ROLES, given) ? (ROLES[given] ?? given) : given.toLowerCase();
  const name = textOf(fieldOf(message, "name"));
  const finish = firstText(message, ["finish_reason", "finishReason", "stop_reason", "stopReason"]);
  return {
    role,
    parts: partsOf(message, role),
    ...(name !== "" && role !== "tool" && { name }),
    ...(finish !== "" && { finish_reason: finish }),
  };
}

function partsOf(message: JsonRecord, role: string): Part[] {
  const known = fieldOf(message, "parts");
  const content = known ?? fieldOf(message, "content") ?? fieldOf(message, "contents") ?? fieldOf(message, "text");
  if (role === "tool" && known === undefined && !isListOfResults(content)) return [readToolResponse(message)];
  const parts: Part[] = [];
  if (known === undefined) {
    const reasoning = firstText(message, OLD_REASONING);
    if (reasoning !== "") parts.push({ type: "reasoning", content: reasoning });
  }
  parts.push(...readParts(content));
  const refusal = textOf(fieldOf(message, "refusal"));
  if (refusal !== "") parts.push({ type: "refusal", content: refusal });
  for (const call of callsOf(message)) if (!hasCall(parts, call)) parts.push(call);
  return parts;
}

function callsOf(message: JsonRecord): Part[] {
  const calls = listOf(fieldOf(message, "tool_calls") ?? fieldOf(message, "toolCalls")).filter(isRecord);
  const old = fieldOf(message, "function_call");
  return (isRecord(old) ? [...calls, old] : calls).map(readToolCall);
}

/** LangChain repeats Anthropic's calls, which are also parts of the content. */
const hasCall = (parts: readonly Part[], call: Part) =>
  call.id !== "" && parts.some((part) => part.type === "tool_call" && part.id === call.id);

/** The AI SDK, Anthropic and Bedrock put several results into one message. */
const isListOfResults = (content: unknown) =>
  listOf(content).some(
    (part) =>
      /^tool[-_](?:result|call_response)$/.test(textOf(recordOf(part).type)) ||
      isRecord(fieldOf(recordOf(part), "toolResult")),
  );

/** LangChain's serialisations: `{ lc, kwargs }`, `{ type: "human", data }`, `{ type: "human", content }`. */
function unwrap(item: JsonRecord): JsonRecord {
  const kwargs = fieldOf(item, "kwargs");
  if (isRecord(kwargs) && (Object.hasOwn(item, "lc") || Object.hasOwn(item, "id"))) return unwrapKwargs(item, kwargs);
  const type = textOf(fieldOf(item, "type"));
  if (!/^(?:human|ai|system|tool|function|AIMessageChunk)$/.test(type) || Object.hasOwn(item, "role")) return item;
  const data = fieldOf(item, "data");
  const holder = isRecord(data) ? data : item;
  return Object.hasOwn(holder, "content") ? { ...holder, role: type } : item;
}

function unwrapKwargs(item: JsonRecord, kwargs: JsonRecord): JsonRecord {
  const kind = textOf(listOf(fieldOf(item, "id")).at(-1));
  const role = /^(Human|AI|System|Tool|Function|Chat)Message/.exec(kind)?.[1]?.toLowerCase();
  if (role === undefined) return kwargs;
  return { ...kwargs, role: role === "chat" ? textOf(fieldOf(kwargs, "role")) : role };
}
