import { isRecord } from "../../../../kernel/is-record.ts";
import type { AttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { fieldOf, firstText, type JsonRecord, recordOf, textOf } from "./readers/json.ts";
import { callsModel, kindOf, type SpanKind } from "./readers/kinds.ts";
import { toProvider } from "./readers/providers.ts";
import { metadataOf, readMetadata } from "./readers/read-common.ts";
import { readInput, readOutput, toFacts } from "./readers/read-content.ts";
import { readIndexedDocuments } from "./readers/read-documents.ts";
import { readStreamEvents } from "./readers/read-first-token.ts";
import { parametersOf } from "./readers/read-parameters.ts";
import { readOpenInferenceScores } from "./readers/read-scores.ts";
import { readSpreadEmbeddings, readSpreadMessages, readSpreadRerank, readSpreadTools } from "./readers/read-spread.ts";
import { toUsage, type Usage, usageOf } from "./readers/read-usage.ts";

const KIND = "openinference.span.kind";
const PARAMETERS = ["llm.invocation_parameters", "embedding.invocation_parameters"];

/** Arize's OpenInference, which spreads messages and documents over numbered keys. */
export const openInference: Dialect = {
  id: "openinference",
  label: "OpenInference",
  // Some write the key without a value on spans that have nothing to do with models.
  matches: ({ attributes }) => typeof attributes.get(KIND) === "string",
  read(span, reader) {
    const kind = kindOf(reader.text(KIND)) ?? "span";
    const request = recordNamed("parameters", reader.value(...PARAMETERS));
    const model = reader.text(
      "llm.response.model_name",
      "llm.model_name",
      "embedding.model_name",
      "reranker.model_name",
    );
    const about = recordNamed("metadata", reader.value("metadata"));
    const scores = readOpenInferenceScores(span.attributes);
    return {
      kind,
      provider: toProvider(
        reader.text("llm.provider") || reader.text("llm.system", "gen_ai.provider.name") || textOf(about.ls_provider),
      ),
      requestModel: reader.text("llm.request.model_name") || firstText(request, ["model", "model_name"]) || model,
      responseModel: model,
      parameters: parametersOf(request),
      promptName: reader.text("prompt.id", "llm.prompt_template.name"),
      promptVersion: reader.text("llm.prompt_template.version"),
      metadata: { ...metadataOf(about), ...readMetadata(reader, ["metadata."]) },
      ...readPayloads(reader, kind),
      ...readStreamEvents(span),
      ...(scores.length > 0 && { scores }),
    };
  },
};

/** A value that should be a record but is not is stored under one name. */
const recordNamed = (name: string, value: unknown): JsonRecord =>
  isRecord(value) || value === undefined ? recordOf(value) : { [name]: value };

function readPayloads(reader: AttributeReader, kind: SpanKind): Reading {
  const output = reader.value("output.value");
  reader.drop("input.mime_type", "output.mime_type");
  const reading = readByKind(reader, kind, output);
  return {
    ...reading,
    ...(callsModel(kind) && { ...readUsage(reader, output), costUsd: readCost(reader) }),
    input: reading.input ?? readInput(kind, reader.value("input.value")),
    output: reading.output === undefined ? readOutput(kind, output) : reading.output,
  };
}

function readByKind(
  reader: AttributeReader,
  kind: SpanKind,
  output: unknown,
): Pick<Reading, "input" | "output" | "attributes"> {
  if (kind === "embedding") return readSpreadEmbeddings(reader);
  if (kind === "retrieval") return { output: readIndexedDocuments(reader, "retrieval.documents.") };
  if (kind === "rerank") return readSpreadRerank(reader);
  if (kind === "tool") return { attributes: toFacts({ "gen_ai.tool.name": reader.peek("tool.name") }) };
  if (kind !== "generation" && kind !== "agent" && kind !== "chain") return {};
  const input = readSpreadMessages(reader, "llm.input_messages.", "user");
  const answer = readSpreadMessages(reader, "llm.output_messages.", "assistant");
  // The whole request says again what the messages say.
  if (input !== undefined) reader.drop("input.value");
  const tools = readSpreadTools(reader, "llm.tools.");
  const finish = reader.text("llm.finish_reason") || finishOf(output);
  return {
    input,
    output: answer,
    attributes: toFacts({
      "gen_ai.tool.definitions": tools,
      "gen_ai.response.finish_reasons": finish === "" ? [] : [finish],
    }),
  };
}

/** Counted by the instrumentation, or else in the provider's own answer, which streams often lack. */
function readUsage(reader: AttributeReader, output: unknown): Usage {
  const counts = {
    input: reader.number("llm.token_count.prompt"),
    output: reader.number("llm.token_count.completion"),
    total: reader.number("llm.token_count.total"),
    cached: reader.number("llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input"),
    written: reader.number("llm.token_count.prompt_details.cache_write"),
    reasoning: reader.number("llm.token_count.completion_details.reasoning"),
  };
  if (counts.input !== undefined || counts.output !== undefined) return toUsage(counts);
  return usageOf(fieldOf(recordOf(output), "usage")) ?? toUsage({ input: counts.total });
}

function readCost(reader: AttributeReader): number | null {
  const total = reader.number("llm.cost.total");
  if (total !== undefined) return total || null;
  return (reader.number("llm.cost.prompt") ?? 0) + (reader.number("llm.cost.completion") ?? 0) || null;
}

function finishOf(output: unknown): string {
  const [choice] = Array.isArray(recordOf(output).choices) ? (recordOf(output).choices as unknown[]) : [];
  return isRecord(choice) ? textOf(fieldOf(choice, "finish_reason")) : "";
}
