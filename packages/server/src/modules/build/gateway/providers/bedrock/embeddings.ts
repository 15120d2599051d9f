import type { EmbeddingRequest } from "@treadle/contract";
import { brokenAnswer, parseAnswer } from "../../formats/hub/answers.ts";
import { unprocessable } from "../../formats/hub/content.ts";
import { embeddingsOf, readTexts } from "../../formats/hub/embeddings.ts";
import type { EmbeddingResponse } from "../../formats/hub/hub.ts";
import { compact, countOf, type JsonRecord, listOf, numberOf, recordOf, textOf } from "../../formats/hub/json.ts";

const MAX_COHERE_TEXTS = 96;

/** The body of InvokeModel for the embedding models of Amazon Titan and Cohere. Throws `unprocessable` for another model, and for more texts than it takes. */
export function toInvokeBody(model: string, request: EmbeddingRequest): JsonRecord {
  const texts = readTexts(request);
  const [first] = texts;
  if (model.includes("titan-embed")) {
    if (texts.length > 1) throw unprocessable("input", `holds ${texts.length} texts, but Titan embeds one a request.`);
    return compact({
      inputText: first,
      dimensions: request.dimensions ?? undefined,
      normalize: model.includes("v2") ? true : undefined,
    });
  }
  if (!model.includes("cohere.embed"))
    throw unprocessable("model", `is ${model}, which is no embedding model of Titan or Cohere.`);
  if (texts.length > MAX_COHERE_TEXTS)
    throw unprocessable(
      "input",
      `holds ${texts.length} texts, but Cohere embeds at most ${MAX_COHERE_TEXTS} a request.`,
    );
  return compact({
    texts,
    input_type: textOf(request.input_type) || "search_document",
    embedding_types: ["float"],
    output_dimension: request.dimensions ?? undefined,
  });
}

const vectorOf = (values: unknown) => listOf(values).map((value) => numberOf(value) ?? 0);

/** Cohere counts its tokens in a header that is not part of the answer; 0 then stands for "not known". */
export function readInvoke(body: Buffer, asked: { model: string; request: EmbeddingRequest }): EmbeddingResponse {
  const answer = parseAnswer(body, "Bedrock");
  const lists = Array.isArray(answer.embeddings) ? answer.embeddings : recordOf(answer.embeddings).float;
  const embeddings = answer.embedding === undefined ? lists : [answer.embedding];
  if (!Array.isArray(embeddings)) throw brokenAnswer(textOf(answer.message) || "Bedrock's answer has no embeddings.");
  return embeddingsOf(asked.request, {
    model: asked.model,
    vectors: embeddings.map(vectorOf),
    tokens: countOf(answer.inputTextTokenCount),
  });
}
