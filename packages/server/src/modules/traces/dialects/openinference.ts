import { type AttributeReader, toJson } from "./attribute-reader.ts";
import type { Dialect, Reading } from "./dialect.ts";
import { fieldOf, firstText, isRecord, type JsonRecord, recordOf, textOf } from "./json.ts";
import { callsModel, kindOf, type SpanKind } from "./kinds.ts";
import type { Message } from "./message.ts";
import { toProvider } from "./providers.ts";
import { metadataOf, readMetadata } from "./read-common.ts";
import { readInput, readOutput, toFacts } from "./read-content.ts";
import { readIndexedDocuments } from "./read-documents.ts";
import { readStreamEvents } from "./read-first-token.ts";
import { readIndexed } from "./read-indexed.ts";
import { readMessages } from "./read-messages.ts";
import { parametersOf } from "./read-parameters.ts";
import { readOpenInferenceScores } from "./read-scores.ts";
import { toUsage, type Usage, usageOf } from "./read-usage.ts";
import type { Attributes } from "./received-span.ts";

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
    const answered = reader.text(
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
      requestModel: reader.text("llm.request.model_name") || firstText(request, ["model", "model_name"]) || answered,
      responseModel: answered,
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

/** What should be a record and is not is kept under one name. */
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
  if (kind === "embedding") return readEmbeddings(reader);
  if (kind === "retrieval") return { output: readIndexedDocuments(reader, "retrieval.documents.") };
  if (kind === "rerank") {
    const documents = readIndexedDocuments(reader, "reranker.input_documents.");
    return {
      ...(documents && { input: { query: reader.value("reranker.query") ?? null, documents } }),
      output: readIndexedDocuments(reader, "reranker.output_documents."),
    };
  }
  if (kind === "tool") return { attributes: toFacts({ "gen_ai.tool.name": reader.peek("tool.name") }) };
  if (kind !== "generation" && kind !== "agent" && kind !== "chain") return {};
  const input = readIndexedMessages(reader, "llm.input_messages.", "user");
  const answer = readIndexedMessages(reader, "llm.output_messages.", "assistant");
  // The whole request says again what the messages say.
  if (input !== undefined) reader.drop("input.value");
  const tools = reader.items("llm.tools.").map(({ fields }) => toJson(fields.get("tool.json_schema") ?? null));
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

/** The texts. Of the vectors only the length is kept: they are many times as long as what they stand for. */
function readEmbeddings(reader: AttributeReader): Pick<Reading, "input" | "output" | "attributes"> {
  const items = reader.items("embedding.embeddings.");
  if (items.length === 0) return {};
  const vector = items[0]?.fields.get("embedding.vector");
  reader.drop("input.value");
  return {
    input: items.map(({ fields }) => fields.get("embedding.text") ?? ""),
    output: null,
    attributes: toFacts({ "gen_ai.embeddings.dimension.count": Array.isArray(vector) ? vector.length : undefined }),
  };
}

/** `llm.input_messages.N.message.{role,content,contents.M.message_content.…,tool_calls.K.tool_call.…}` and the like. */
function readIndexedMessages(
  reader: AttributeReader,
  prefix: string,
  role: "user" | "assistant",
): Message[] | undefined {
  const messages = reader.items(prefix).map(({ fields }) => toMessage(fields));
  return messages.length > 0 ? readMessages(messages, role) : undefined;
}

function toMessage(fields: Attributes): JsonRecord {
  const contents = readIndexed(fields, "message.contents.").items.map((item) => toContent(item.fields));
  const calls = readIndexed(fields, "message.tool_calls.").items.map((item) => toCall(item.fields));
  return {
    role: fields.get("message.role"),
    name: fields.get("message.name"),
    tool_call_id: fields.get("message.tool_call_id"),
    content: contents.length > 0 ? contents : (fields.get("message.content") ?? ""),
    tool_calls: calls,
    function_call: functionCallOf(fields),
  };
}

function toContent(fields: Attributes): JsonRecord {
  const image = fields.get("message_content.image.image.url");
  if (typeof image === "string") return { type: "image_url", image_url: { url: image } };
  const audio = fields.get("message_content.audio.audio.url");
  if (typeof audio === "string")
    return { type: "audio", url: audio, mime_type: fields.get("message_content.audio.audio.mime_type") };
  return { type: fields.get("message_content.type") ?? "text", text: fields.get("message_content.text") ?? "" };
}

const toCall = (fields: Attributes): JsonRecord => ({
  id: fields.get("tool_call.id"),
  function: {
    name: fields.get("tool_call.function.name"),
    arguments: fields.get("tool_call.function.arguments"),
  },
});

function functionCallOf(fields: Attributes): JsonRecord | undefined {
  const name = fields.get("message.function_call_name");
  return name === undefined ? undefined : { name, arguments: fields.get("message.function_call_arguments_json") };
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
