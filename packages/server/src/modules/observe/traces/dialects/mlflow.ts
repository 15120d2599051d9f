import { isRecord } from "../../../../kernel/is-record.ts";
import { type AttributeReader, createAttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { fieldOf, listOf, numberOf, parseText, recordOf, textOf } from "./readers/json.ts";
import { callsModel, kindOf, type SpanKind } from "./readers/kinds.ts";
import { toProvider } from "./readers/providers.ts";
import { readCommon } from "./readers/read-common.ts";
import { readInput, readOutput } from "./readers/read-content.ts";
import { readGenAi } from "./readers/read-gen-ai.ts";
import { requestParametersOf, toolsOf } from "./readers/read-parameters.ts";
import { type Usage, usageOf } from "./readers/read-usage.ts";
import type { Attributes, AttributeValue, ReceivedSpan } from "./readers/received-span.ts";

const TYPE = "mlflow.spanType";
const TAG = "mlflow.traceTag.";
/** Request parameters, which MLflow writes next to the user's attributes. */
const PARAMETERS = [
  "temperature",
  "max_tokens",
  "top_p",
  "stream",
  "seed",
  "stop",
  "frequency_penalty",
  "presence_penalty",
];

/** MLflow's tracing, also when configured to write OpenTelemetry's names. */
export const mlflow: Dialect = {
  id: "mlflow",
  label: "MLflow",
  matches: ({ attributes, resource, scope }) =>
    attributes.has(TYPE) || resource.get("telemetry.sdk.name") === "mlflow" || scope.name.startsWith("mlflow."),
  read(span, reader) {
    const decoded = decode(span);
    const own = createAttributeReader(decoded.attributes);
    // Read once more, now without the quotes that MLflow puts around every value.
    const reading = { ...readCommon(decoded, own), ...readOwn(decoded, own), metadata: readTags(own) };
    reader.drop(...own.consumed, "mlflow.traceRequestId", "mlflow.message.format", "mlflow.spanLogLevel");
    const consumed = new Set(reader.consumed);
    const left = [...decoded.attributes].filter(
      ([name, value]) => !consumed.has(name) && span.attributes.get(name) !== value,
    );
    return { ...reading, attributes: new Map<string, unknown>([...left, ...(reading.attributes ?? [])]) };
  },
};

function readOwn(span: ReceivedSpan, reader: AttributeReader): Reading {
  if (!span.attributes.has(TYPE)) return readConventions(span, reader);
  const kind = kindOf(reader.text(TYPE)) ?? "span";
  const request = reader.value("mlflow.spanInputs");
  const answer = reader.value("mlflow.spanOutputs");
  const isCall = callsModel(kind);
  // The fields of a request are also separate attributes.
  if (isCall) reader.drop(...Object.keys(recordOf(request)));
  const model = reader.text("mlflow.llm.model") || (isCall ? textOf(fieldOf(recordOf(answer), "model")) : "");
  const asked = isCall ? textOf(fieldOf(recordOf(request), "model")) || reader.text("model") : "";
  return {
    kind,
    provider: toProvider(reader.text("mlflow.llm.provider")),
    requestModel: asked || model,
    responseModel: model,
    parameters: isCall ? { ...readParameters(reader), ...requestParametersOf(request) } : {},
    input: readInput(kind, request),
    output: readOutput(kind, answer),
    ...(isCall && { ...readUsage(reader, answer), costUsd: readCost(reader) }),
    ...readFacts(reader, request, kind),
    consumedEvents: span.events.map(({ name }) => name).filter((name) => name.startsWith("mlflow.chunk.")),
  };
}

/** The conventions' names. The requested model has a separate name. */
function readConventions(span: ReceivedSpan, reader: AttributeReader): Reading {
  const reading = readGenAi(span, reader);
  const asked = callsModel(reading.kind) ? reader.text("model") : "";
  return {
    ...reading,
    requestModel: asked || reading.requestModel,
    parameters: { ...readParameters(reader), ...reading.parameters },
  };
}

function readFacts(reader: AttributeReader, request: unknown, kind: SpanKind): Pick<Reading, "attributes"> {
  const offered = listOf(reader.value("mlflow.chat.tools"));
  const tools = offered.length > 0 ? offered : callsModel(kind) ? toolsOf(request) : [];
  return tools.length > 0 ? { attributes: new Map([["gen_ai.tool.definitions", tools]]) } : {};
}

/** The answer's own usage knows of thoughts, MLflow's of cached tokens in every case. */
function readUsage(reader: AttributeReader, answer: unknown): Usage {
  const counted = usageOf(reader.value("mlflow.chat.tokenUsage"));
  const whole = usageOf(fieldOf(recordOf(answer), "usage"));
  return whole ?? counted ?? {};
}

function readCost(reader: AttributeReader): number | null {
  const cost = reader.value("mlflow.llm.cost");
  if (!isRecord(cost)) return numberOf(cost) || null;
  return numberOf(cost.total_cost ?? cost.total) || null;
}

const readParameters = (reader: AttributeReader): Record<string, unknown> =>
  Object.fromEntries(PARAMETERS.map((name) => [name, reader.value(name)]).filter(([, value]) => value !== undefined));

/** Tags of a trace have names and values, as metadata does. */
const readTags = (reader: AttributeReader): Record<string, string> =>
  Object.fromEntries(reader.family(TAG).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));

/** The span with every value that is a text, a number or a truth written as JSON taken out of it. */
function decode(span: ReceivedSpan): ReceivedSpan {
  const attributes: Attributes = new Map(
    Array.from(span.attributes, ([name, value]) => [name, decodeValue(name, value)]),
  );
  return { ...span, attributes };
}

function decodeValue(name: string, value: AttributeValue): AttributeValue {
  // Objects remain texts until they are read. Tags of a trace are texts from the start.
  if (typeof value !== "string" || /^\s*[[{]/.test(value) || name.startsWith(TAG)) return value;
  const plain = parseText(value);
  return typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean" ? plain : value;
}
