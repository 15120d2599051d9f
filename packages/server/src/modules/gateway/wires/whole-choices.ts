import type { ChatChunk, ChatMessage, ChatResponse, ToolCall } from "../providers/provider.ts";
import { isRecord, type JsonRecord, listOf, numberOf, recordOf, recordsOf, textOf } from "./json.ts";

/**
 * Brings what a provider calls a chunk into the shape that every reader of the hub relies on: choices are objects with a
 * place, a delta and an end; calls and thoughts are lists of objects. A chunk that has it already comes back as it is.
 */
export const wholeChunk = (value: JsonRecord): ChatChunk =>
  (listOf(value.choices).every(isWholeChoice) && hasWholeHead(value)
    ? value
    : { ...value, ...wholeHead(value), choices: recordsOf(value.choices).map(wholeChoice) }) as ChatChunk;

/** The same for a whole answer, whose choices have messages. What is no choice is left out, since there is nothing in it to read. */
export const wholeResponse = (value: JsonRecord): ChatResponse => ({
  ...value,
  ...wholeHead(value),
  object: "chat.completion",
  usage: isRecord(value.usage) ? (value.usage as ChatResponse["usage"]) : undefined,
  choices: recordsOf(value.choices).map((choice, position) => ({
    ...choice,
    index: numberOf(choice.index) ?? position,
    message: wholeMessage(recordOf(choice.message)),
    finish_reason: textOf(choice.finish_reason) || null,
  })),
});

const hasWholeHead = ({ id, model }: JsonRecord) => typeof id === "string" && typeof model === "string";
const wholeHead = ({ id, model, created }: JsonRecord) => ({
  id: textOf(id),
  model: textOf(model),
  created: numberOf(created) ?? 0,
});

function isWholeChoice(choice: unknown): boolean {
  if (!isRecord(choice) || typeof choice.index !== "number" || !isRecord(choice.delta)) return false;
  const { tool_calls: calls, reasoning_details: details } = choice.delta;
  return (
    (choice.finish_reason === null || typeof choice.finish_reason === "string") &&
    (calls === undefined || (Array.isArray(calls) && calls.every(isWholeCall))) &&
    (details === undefined || (Array.isArray(details) && details.every(isRecord)))
  );
}
const isTextOrNone = (value: unknown) => typeof value === "string" || value === undefined;
const isWholeCall = (call: unknown) =>
  isRecord(call) &&
  isTextOrNone(call.id) &&
  isRecord(call.function) &&
  isTextOrNone(call.function.name) &&
  isTextOrNone(call.function.arguments);

const wholeChoice = (choice: JsonRecord, position: number) => ({
  ...choice,
  index: numberOf(choice.index) ?? position,
  delta: wholeLists(recordOf(choice.delta)),
  finish_reason: textOf(choice.finish_reason) || null,
});

function wholeMessage(message: JsonRecord): ChatMessage {
  const { content } = message;
  return {
    ...wholeLists(message),
    role: textOf(message.role) || "assistant",
    content: typeof content === "string" ? content : Array.isArray(content) ? recordsOf(content) : null,
  };
}

function wholeLists({ tool_calls: calls, reasoning_details: details, ...rest }: JsonRecord): Partial<ChatMessage> {
  return {
    ...rest,
    ...(Array.isArray(calls) && {
      tool_calls: recordsOf(calls).map(wholeCall),
    }),
    ...(Array.isArray(details) && { reasoning_details: recordsOf(details) }),
  };
}

/** Some servers send a call's arguments as the value itself where OpenAI has its text. */
function wholeCall({ id, function: given, ...rest }: JsonRecord): ToolCall {
  const { name, arguments: value, ...more } = recordOf(given);
  const isValue = typeof value === "object" && value !== null;
  return {
    ...rest,
    ...((typeof id === "string" || typeof id === "number") && { id: String(id) }),
    function: {
      ...more,
      ...(typeof name === "string" && { name }),
      ...((isValue || typeof value === "string") && { arguments: isValue ? JSON.stringify(value) : value }),
    },
  };
}
