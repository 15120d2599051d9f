import type { SpanContent } from "@treadle/contract";
import { toJson } from "./attribute-reader.ts";
import { parseText, recordOf, showValue } from "./json.ts";
import type { Message } from "./message.ts";
import { readMessages, withInstructions } from "./read-messages.ts";
import type { Attributes, ReceivedEvent } from "./received-span.ts";

type ContentEvent = { readonly name: string; readonly fields: ReadonlyMap<string, unknown> };
type EventMessages = { readonly input?: Message[]; readonly output?: Message[] };

const ROLES: Readonly<Record<string, string>> = {
  "gen_ai.system.message": "system",
  "gen_ai.user.message": "user",
  "gen_ai.assistant.message": "assistant",
  "gen_ai.tool.message": "tool",
};
const PROMPT = "gen_ai.content.prompt";
const COMPLETION = "gen_ai.content.completion";
const CHOICE = "gen_ai.choice";
const DETAILS = ["gen_ai.client.inference.operation.details", "gen_ai.client.inference.details"];

/** The names of events that hold the input and the output of a call. */
const CONTENT_EVENTS: ReadonlySet<string> = new Set([...Object.keys(ROLES), PROMPT, COMPLETION, CHOICE, ...DETAILS]);

/** Fields of these events that are read into messages, or that repeat the span. */
const READ_FIELDS: ReadonlySet<string> = new Set([
  ...["event.name", "gen_ai.system", "gen_ai.provider.name", "gen_ai.operation.name", "index", "type"],
  ...["gen_ai.prompt", "gen_ai.completion", "gen_ai.input.messages", "gen_ai.output.messages"],
  ...["gen_ai.system_instructions", "role", "name", "id", "content", "parts", "message", "finish_reason"],
  ...["tool_calls", "tool_call_id", "tool.result"],
]);

/** Messages of a span's own events, of every version of the conventions, in order, and the events that nothing is left of. */
export function readEventMessages(
  events: readonly ReceivedEvent[],
  attributes: Attributes,
): EventMessages & { readonly readEvents: readonly ReceivedEvent[] } {
  const input: Message[] = [];
  const output: Message[] = [];
  const readEvents: ReceivedEvent[] = [];
  for (const event of events) {
    if (!CONTENT_EVENTS.has(event.name)) continue;
    const read = readEvent(toContentEvent(event));
    input.push(...(read.input ?? []));
    output.push(...(read.output ?? []));
    if ((read.input ?? read.output) !== undefined && isWhollyRead(event, attributes)) readEvents.push(event);
  }
  return { ...(input.length > 0 && { input }), ...(output.length > 0 && { output }), readEvents };
}

/** Messages of the logs that belong to a span. */
export function readLogMessages(contents: readonly SpanContent[]): EventMessages {
  const input: Message[] = [];
  const output: Message[] = [];
  for (const { name, body, attributes } of contents) {
    if (!CONTENT_EVENTS.has(name)) continue;
    const fields = new Map<string, unknown>([...Object.entries(attributes), ...Object.entries(recordOf(body))]);
    const read = readEvent({ name, fields });
    input.push(...(read.input ?? []));
    output.push(...(read.output ?? []));
  }
  return { ...(input.length > 0 && { input }), ...(output.length > 0 && { output }) };
}

const toContentEvent = ({ name, attributes }: ReceivedEvent): ContentEvent => ({
  name,
  fields: new Map<string, unknown>(Array.from(attributes, ([key, value]) => [key, keepText(value, toJson(value))])),
});

/** An event with a field that no message holds stays an event, so that the field stays visible. */
function isWhollyRead({ attributes: fields }: ReceivedEvent, attributes: Attributes): boolean {
  for (const key of fields.keys()) if (!READ_FIELDS.has(key) && !attributes.has(key)) return false;
  return true;
}

function readEvent({ name, fields: given }: ContentEvent): EventMessages {
  const get = (key: string) => {
    const value = given.get(key);
    return typeof value === "string" ? parseText(value) : (value ?? undefined);
  };
  if (name === PROMPT) return { input: readMessages(get("gen_ai.prompt"), "user") };
  if (name === COMPLETION) return { output: readMessages(get("gen_ai.completion"), "assistant") };
  if (DETAILS.includes(name)) {
    const input = readMessages(get("gen_ai.input.messages"), "user");
    return {
      input: withInstructions(get("gen_ai.system_instructions"), input),
      output: readMessages(get("gen_ai.output.messages"), "assistant"),
    };
  }
  const fields = fieldsOf(given);
  if (name === CHOICE) return { output: readChoice(fields) };
  return { input: readMessages([{ role: ROLES[name], ...fields, ...idOf(fields) }], "user") };
}

/** `message` is a message, or, as Strands writes it, its content alone: a text or a list of blocks. */
function readChoice(fields: Readonly<Record<string, unknown>>): Message[] | undefined {
  const { message: given = fields, finish_reason, "tool.result": result } = fields;
  const isContent = typeof given !== "object" || Array.isArray(given);
  const message = { role: "assistant", ...(isContent ? { content: given } : recordOf(given)) };
  const finish = showValue(finish_reason);
  const choice = { message, ...(finish !== "" && { finish_reason: finish }) };
  return readMessages(result === undefined ? [choice] : [choice, { role: "tool", content: result }], "assistant");
}

/** Content that looks like a number or a boolean is the text that someone wrote. */
const keepText = (given: unknown, parsed: unknown): unknown => (typeof parsed === "object" ? parsed : given);

/** The event's own fields, including the fields of a body. */
const fieldsOf = (given: ReadonlyMap<string, unknown>): Record<string, unknown> =>
  Object.fromEntries([...given].filter(([key]) => !key.startsWith("gen_ai.") && key !== "event.name"));

/** The field for the id of a tool call in these events. */
const idOf = ({ id, tool_call_id: callId }: Record<string, unknown>) =>
  typeof id === "string" && callId === undefined ? { tool_call_id: id } : {};
