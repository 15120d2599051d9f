import { isRecord } from "../../../../kernel/is-record.ts";
import type { AttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { fieldOf, recordOf } from "./readers/json.ts";
import { callsModel } from "./readers/kinds.ts";
import type { Message } from "./readers/message.ts";
import { readOutput, toFacts } from "./readers/read-content.ts";
import { readGenAi } from "./readers/read-gen-ai.ts";
import { readMessages } from "./readers/read-messages.ts";
import { parametersOf, toolsOf } from "./readers/read-parameters.ts";
import { usageOf } from "./readers/read-usage.ts";
import type { ReceivedSpan } from "./readers/received-span.ts";

const SIGNS = ["logfire.msg_template", "logfire.span_type", "logfire.msg", "model_request_parameters"];
/** Totals over child spans, in a custom notation. They are not stored, since the child spans have the values. */
const SUMS = ["logfire.metrics", "logfire.json_schema"];

/**
 * Pydantic's Logfire and Pydantic AI: the conventions, plus a human-readable message and attributes of earlier
 * versions.
 */
export const logfire: Dialect = {
  id: "logfire",
  label: "Logfire and Pydantic AI",
  matches: ({ attributes, scope }) =>
    scope.name === "pydantic-ai" || scope.name.startsWith("logfire") || SIGNS.some((name) => attributes.has(name)),
  read(span, reader) {
    const before = readBefore(reader);
    const reading = readGenAi(span, reader);
    const kind = reading.kind === "span" && before.input !== undefined ? "generation" : (reading.kind ?? "span");
    reader.drop(...SUMS);
    return {
      ...reading,
      ...readCounts(reader, reading, { kind, answer: before.answer }),
      kind,
      name: reader.text("logfire.msg"),
      requestModel: reading.requestModel || reader.text("model_name"),
      parameters: { ...before.parameters, ...reading.parameters },
      input: readConversation(reader, reading) ?? reading.input ?? before.input,
      output: reading.output ?? before.output ?? readOutput(kind, reader.value("final_result")),
      attributes: new Map([
        ...(toFacts({ "gen_ai.tool.definitions": before.tools }) ?? []),
        ...(reading.attributes ?? []),
      ]),
      ...readTool(span, reader),
    };
  },
};

/** The input of an agent: the messages before its first response. */
function readConversation(reader: AttributeReader, reading: Reading): Message[] | undefined {
  const messages = readMessages(reader.value("pydantic_ai.all_messages", "all_messages_events"), "user");
  const end = messages?.findIndex(({ role }) => role === "assistant") ?? -1;
  const asked = end < 0 ? messages : messages?.slice(0, end);
  return asked && [...instructionsIn(reading.input), ...asked];
}

const instructionsIn = (input: unknown): Message[] =>
  (Array.isArray(input) ? input : []).filter((message) => recordOf(message).role === "system");

type Before = Pick<Reading, "input" | "output" | "parameters"> & {
  readonly tools?: readonly unknown[];
  readonly answer?: unknown;
};

/** The first version's whole request and answer, and the events of Pydantic AI's and of the responses' interface. */
function readBefore(reader: AttributeReader): Before {
  const request = reader.value("request_data");
  const answer = reader.value("response_data");
  const events = reader.value("events");
  const { input, output } = Array.isArray(events) ? splitEvents(events) : {};
  return {
    input: readMessages(request, "user") ?? input,
    output:
      readMessages(
        fieldOf(recordOf(answer), "message") ?? fieldOf(recordOf(answer), "combined_chunk_content"),
        "assistant",
      ) ?? output,
    parameters: parametersOf(request),
    tools: toolsOf(request),
    answer,
  };
}

/** Old GenAI events in one list. The model's output is the choice, or the last assistant message. */
function splitEvents(events: readonly unknown[]): Pick<Reading, "input" | "output"> {
  const records = events.filter(isRecord);
  const isAnswer = (event: object, place: number) =>
    fieldOf(recordOf(event), "event.name") === "gen_ai.choice" ||
    (place === records.length - 1 && fieldOf(recordOf(event), "role") === "assistant");
  return {
    input: readMessages(
      records.filter((event, place) => !isAnswer(event, place)),
      "user",
    ),
    output: readMessages(records.filter(isAnswer), "assistant"),
  };
}

/** The provider's own usage says more than the counts, and knows of thoughts. */
function readCounts(
  reader: AttributeReader,
  reading: Reading,
  { kind, answer }: { kind: NonNullable<Reading["kind"]>; answer: unknown },
): Reading {
  if (!callsModel(kind)) return {};
  const raw = usageOf(reader.look("gen_ai.usage.raw")) ?? usageOf(fieldOf(recordOf(answer), "usage"));
  return { ...(raw ?? {}), costUsd: reading.costUsd ?? (reader.number("operation.cost") || null) };
}

/** Tools of earlier Pydantic AI versions, with different names for arguments and results. */
function readTool({ attributes }: ReceivedSpan, reader: AttributeReader): Reading {
  if (!attributes.has("tool_arguments") && !attributes.has("tool_response")) return {};
  return { kind: "tool", input: reader.value("tool_arguments"), output: reader.value("tool_response") };
}
