import { isRecord } from "../../../../kernel/is-record.ts";
import type { AttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { fieldOf, type JsonRecord, numberOf, recordOf } from "./readers/json.ts";
import { callsModel, kindOf, type SpanKind } from "./readers/kinds.ts";
import { readMetadata } from "./readers/read-common.ts";
import { argumentsOf, readInput, readOutput, toFacts } from "./readers/read-content.ts";
import { readFailure } from "./readers/read-errors.ts";
import { parametersOf, toolsOf } from "./readers/read-parameters.ts";
import { toUsage, type Usage, usageOf } from "./readers/read-usage.ts";
import type { ReceivedSpan } from "./readers/received-span.ts";

const TYPE = "langfuse.observation.type";

/** Langfuse's SDKs. Spans of others that only pass through their exporter are read by their own dialect. */
export const langfuse: Dialect = {
  id: "langfuse",
  label: "Langfuse",
  matches: ({ attributes, scope }) => typeof attributes.get(TYPE) === "string" || scope.name === "langfuse-sdk",
  read(span, reader) {
    const input = reader.value("langfuse.observation.input", "langfuse.trace.input");
    const model = reader.text("langfuse.observation.model.name");
    const type = kindOf(reader.text(TYPE)) ?? "span";
    // The JavaScript SDK says "generation" of every call.
    const kind = type === "generation" && /embed/i.test(model) ? "embedding" : type;
    return {
      kind,
      requestModel: model,
      responseModel: model,
      parameters: parametersOf(reader.value("langfuse.observation.model.parameters")),
      metadata: readMetadata(reader, ["langfuse.observation.metadata."]),
      timeToFirstTokenMs: readFirstToken(span, reader),
      input: readInput(kind, argumentsOf(input)),
      output: readOutput(kind, reader.value("langfuse.observation.output", "langfuse.trace.output")),
      attributes: toFacts({ "gen_ai.tool.definitions": toolsOf(input) }),
      ...readCosts(reader, kind),
      ...readLevel(span, reader),
    };
  },
};

/** The level says "error" where the status says nothing, and its message is the better one. */
function readLevel(
  span: ReceivedSpan,
  reader: AttributeReader,
): Pick<Reading, "status" | "errorType" | "errorMessage"> {
  if (reader.peek("langfuse.observation.level") !== "ERROR") return {};
  const failure = readFailure({ ...span, statusCode: 2 });
  return { ...failure, errorMessage: failure.errorMessage || reader.text("langfuse.observation.status_message") };
}

/** When the first token came, as a time of day; JavaScript and Python put it in quotes. */
function readFirstToken(span: ReceivedSpan, reader: AttributeReader): number | null {
  const time = Date.parse(String(reader.value("langfuse.observation.completion_start_time") ?? ""));
  return Number.isNaN(time) ? null : Math.max(0, time - span.startMicros / 1_000);
}

function readCosts(reader: AttributeReader, kind: SpanKind): Reading {
  if (!callsModel(kind)) return {};
  const costs = recordOf(reader.look("langfuse.observation.cost_details"));
  const sum = Object.entries(costs).reduce(
    (total, [name, cost]) => total + (name === "total" ? 0 : (numberOf(cost) ?? 0)),
    0,
  );
  return {
    ...readUsage(reader.look("langfuse.observation.usage_details")),
    costUsd: numberOf(costs.total) || sum || null,
  };
}

/** A provider's own usage, or Langfuse's: every `input…` and `output…` apart, adding up to the total. */
function readUsage(given: unknown): Usage {
  if (!isRecord(given)) return {};
  return isOwn(given) ? readBuckets(given) : (usageOf(given) ?? {});
}

const isOwn = (details: JsonRecord) =>
  ["input", "output", "total"].some((name) => numberOf(details[name]) !== undefined);

const CACHED = /cached|cache_read/;
const WRITTEN = /cache_(?:creation|write)/;

function readBuckets(details: JsonRecord): Usage {
  const names = Object.keys(details).filter((name) => numberOf(details[name]) !== undefined);
  const sum = (test: (name: string) => boolean) =>
    names.filter(test).reduce((total, name) => total + (numberOf(fieldOf(details, name)) ?? 0), 0);
  const isInput = (name: string) => name.startsWith("input") || name.startsWith("cache");
  const isOutput = (name: string) => name.startsWith("output") || name.includes("reasoning");
  const parts = {
    cached: sum((name) => isInput(name) && CACHED.test(name)),
    written: sum((name) => isInput(name) && WRITTEN.test(name)),
    reasoning: sum((name) => name.includes("reasoning")),
  };
  const total = numberOf(details.total);
  const [input, output] = [numberOf(details.input) ?? 0, numberOf(details.output) ?? 0];
  // Older SDKs, and people, send whole numbers in addition to their parts. These alone are then the total.
  const isWhole = total !== undefined && total === input + output && sum(isInput) + sum(isOutput) > total;
  return toUsage({
    ...parts,
    input: isWhole ? input : sum(isInput),
    output: isWhole ? output : sum(isOutput),
  });
}
