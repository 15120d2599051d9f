import { createHash } from "node:crypto";
import { isRecord, type JsonRecord, recordsOf, textOf } from "./json.ts";

type Rule = { readonly fits: RegExp; readonly make: (digest: string) => string };
/** Mistral refuses every id that is not nine letters and digits. */
const MISTRAL: Rule = { fits: /^[a-zA-Z0-9]{9}$/, make: (digest) => digest.slice(0, 9) };
/** OpenAI and Azure refuse longer ones; nobody is known to refuse shorter ones. */
const OTHERS: Rule = { fits: /^.{0,40}$/s, make: (digest) => `call_${digest.slice(0, 35)}` };
const ruleOf = (preset: string): Rule => (preset === "mistral" ? MISTRAL : OTHERS);

/**
 * The id of a tool call as a service takes it. A conversation may have had other models before, whose ids have other shapes; the same id is always
 * made into the same one, so that a result finds its call.
 */
export function fitCallId(id: string, preset: string): string {
  const { fits, make } = ruleOf(preset);
  return id === "" || fits.test(id) ? id : make(createHash("sha256").update(id).digest("hex"));
}

/** Whether the ids in these messages can go to the service as they are. */
export const fitsCallIds = (messages: unknown, preset: string): boolean =>
  recordsOf(messages).every((message) =>
    [textOf(message.tool_call_id), ...recordsOf(message.tool_calls).map(({ id }) => textOf(id))].every(
      (id) => fitCallId(id, preset) === id,
    ),
  );

/** A message with the ids of its calls, or of the call that it answers, as the service takes them. */
export function withCallIds<Message extends JsonRecord>(message: Message, preset: string): Message {
  const { tool_call_id: answered, tool_calls: calls } = message;
  if (typeof answered !== "string" && !Array.isArray(calls)) return message;
  const withId = (call: unknown) =>
    isRecord(call) && typeof call.id === "string" ? { ...call, id: fitCallId(call.id, preset) } : call;
  return {
    ...message,
    ...(typeof answered === "string" && { tool_call_id: fitCallId(answered, preset) }),
    ...(Array.isArray(calls) && { tool_calls: calls.map(withId) }),
  };
}
