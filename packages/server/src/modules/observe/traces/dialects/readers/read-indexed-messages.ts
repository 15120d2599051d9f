import { isRecord } from "../../../../../kernel/is-record.ts";
import { type AttributeReader, toJson } from "./attribute-reader.ts";
import type { JsonRecord } from "./json.ts";
import type { Message } from "./message.ts";
import { readIndexed } from "./read-indexed.ts";
import { readMessages } from "./read-messages.ts";
import type { Attributes } from "./received-span.ts";

type Role = "user" | "assistant";

const MESSAGE_FIELDS =
  /^(?:role|name|content|finish_reason|tool_call_id|refusal|reasoning|reasoning_content|thinking|function_call|tool_calls\.\d+\.(?:id|name|arguments|type))$/;

/**
 * OpenLLMetry's former `gen_ai.prompt.N.{role,content,tool_calls.K.…}`, and `gen_ai.completion.N.…`. Undefined if there
 * are none.
 */
export function readIndexedMessages(reader: AttributeReader, prefix: string, role: Role): Message[] | undefined {
  const messages = reader.items(prefix, MESSAGE_FIELDS).map(({ fields }) => toMessage(fields));
  return messages.length > 0 ? readMessages(messages, role) : undefined;
}

/** Tools whose fields were spread over keys; OpenLLMetry calls the parameters by each provider's name for them. */
export const readIndexedTools = (reader: AttributeReader, prefix: string): readonly unknown[] =>
  reader.items(prefix, /./).map(({ fields }) => ({ type: "function", ...toObject(fields) }));

function toMessage(fields: Attributes): JsonRecord {
  const calls = readIndexed(fields, "tool_calls.").items.map((item) => toObject(item.fields));
  const plain = Object.fromEntries(Array.from(fields).filter(([name]) => !name.includes(".")));
  return { ...plain, content: contentOf(fields), ...(calls.length > 0 && { tool_calls: calls }) };
}

/** A text, or a list of parts that was written as JSON. The former JavaScript SDK writes `null` for an answer without a text. */
function contentOf(fields: Attributes): unknown {
  const given = fields.get("content") ?? "";
  const plain = toJson(given);
  if (plain === null) return "";
  return Array.isArray(plain) && plain.every(isRecord) ? plain : given;
}

const toObject = (fields: Attributes): JsonRecord =>
  Object.fromEntries(
    Array.from(fields, ([name, value]) => [name, typeof value === "string" && name !== "name" ? toJson(value) : value]),
  );
