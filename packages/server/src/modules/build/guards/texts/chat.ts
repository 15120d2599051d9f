import type { Trust } from "@treadle/guards";
import { isRecord } from "../../../../kernel/is-record.ts";
import { mapArguments } from "./json-strings.ts";
import {
  type JsonRecord,
  mapContent,
  mapItems,
  mapText,
  type Place,
  type TextVisitor,
  withFields,
} from "./text-visitor.ts";

const ROLES: Readonly<Record<string, Trust>> = {
  system: "system",
  developer: "system",
  assistant: "output",
  tool: "tool-result",
  function: "tool-result",
};
/** An unknown role is a user: its text is read under the rules for the least trusted person. */
export const trustOfRole = (role: unknown): Trust => (typeof role === "string" ? ROLES[role] : undefined) ?? "user";

/** A part of a message in OpenAI's shapes. */
export const mapPart =
  (visitor: TextVisitor) =>
  (part: JsonRecord, at: Place): JsonRecord => {
    if (typeof part.text === "string") return withFields(part, { text: visitor.text(part.text, at) });
    if (typeof part.refusal === "string") return withFields(part, { refusal: visitor.text(part.refusal, at) });
    visitor.unknown(at);
    return part;
  };

export const mapChatMessages = (messages: readonly unknown[], visitor: TextVisitor): readonly unknown[] =>
  mapItems(messages, (message, place) =>
    isRecord(message) ? mapMessage(message, visitor, `messages.${place}`) : message,
  );

function mapMessage(message: JsonRecord, visitor: TextVisitor, path: string): JsonRecord {
  const trust = trustOfRole(message.role);
  const field = (name: string) => ({ trust, path: `${path}.${name}` });
  const changes: Record<string, unknown> = {
    content: mapContent(message.content, field("content"), { visitor, part: mapPart(visitor) }),
  };
  for (const name of ["refusal", "reasoning_content", "reasoning"])
    if (typeof message[name] === "string") changes[name] = mapText(message[name], visitor, field(name));
  if (Array.isArray(message.tool_calls))
    changes.tool_calls = mapItems(message.tool_calls, (call, place) =>
      isRecord(call) ? mapCall(call, visitor, `${path}.tool_calls.${place}`) : call,
    );
  if (isRecord(message.function_call))
    changes.function_call = mapFunction(message.function_call, visitor, `${path}.function_call`);
  return withFields(message, changes);
}

function mapCall(call: JsonRecord, visitor: TextVisitor, path: string): JsonRecord {
  if (isRecord(call.function))
    return withFields(call, { function: mapFunction(call.function, visitor, `${path}.function`) });
  if (!isRecord(call.custom)) return call;
  const input = mapText(call.custom.input, visitor, { trust: "tool-arguments", path: `${path}.custom.input` });
  return withFields(call, { custom: withFields(call.custom, { input }) });
}

const mapFunction = (called: JsonRecord, visitor: TextVisitor, path: string): JsonRecord =>
  typeof called.arguments === "string"
    ? withFields(called, {
        arguments: mapArguments(called.arguments, visitor, { trust: "tool-arguments", path: `${path}.arguments` }),
      })
    : called;
