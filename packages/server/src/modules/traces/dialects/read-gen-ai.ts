import type { AttributeReader } from "./attribute-reader.ts";
import type { Reading } from "./dialect.ts";
import { isRecord, listOf } from "./json.ts";
import { callsModel, kindOf, type SpanKind } from "./kinds.ts";
import type { Message } from "./message.ts";
import { toProvider } from "./providers.ts";
import { readInput, readOutput, textsOf, toFacts } from "./read-content.ts";
import { CONTENT_EVENTS, readEventMessages } from "./read-event-messages.ts";
import { readIndexedMessages, readIndexedTools } from "./read-indexed-messages.ts";
import { withInstructions } from "./read-messages.ts";
import { readGenAiParameters } from "./read-parameters.ts";
import { readGenAiCounts, toUsage } from "./read-usage.ts";
import type { ReceivedSpan } from "./received-span.ts";

type Content = Pick<Reading, "input" | "output" | "consumedEvents">;

/** What the OpenTelemetry conventions of any version say of a span. Other dialects add what is their own. */
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
    ...(isCall && { ...toUsage(readGenAiCounts(reader)), costUsd: reader.number("gen_ai.usage.cost") || null }),
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
  return reader.peek("gen_ai.agent.name") === "" ? "span" : "agent";
}

/** All of them in seconds, whatever they are called. */
function readFirstToken(reader: AttributeReader): number | null {
  const seconds = reader.number(
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.client.operation.time_to_first_chunk",
    "gen_ai.server.time_to_first_token",
  );
  return seconds === undefined ? null : seconds * 1_000;
}

function readTools(reader: AttributeReader): readonly unknown[] {
  const tools = listOf(reader.value("gen_ai.tool.definitions"));
  return tools.length > 0 ? tools : readIndexedTools(reader, "llm.request.functions.");
}

function readContent(span: ReceivedSpan, reader: AttributeReader, kind: SpanKind): Content {
  if (kind === "tool") {
    return {
      input: reader.value("gen_ai.tool.call.arguments", "gen_ai.tool.args"),
      output: reader.value("gen_ai.tool.call.result"),
    };
  }
  if (kind === "retrieval") {
    return {
      input: reader.value("gen_ai.retrieval.query.text", "gen_ai.input.messages"),
      output: readOutput(kind, reader.value("gen_ai.retrieval.documents", "gen_ai.output.messages")),
    };
  }
  const events = span.events.length > 0 ? readEventMessages(span.events) : {};
  const hasEvents = events.input !== undefined || events.output !== undefined;
  return {
    input: readInputMessages(reader, kind) ?? events.input,
    output: readOutputMessages(reader, kind) ?? events.output,
    ...(hasEvents && { consumedEvents: [...CONTENT_EVENTS] }),
  };
}

function readInputMessages(reader: AttributeReader, kind: SpanKind): unknown {
  const messages =
    readInput(kind, reader.value("gen_ai.input.messages")) ??
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
  readIndexedMessages(reader, "gen_ai.completion.", "assistant") ??
  readOutput(kind, reader.value("gen_ai.completion"));
