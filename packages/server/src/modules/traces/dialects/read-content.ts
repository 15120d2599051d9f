import { isRecord } from "./json.ts";
import type { SpanKind } from "./kinds.ts";
import type { Message } from "./message.ts";
import { readDocuments } from "./read-documents.ts";
import { holdsMessages, readMessages } from "./read-messages.ts";

/** What went into a span: messages for a generation and wherever else it is messages, otherwise the value. */
export function readInput(kind: SpanKind, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (kind === "generation" || holdsMessages(value)) return readMessages(value, "user") ?? value;
  return value;
}

/** What came out: for retrievals documents. */
export function readOutput(kind: SpanKind, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (kind === "retrieval" || kind === "rerank") return readDocuments(value) ?? value;
  if (kind !== "generation" && !holdsMessages(value)) return value;
  const messages = readMessages(value, "assistant");
  return (kind === "tool" ? responseOf(messages) : messages) ?? value;
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
