import { isRecord } from "../../../../../kernel/is-record.ts";
import type { ChatChunk, ChatMessage, ChatResponse, ToolCall } from "../../formats/hub/hub.ts";
import { type JsonRecord, listOf, numberOf, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";

/**
 * Completes a provider's chunk to the shape that every reader of the hub expects: choices are objects with an index, a
 * delta and a finish reason; tool calls and reasoning are lists of objects. A complete chunk is returned unchanged.
 */
export const wholeChunk = (value: JsonRecord): ChatChunk =>
  (listOf(value.choices).every(isWholeChoice) && hasWholeHead(value)
    ? value
    : { ...value, ...wholeHead(value), choices: recordsOf(value.choices).map(wholeChoice) }) as ChatChunk;

/** The same for a whole answer, whose choices have messages. Anything but a choice is left out. */
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

/** Some servers send the arguments of a call as a value instead of its JSON text. */
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
