import type { AttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { firstText, recordOf } from "./readers/json.ts";
import { callsModel, kindOf, type SpanKind } from "./readers/kinds.ts";
import { metadataOf } from "./readers/read-common.ts";
import { readOutput, toFacts } from "./readers/read-content.ts";
import { readIndexedDocuments } from "./readers/read-documents.ts";
import { readGenAi } from "./readers/read-gen-ai.ts";
import { readSpreadEmbeddings, readSpreadRerank } from "./readers/read-spread.ts";

const KIND = "gen_ai.span.kind";

/** Future AGI's traceAI: the names of the conventions, spread over numbered keys as OpenInference does. */
export const traceAi: Dialect = {
  id: "traceai",
  label: "traceAI",
  matches: ({ attributes }) => typeof attributes.get(KIND) === "string",
  read(span, reader) {
    const kind = kindOf(reader.text(KIND)) ?? kindOf(reader.peek("gen_ai.operation.name")) ?? "span";
    const reading = readGenAi(span, reader, kind);
    const own = readByKind(reader, kind);
    reader.drop("input.mime_type", "output.mime_type");
    // For a call of a model, these repeat a part of the messages.
    if (callsModel(kind) && reading.input !== undefined) reader.drop("input.value");
    if (callsModel(kind) && reading.output !== undefined) reader.drop("output.value");
    const embedding = reader.text("embedding.model_name", "reranker.model_name");
    return {
      ...reading,
      ...own,
      requestModel: askedModel(reader) || reading.requestModel || embedding,
      responseModel: reading.responseModel || reading.requestModel || embedding,
      promptName: reader.text("gen_ai.prompt.template.name", "gen_ai.prompt.id"),
      promptVersion: reader.text("gen_ai.prompt.template.version"),
      metadata: metadataOf(recordOf(reader.value("metadata"))),
      input: own.input ?? reading.input,
      output: own.output === undefined ? reading.output : own.output,
      attributes: new Map([...(reading.attributes ?? []), ...(own.attributes ?? [])]),
    };
  },
};

/** The request's model is among its parameters; `gen_ai.request.model` becomes the answering model at the end. */
const askedModel = (reader: AttributeReader) =>
  firstText(recordOf(reader.look("gen_ai.request.parameters")), ["model", "model_name"]);

function readByKind(reader: AttributeReader, kind: SpanKind): Pick<Reading, "input" | "output" | "attributes"> {
  if (kind === "embedding") return readSpreadEmbeddings(reader);
  if (kind === "retrieval") {
    const documents = reader.value("retrieval.documents");
    return {
      output: readIndexedDocuments(reader, "retrieval.documents.") ?? readOutput(kind, documents),
    };
  }
  if (kind === "rerank") return readSpreadRerank(reader);
  return kind === "tool" ? { attributes: toFacts({ "gen_ai.tool.name": reader.peek("tool.name") }) } : {};
}
