import type { SpanContent } from "@treadle/contract";
import { toJson } from "./attribute-reader.ts";
import { parseText, recordOf, showValue } from "./json.ts";
import type { Message } from "./message.ts";
import { readMessages, withInstructions } from "./read-messages.ts";
import type { ReceivedEvent } from "./received-span.ts";

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

/** The names of events that say what was asked and answered. */
export const CONTENT_EVENTS: ReadonlySet<string> = new Set([
  ...Object.keys(ROLES),
  PROMPT,
  COMPLETION,
  CHOICE,
  ...DETAILS,
]);

/** Messages out of a span's own events, of every version of the conventions, in the order in which they were written. */
export const readEventMessages = (events: readonly ReceivedEvent[]): EventMessages =>
  readAll(
    events.map(({ name, attributes }) => ({
      name,
      fields: new Map<string, unknown>(Array.from(attributes, ([key, value]) => [key, keepText(value, toJson(value))])),
    })),
  );

/** The same out of what logs said of a span. */
export const readLogMessages = (contents: readonly SpanContent[]): EventMessages =>
  readAll(
    contents.map(({ name, body, attributes }) => ({
      name,
      fields: new Map<string, unknown>([...Object.entries(attributes), ...Object.entries(recordOf(body))]),
    })),
  );

function readAll(events: readonly ContentEvent[]): EventMessages {
  const input: Message[] = [];
  const output: Message[] = [];
  for (const event of events) {
    if (!CONTENT_EVENTS.has(event.name)) continue;
    const read = readEvent(event);
    input.push(...(read.input ?? []));
    output.push(...(read.output ?? []));
  }
  return { ...(input.length > 0 && { input }), ...(output.length > 0 && { output }) };
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
  if (name === CHOICE) {
    const message = { role: "assistant", ...recordOf(fields.message ?? fields) };
    const finish = showValue(fields.finish_reason);
    return { output: readMessages([{ message, ...(finish !== "" && { finish_reason: finish }) }], "assistant") };
  }
  return { input: readMessages([{ role: ROLES[name], ...fields, ...idOf(fields) }], "user") };
}

/** A content that happens to look like a number or a truth is what somebody wrote. */
const keepText = (given: unknown, parsed: unknown): unknown => (typeof parsed === "object" ? parsed : given);

/** The event's own fields, those of a body included. */
const fieldsOf = (given: ReadonlyMap<string, unknown>): Record<string, unknown> =>
  Object.fromEntries([...given].filter(([key]) => !key.startsWith("gen_ai.") && key !== "event.name"));

/** What these events call the id of a tool's call. */
const idOf = ({ id, tool_call_id: callId }: Record<string, unknown>) =>
  typeof id === "string" && callId === undefined ? { tool_call_id: id } : {};
