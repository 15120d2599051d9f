import { type AttributeReader, toJson } from "./attribute-reader.ts";
import type { Dialect, Reading } from "./dialect.ts";
import { numberOf, showValue } from "./json.ts";
import { callsModel, kindOf } from "./kinds.ts";
import { argumentsOf, readInput, readOutput } from "./read-content.ts";
import type { FoundDocument } from "./read-documents.ts";
import { readStreamEvents } from "./read-first-token.ts";
import { readGenAi } from "./read-gen-ai.ts";
import { readGenAiCounts, toUsage } from "./read-usage.ts";
import type { ReceivedSpan } from "./received-span.ts";

const KIND = "traceloop.span.kind";
const SIGNS = [KIND, "llm.request.type", "gen_ai.is_streaming", "gen_ai.prompt.0.role", "gen_ai.prompt.0.content"];
const SCOPES = ["@traceloop/", "traceloop."];
/** Its version for JavaScript counts Anthropic's cached tokens beside the input; every other counts them inside. */
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
      consumedEvents: [
        ...(reading.consumedEvents ?? []),
        ...(stream.consumedEvents ?? []),
        ...(documents ? DOCUMENT_EVENTS : []),
      ],
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

/** Agents put their own name in the place of the workflow's, so that only the first span's can be trusted. */
function readNames(span: ReceivedSpan, reader: AttributeReader): Reading {
  const workflow = span.parentSpanId === "" ? reader.peek("traceloop.workflow.name") : "";
  return { traceName: workflow };
}

const RESULT_EVENT = "db.query.result";
const DOCUMENT_EVENTS = [RESULT_EVENT, "db.query.embeddings"];
const hasDocuments = ({ events }: ReceivedSpan) => events.some(({ name }) => name === RESULT_EVENT);

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
