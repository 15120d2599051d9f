import { isRecord } from "../../../../kernel/is-record.ts";
import type { AttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { fieldOf, type JsonRecord, recordOf } from "./readers/json.ts";
import { callsModel, kindOf } from "./readers/kinds.ts";
import { toProvider } from "./readers/providers.ts";
import { readMetadata } from "./readers/read-common.ts";
import { readInput, readOutput, toFacts } from "./readers/read-content.ts";
import { readFailure } from "./readers/read-errors.ts";
import { parametersOf, requestParametersOf, toolsOf } from "./readers/read-parameters.ts";
import { readGenAiCounts, toUsage, type Usage, usageOf } from "./readers/read-usage.ts";
import type { ReceivedSpan } from "./readers/received-span.ts";

const METADATA = "langsmith.metadata.";
/** Fields that the SDK adds itself: process settings, and values that have columns here. */
const NOISE = /^(?:LANGSMITH_|LANGCHAIN_|ls_|usage_metadata$|revision_id$)/;
/** Wrappers around the one value that a function took or gave. */
const WRAPPERS = ["output", "outputs", "input", "inputs"];

/** LangSmith's SDKs, which send through OpenTelemetry what they send to LangSmith. */
export const langsmith: Dialect = {
  id: "langsmith",
  label: "LangSmith",
  matches: ({ attributes, scope }) => scope.name === "langsmith" || attributes.has("langsmith.span.kind"),
  read(span, reader) {
    // The operation's name says "embeddings" of a retriever.
    const kind = kindOf(reader.text("langsmith.span.kind")) ?? kindOf(reader.peek("gen_ai.operation.name")) ?? "span";
    const request = reader.value("gen_ai.prompt");
    const answer = reader.value("gen_ai.completion");
    const usage = callsModel(kind) ? readUsage(reader, answer) : undefined;
    const provider = reader.text(`${METADATA}ls_provider`) || (callsModel(kind) ? reader.text("gen_ai.system") : "");
    return {
      ...readThrown(span),
      ...usage,
      kind,
      provider: toProvider(provider),
      requestModel: callsModel(kind) ? reader.text("gen_ai.request.model", `${METADATA}ls_model_name`) : "",
      responseModel: callsModel(kind) ? reader.text("gen_ai.response.model") : "",
      parameters: readParameters(reader, request),
      input: readInput(kind, callsModel(kind) ? request : unwrap(request)),
      output: readOutput(kind, unwrap(answer)),
      metadata: readOwnMetadata(reader),
      attributes: toFacts({
        "gen_ai.tool.definitions": callsModel(kind) ? toolsOf(request) : [],
        "gen_ai.response.finish_reasons": reader.texts("gen_ai.response.finish_reasons"),
      }),
    };
  },
};

/** Status "ok" is written in JavaScript whatever happened; in Python the message is the error as it prints, with where it came from. */
function readThrown(span: ReceivedSpan): Pick<Reading, "status" | "errorType" | "errorMessage"> {
  const failure = readFailure(span, { isOkBelieved: false });
  const [line = ""] = (failure.errorMessage ?? "").split("\n", 1);
  const end = line.indexOf("(");
  const type = line.slice(0, Math.max(0, end));
  if (!/^[\w.]{1,100}$/.test(type) || !line.endsWith(")")) return failure;
  return { ...failure, errorType: type, errorMessage: line.slice(end + 1, -1).replace(/^(['"])(.*)\1$/, "$2") };
}

/** In Python the details are Python's own notation; the metadata has them as JSON. */
function readUsage(reader: AttributeReader, answer: unknown): Usage {
  const counted = readGenAiCounts(reader);
  const detailed = usageOf(reader.value(`${METADATA}usage_metadata`, "langsmith.usage_metadata"));
  reader.drop("gen_ai.usage.input_token_details", "gen_ai.usage.output_token_details");
  return detailed ?? usageOf(fieldOf(recordOf(answer), "usage")) ?? toUsage(counted);
}

function readParameters(reader: AttributeReader, request: unknown): Reading["parameters"] {
  const given: [string, unknown][] = [
    ["temperature", reader.number(`${METADATA}ls_temperature`)],
    ["max_tokens", reader.number(`${METADATA}ls_max_tokens`)],
    ["stop", reader.value(`${METADATA}ls_stop`)],
    ["stream", reader.value("langsmith.request.streaming")],
  ];
  const attributes = Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== "[]"));
  return {
    ...attributes,
    ...parametersOf(reader.value(`${METADATA}ls_invocation_params`)),
    ...requestParametersOf(request),
  };
}

function unwrap(answer: unknown): unknown {
  if (!isRecord(answer)) return answer;
  const names = Object.keys(answer);
  const [name] = names;
  return names.length === 1 && name !== undefined && WRAPPERS.includes(name) ? fieldOf(answer, name) : answer;
}

function readOwnMetadata(reader: AttributeReader): Record<string, string> {
  const metadata: JsonRecord = readMetadata(reader, [METADATA]);
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([name, value]) =>
      NOISE.test(name) || typeof value !== "string" ? [] : [[name, value]],
    ),
  );
}
