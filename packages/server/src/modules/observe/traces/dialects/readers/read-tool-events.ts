import { isRecord } from "../../../../../kernel/is-record.ts";
import { fieldOf, listOf, parseText } from "./json.ts";
import type { Message } from "./message.ts";
import { readEventMessages } from "./read-event-messages.ts";
import type { ReceivedEvent, ReceivedSpan } from "./received-span.ts";

type ToolContent = {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly readEvents: readonly ReceivedEvent[];
};

/** The arguments and the result of a tool whose sender writes them as events, as Strands does. */
export function readToolEvents({ events, attributes }: ReceivedSpan): ToolContent {
  const { input, output, readEvents } = readEventMessages(events, attributes);
  return { input: argumentsIn(input), output: resultIn(output), readEvents };
}

/** The arguments of the one call, or all messages where there are more. */
function argumentsIn(messages: readonly Message[] | undefined): unknown {
  const part = onlyPart(messages);
  if (part?.type === "tool_call") return part.arguments;
  return part?.type === "tool_call_response" ? part.response : messages;
}

function resultIn(messages: readonly Message[] | undefined): unknown {
  const part = onlyPart(messages);
  if (part?.type === "tool_call_response") return resultOf(part.response);
  return part?.type === "text" && typeof part.content === "string" ? parseText(part.content) : messages;
}

const onlyPart = (messages: readonly Message[] | undefined) =>
  messages?.length === 1 && messages[0]?.parts.length === 1 ? messages[0].parts[0] : undefined;

/** Bedrock wraps a result in a list of blocks. One block of text or JSON is the result itself. */
export function resultOf(response: unknown): unknown {
  const [block, ...others] = listOf(response);
  if (!isRecord(block) || others.length > 0 || Object.keys(block).length !== 1) return response;
  const text = fieldOf(block, "text");
  return typeof text === "string" ? parseText(text) : (fieldOf(block, "json") ?? response);
}
