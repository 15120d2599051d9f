import type { EmbeddingRequest } from "@treadle/contract";
import { unprocessable } from "./content.ts";
import type { EmbeddingResponse } from "./hub.ts";

/** The texts to embed. Throws `unprocessable` for token ids, which only OpenAI's own models can read. */
export function readTexts(request: EmbeddingRequest): string[] {
  const list = typeof request.input === "string" ? [request.input] : request.input;
  return list.map((text, index) => {
    if (typeof text === "string") return text;
    throw unprocessable(`input[${index}]`, "holds token numbers, which this model cannot take. Send text.");
  });
}

/** Vectors as OpenAI's answer; little-endian 32-bit floats in base64 if the caller requested that. */
export function embeddingsOf(
  request: EmbeddingRequest,
  { model, vectors, tokens }: { model: string; vectors: readonly (readonly number[])[]; tokens: number },
): EmbeddingResponse {
  const encode = (vector: readonly number[]) => {
    if (request.encoding_format !== "base64") return [...vector];
    const bytes = Buffer.alloc(vector.length * 4);
    for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
    return bytes.toString("base64");
  };
  return {
    object: "list",
    model,
    data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: encode(vector) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
