import { type AttributeReader, toJson } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { numberOf, showValue } from "./readers/json.ts";
import { callsModel, kindOf } from "./readers/kinds.ts";
import { argumentsOf, readInput, readOutput } from "./readers/read-content.ts";
import type { FoundDocument } from "./readers/read-documents.ts";
import { readStreamEvents } from "./readers/read-first-token.ts";
import { readGenAi } from "./readers/read-gen-ai.ts";
import { readGenAiCounts, toUsage } from "./readers/read-usage.ts";
import type { ReceivedEvent, ReceivedSpan } from "./readers/received-span.ts";

const KIND = "traceloop.span.kind";
const SIGNS = [KIND, "llm.request.type", "gen_ai.is_streaming", "gen_ai.prompt.0.role", "gen_ai.prompt.0.content"];
const SCOPES = ["@traceloop/", "traceloop."];
/**
 * The JavaScript version counts Anthropic's cached tokens separately. Every other version includes them in the input.
 */
const COUNTS_BESIDE = "@traceloop/instrumentation-anthropic";
/** Anthropic's own spans, which repeat those that this instrumentation makes around the same calls. */
const REPEATED_SCOPE = "com.anthropic.sdk.python";

/** OpenLLMetry, by Traceloop: decorated functions, and calls under the names that the conventions had. */
export const traceloop: Dialect = {
  id: "traceloop",
  label: "OpenLLMetry",
  matches: (span) =>
    SCOPES.some((prefix) => span.scope.name.startsWith(prefix)) ||
    SIGNS.some((name) => span.attributes.has(name)) ||
    isRepeated(span),
  read(span, reader) {
    if (isRepeated(span)) return { kind: "span" };
    const kind = kindOf(reader.peek(KIND)) ?? (hasDocuments(span) ? "retrieval" : undefined);
    const reading = readGenAi(span, reader, kind);
    const found = reading.kind ?? "span";
    const documents = found === "retrieval" ? readEventDocuments(span) : undefined;
    const stream = readStreamEvents(span);
    return {
      ...reading,
      timeToFirstTokenMs: reading.timeToFirstTokenMs ?? stream.timeToFirstTokenMs ?? null,
      consumedEvents: [...(stream.consumedEvents ?? []), ...(documents ? [VECTOR_EVENT] : [])],
      readEvents: [...(reading.readEvents ?? []), ...(documents ? span.events.filter(isWholeDocument) : [])],
      ...(callsModel(found) &&
        span.scope.name === COUNTS_BESIDE &&
        toUsage(readGenAiCounts(reader), { isCacheBeside: true })),
      input: reading.input ?? readInput(found, argumentsOf(reader.value("traceloop.entity.input"))),
      output: reading.output ?? documents ?? readOutput(found, reader.value("traceloop.entity.output")),
      ...readNames(span, reader),
    };
  },
};

function isRepeated({ scope, attributes }: ReceivedSpan): boolean {
  if (scope.name !== REPEATED_SCOPE) return false;
  for (const key of attributes.keys()) if (key.startsWith("traceloop.")) return true;
  return false;
}

/** Agents replace the workflow's name with their own, so only the first span's name is reliable. */
function readNames(span: ReceivedSpan, reader: AttributeReader): Reading {
  const workflow = span.parentSpanId === "" ? reader.peek("traceloop.workflow.name") : "";
  return { traceName: workflow };
}

const RESULT_EVENT = "db.query.result";
/** The vectors of a query, which are not stored. */
const VECTOR_EVENT = "db.query.embeddings";
const DOCUMENT_FIELDS: ReadonlySet<string> = new Set(
  ["id", "document", "score", "metadata", "vector"].flatMap((field) => [field, `${RESULT_EVENT}.${field}`]),
);
const hasDocuments = ({ events }: ReceivedSpan) => events.some(({ name }) => name === RESULT_EVENT);

/** A result with another field, such as a distance, stays an event too. */
const isWholeDocument = ({ name, attributes }: ReceivedEvent) =>
  name === RESULT_EVENT && [...attributes.keys()].every((key) => DOCUMENT_FIELDS.has(key));

/** Vector stores write an event for each document they found. */
function readEventDocuments({ events }: ReceivedSpan): FoundDocument[] {
  return events
    .filter(({ name }) => name === RESULT_EVENT)
    .map(({ attributes }) => {
      const get = (name: string) => attributes.get(`${RESULT_EVENT}.${name}`) ?? attributes.get(name);
      return {
        id: showValue(get("id")),
        content: showValue(get("document")),
        score: numberOf(get("score")) ?? null,
        metadata: toJson(get("metadata") ?? null),
      };
    });
}
