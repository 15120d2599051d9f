import { toJson } from "./attribute-reader.ts";
import { recordOf, showValue } from "./json.ts";
import type { Message } from "./message.ts";
import { readMessages, withInstructions } from "./read-messages.ts";
import type { Attributes } from "./received-span.ts";

/** An event of a span, or a log record whose body's fields are among its attributes. */
export type ContentEvent = { readonly name: string; readonly attributes: Attributes };
export type EventMessages = { readonly input?: Message[]; readonly output?: Message[] };

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

/** Messages out of the events of every version of the conventions, in the order in which they were written. */
export function readEventMessages(events: readonly ContentEvent[]): EventMessages {
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

function readEvent({ name, attributes }: ContentEvent): EventMessages {
  const get = (key: string) => toJson(attributes.get(key) ?? null) ?? undefined;
  if (name === PROMPT) return { input: readMessages(get("gen_ai.prompt"), "user") };
  if (name === COMPLETION) return { output: readMessages(get("gen_ai.completion"), "assistant") };
  if (DETAILS.includes(name)) {
    const input = readMessages(get("gen_ai.input.messages"), "user");
    return {
      input: withInstructions(get("gen_ai.system_instructions"), input),
      output: readMessages(get("gen_ai.output.messages"), "assistant"),
    };
  }
  const fields = fieldsOf(attributes);
  if (name === CHOICE) {
    const message = { role: "assistant", ...recordOf(fields.message ?? fields) };
    const finish = showValue(fields.finish_reason);
    return { output: readMessages([{ message, ...(finish !== "" && { finish_reason: finish }) }], "assistant") };
  }
  return { input: readMessages([{ role: ROLES[name], ...fields, ...idOf(fields) }], "user") };
}

/** The event's own fields, those of a body included; its text stays a text. */
function fieldsOf(attributes: Attributes): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const [key, value] of attributes) {
    if (key.startsWith("gen_ai.") || key === "event.name") continue;
    const plain = toJson(value);
    // A content that happens to look like a number or a truth is what somebody wrote.
    entries.push([key, typeof plain === "object" ? plain : value]);
  }
  return Object.fromEntries(entries);
}

/** What these events call the id of a tool's call. */
const idOf = ({ id, tool_call_id: callId }: Record<string, unknown>) =>
  typeof id === "string" && callId === undefined ? { tool_call_id: id } : {};
