import { isRecord, recordOf } from "./json.ts";
import type { SpanKind } from "./kinds.ts";
import type { Message } from "./message.ts";
import { readDocuments } from "./read-documents.ts";
import { holdsMessages, readMessages } from "./read-messages.ts";

/** What went into a span: messages for a generation and wherever else it is messages, otherwise the value. */
export function readInput(kind: SpanKind, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (kind === "embedding" && isRecord(value) && value.input !== undefined) return value.input;
  if (kind !== "generation" && !holdsMessages(value)) return value;
  const messages = readMessages(value, "user");
  return (kind === "embedding" && messages ? textsOf(messages) : messages) ?? value;
}

/** What is embedded is texts, also where it was written as if somebody had said it. */
export const textsOf = (messages: readonly Message[]): string[] =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (typeof part.content === "string" ? [part.content] : [])));

/** What a decorated Python function was called with: `{ args, kwargs }`, of which one is mostly empty. Anything else is given back. */
export function argumentsOf(value: unknown): unknown {
  const { args, kwargs } = recordOf(value);
  if (!Array.isArray(args) || !isRecord(kwargs)) return value;
  const hasNamed = Object.keys(kwargs).length > 0;
  if (args.length > 0 && hasNamed) return value;
  return hasNamed ? kwargs : args.length === 1 ? args[0] : args;
}

/** What came out: for retrievals documents. Of embeddings nothing is kept: vectors are many times as long as what they stand for. */
export function readOutput(kind: SpanKind, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (kind === "embedding") return null;
  if (kind === "retrieval" || kind === "rerank") return readDocuments(value) ?? value;
  if (kind !== "generation" && !holdsMessages(value)) return value;
  const messages = readMessages(value, "assistant");
  // Messages in which nothing is said are no answer.
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
  const kept = Object.entries(facts).filter(([, value]) => !isEmpty(value));
  return kept.length > 0 ? new Map(kept) : undefined;
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0);
