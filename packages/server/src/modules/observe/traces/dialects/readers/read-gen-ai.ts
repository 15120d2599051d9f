import { isRecord } from "../../../../../kernel/is-record.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import type { Reading } from "./dialect.ts";
import { listOf } from "./json.ts";
import { callsModel, kindOf, type SpanKind } from "./kinds.ts";
import type { Message } from "./message.ts";
import { toProvider } from "./providers.ts";
import { readInput, readOutput, textsOf, toFacts } from "./read-content.ts";
import { readEventMessages } from "./read-event-messages.ts";
import { readIndexedMessages, readIndexedTools } from "./read-indexed-messages.ts";
import { withInstructions } from "./read-messages.ts";
import { readGenAiParameters } from "./read-parameters.ts";
import { readSpreadMessages, readSpreadTools } from "./read-spread.ts";
import { readToolEvents, resultOf } from "./read-tool-events.ts";
import { readGenAiCounts, toUsage } from "./read-usage.ts";
import type { ReceivedEvent, ReceivedSpan } from "./received-span.ts";

type Content = Pick<Reading, "input" | "output" | "readEvents">;

/** The fields of the OpenTelemetry conventions of any version. Other dialects add their own. */
export function readGenAi(span: ReceivedSpan, reader: AttributeReader, known?: SpanKind): Reading {
  const kind = known ?? readKind(reader);
  const isCall = callsModel(kind);
  return {
    kind,
    provider: toProvider(reader.text("gen_ai.provider.name", "gen_ai.system")),
    requestModel: reader.text("gen_ai.request.model"),
    responseModel: reader.text("gen_ai.response.model"),
    parameters: readGenAiParameters(reader),
    timeToFirstTokenMs: readFirstToken(reader),
    ...(isCall && {
      ...toUsage(readGenAiCounts(reader)),
      costUsd: reader.number("gen_ai.usage.cost", "gen_ai.cost.total") || null,
    }),
    ...readContent(span, reader, kind),
    attributes: toFacts({
      "gen_ai.tool.definitions": readTools(reader),
      "gen_ai.response.finish_reasons": reader.texts("gen_ai.response.finish_reasons"),
    }),
  };
}

function readKind(reader: AttributeReader): SpanKind {
  const named = kindOf(reader.peek("gen_ai.operation.name")) ?? kindOf(reader.peek("llm.request.type"));
  if (named !== undefined) return named;
  if (reader.peek("gen_ai.tool.call.id") !== "" || reader.peek("gen_ai.tool.name") !== "") return "tool";
  if (reader.peek("gen_ai.request.model") !== "" || reader.peek("gen_ai.response.model") !== "") return "generation";
  if (reader.peek("gen_ai.evaluation.name") !== "") return "evaluator";
  // A turn of Strands' loop around a model and its tools.
  if (reader.peek("event_loop.cycle_id") !== "") return "chain";
  return reader.peek("gen_ai.agent.name") === "" ? "span" : "agent";
}

const SERVER_FIRST_TOKEN = "gen_ai.server.time_to_first_token";

/** In seconds, whatever it is called. Strands counts the last in milliseconds. */
function readFirstToken(reader: AttributeReader): number | null {
  const seconds = reader.number("gen_ai.response.time_to_first_chunk", "gen_ai.client.operation.time_to_first_chunk");
  if (seconds !== undefined) return seconds * 1_000;
  const server = reader.number(SERVER_FIRST_TOKEN);
  if (server === undefined) return null;
  return [reader.peek("gen_ai.system"), reader.peek("gen_ai.provider.name")].includes("strands-agents")
    ? server
    : server * 1_000;
}

function readTools(reader: AttributeReader): readonly unknown[] {
  const tools = listOf(reader.value("gen_ai.tool.definitions"));
  if (tools.length > 0) return tools;
  const spread = readSpreadTools(reader, "gen_ai.tool.definitions.");
  return spread.length > 0 ? spread : readIndexedTools(reader, "llm.request.functions.");
}

function readContent(span: ReceivedSpan, reader: AttributeReader, kind: SpanKind): Content {
  const content = readOwnContent(span, reader, kind);
  return {
    ...content,
    input: content.input ?? readInput(kind, reader.value("input.value")),
    output: content.output === undefined ? readOutput(kind, reader.value("output.value")) : content.output,
  };
}

function readOwnContent(span: ReceivedSpan, reader: AttributeReader, kind: SpanKind): Content {
  if (kind === "tool") {
    return withEvents(
      {
        input: reader.value("gen_ai.tool.call.arguments", "gen_ai.tool.args"),
        output: resultOf(reader.value("gen_ai.tool.call.result")),
      },
      readToolEvents(span),
    );
  }
  if (kind === "retrieval") {
    return {
      input: reader.value("gen_ai.retrieval.query.text", "gen_ai.retrieval.query", "gen_ai.input.messages"),
      output: readOutput(kind, reader.value("gen_ai.retrieval.documents", "gen_ai.output.messages")),
    };
  }
  return withEvents(
    { input: readInputMessages(reader, kind), output: readOutputMessages(reader, kind) },
    readEventMessages(span.events, span.attributes),
  );
}

type EventContent = Content & { readonly readEvents: readonly ReceivedEvent[] };

/** Attributes precede events. Events that differ from the attributes remain events. */
function withEvents(content: Content, events: EventContent): Content {
  const isRepeated = (["input", "output"] as const).every(
    (side) =>
      content[side] === undefined ||
      events[side] === undefined ||
      JSON.stringify(content[side]) === JSON.stringify(events[side]),
  );
  return {
    input: content.input ?? events.input,
    output: content.output ?? events.output,
    ...(isRepeated && events.readEvents.length > 0 && { readEvents: events.readEvents }),
  };
}

function readInputMessages(reader: AttributeReader, kind: SpanKind): unknown {
  const messages =
    readInput(kind, reader.value("gen_ai.input.messages")) ??
    readSpreadMessages(reader, "gen_ai.input.messages.", "user") ??
    readNumbered(reader, kind) ??
    readInput(kind, reader.value("gen_ai.prompt"));
  const instructions = reader.value("gen_ai.system_instructions");
  if (instructions === undefined) return messages;
  return Array.isArray(messages) || messages === undefined
    ? withInstructions(instructions, messages?.filter(isMessage))
    : messages;
}

function readNumbered(reader: AttributeReader, kind: SpanKind): unknown {
  const messages = readIndexedMessages(reader, "gen_ai.prompt.", "user");
  return kind === "embedding" && messages ? textsOf(messages) : messages;
}

const isMessage = (item: unknown): item is Message => isRecord(item) && Array.isArray(item.parts);

const readOutputMessages = (reader: AttributeReader, kind: SpanKind): unknown =>
  readOutput(kind, reader.value("gen_ai.output.messages")) ??
  readSpreadMessages(reader, "gen_ai.output.messages.", "assistant") ??
  readIndexedMessages(reader, "gen_ai.completion.", "assistant") ??
  readOutput(kind, reader.value("gen_ai.completion"));
