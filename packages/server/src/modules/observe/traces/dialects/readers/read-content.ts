import { isRecord } from "../../../../../kernel/is-record.ts";
import { recordOf } from "./json.ts";
import type { SpanKind } from "./kinds.ts";
import type { Message } from "./message.ts";
import { readDocuments } from "./read-documents.ts";
import { holdsMessages, readMessages } from "./read-messages.ts";

/** The input of a span: messages for a generation and for other messages, otherwise the value. */
export function readInput(kind: SpanKind, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (kind === "embedding" && isRecord(value) && value.input !== undefined) return value.input;
  if (kind !== "generation" && !holdsMessages(value)) return value;
  const messages = readMessages(value, "user");
  return (kind === "embedding" && messages ? textsOf(messages) : messages) ?? value;
}

/** The input of an embedding is texts, also if it was written as messages. */
export const textsOf = (messages: readonly Message[]): string[] =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (typeof part.content === "string" ? [part.content] : [])));

/**
 * The arguments of a decorated Python function: `{ args, kwargs }`, one of which is mostly empty. Other values are
 * returned unchanged.
 */
export function argumentsOf(value: unknown): unknown {
  const { args, kwargs } = recordOf(value);
  if (!Array.isArray(args) || !isRecord(kwargs)) return value;
  const hasNamed = Object.keys(kwargs).length > 0;
  if (args.length > 0 && hasNamed) return value;
  return hasNamed ? kwargs : args.length === 1 ? args[0] : args;
}

/**
 * The output: documents for retrievals. Embedding vectors are not stored, because they are many times longer than their
 * texts.
 */
export function readOutput(kind: SpanKind, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (kind === "embedding") return null;
  if (kind === "retrieval" || kind === "rerank") return readDocuments(value) ?? value;
  if (kind !== "generation" && !holdsMessages(value)) return value;
  const messages = readMessages(value, "assistant");
  // Messages without content are not an answer.
  if (messages === undefined) return holdsMessages(value) ? undefined : value;
  return kind === "tool" ? (responseOf(messages) ?? value) : messages;
}

/** LangChain's tools answer with a message around the result. */
function responseOf(messages: readonly Message[] | undefined): unknown {
  const [part] = messages?.length === 1 ? (messages[0]?.parts ?? []) : [];
  return part?.type === "tool_call_response" ? part.response : undefined;
}

/** Facts that have no field, under OpenTelemetry's names; what is empty is left out. Undefined when nothing is left. */
export function toFacts(facts: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> | undefined {
  const present = Object.entries(facts).filter(([, value]) => !isEmpty(value));
  return present.length > 0 ? new Map(present) : undefined;
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0);
