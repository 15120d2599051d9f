import { notFound } from "../../../../kernel/errors.ts";
import type { Embedding } from "../stores/deps.ts";

const SIZE = 64;
const MODEL = "hashed-words";

/** An embedding without a model: counts of hashed words. The first number is the same for all, so that no vector is 0. */
export function hashedVector(text: string): Float32Array {
  const vector = new Float32Array(SIZE);
  vector[0] = 0.5;
  for (const word of text.toLowerCase().split(/[^\p{L}\p{N}]+/u)) {
    let hash = 2_166_136_261;
    for (const sign of word) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 16_777_619);
    const place = 1 + ((hash >>> 0) % (SIZE - 1));
    vector[place] = (vector[place] ?? 0) + 1;
  }
  return vector;
}

/** Embeds by `hashedVector`, and lists the passages that it embedded. */
export function createHashedEmbedding(): Embedding & { readonly passages: string[] } {
  const passages: string[] = [];
  return {
    passages,
    async prepare(_scope, model) {
      if (model !== "" && model !== MODEL) throw notFound("embedding model", model);
    },
    async find() {
      return { model: MODEL, hash: "hashed-words-1", maxTokens: 400 };
    },
    async embed(_scope, { texts, purpose }) {
      if (purpose === "passage") passages.push(...texts);
      return texts.map(hashedVector);
    },
  };
}
