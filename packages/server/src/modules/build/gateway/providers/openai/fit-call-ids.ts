import { createHash } from "node:crypto";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { type JsonRecord, recordsOf, textOf } from "../../formats/hub/json.ts";

type Rule = { readonly fits: RegExp; readonly make: (digest: string) => string };
/** Mistral rejects every id except nine letters and digits. */
const MISTRAL: Rule = { fits: /^[a-zA-Z0-9]{9}$/, make: (digest) => digest.slice(0, 9) };
/** OpenAI and Azure reject longer ids. No service is known to reject shorter ones. */
const OTHERS: Rule = { fits: /^.{0,40}$/s, make: (digest) => `call_${digest.slice(0, 35)}` };
const ruleOf = (preset: string): Rule => (preset === "mistral" ? MISTRAL : OTHERS);

/**
 * Adapts the id of a tool call to a service. Earlier models of a conversation may have given ids of another form. An id always maps to
 * the same new id, so that a result matches its call.
 */
export function fitCallId(id: string, preset: string): string {
  const { fits, make } = ruleOf(preset);
  return id === "" || fits.test(id) ? id : make(createHash("sha256").update(id).digest("hex"));
}

/** Whether the service accepts the ids in these messages unchanged. */
export const fitsCallIds = (messages: unknown, preset: string): boolean =>
  recordsOf(messages).every((message) =>
    [textOf(message.tool_call_id), ...recordsOf(message.tool_calls).map(({ id }) => textOf(id))].every(
      (id) => fitCallId(id, preset) === id,
    ),
  );

/** A message with adapted ids, of its calls or of the call that it answers. */
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
