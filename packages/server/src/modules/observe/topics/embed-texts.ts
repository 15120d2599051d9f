import { createVectorCache } from "../search/index.ts";
import type { TopicsDeps } from "./deps.ts";

/** The beginning says what a text is about, and reading takes the square of the length. */
const MOST_CHARACTERS = 120;
/** Texts that one run embeds. The others are placed by their words, until a later run embeds them. */
const MOST_NEW = 2_500;
/** Small, so that other callers and a busy machine have their turn. */
const BATCH = 16;
/** About 2 kB each. */
const MOST_CACHED = 20_000;

const startOf = (text: string) => text.replace(/\s+/g, " ").trim().slice(0, MOST_CHARACTERS).toWellFormed();

/** Embeds as many texts as fit a run. Vectors of earlier runs are reused. */
export function createTextEmbedding({ embed }: Pick<TopicsDeps, "embed">) {
  const cache = createVectorCache(MOST_CACHED);

  /** The rows with a vector. Rows that come first are embedded first. */
  return async function embedTexts(
    texts: readonly string[],
    signal: AbortSignal,
    report: (done: number, total: number) => void,
  ): Promise<{ rows: number[]; vectors: Float32Array[] }> {
    const starts = texts.map(startOf);
    const missing = [...new Set(starts)].filter((text) => !cache.get(text)).slice(0, MOST_NEW);
    for (let next = 0; next < missing.length; next += BATCH) {
      signal.throwIfAborted();
      const batch = missing.slice(next, next + BATCH);
      const vectors = await embed(batch, signal);
      for (const [place, text] of batch.entries()) cache.put(text, vectors[place] ?? []);
      report(Math.min(next + BATCH, missing.length), missing.length);
    }
    const rows: number[] = [];
    const vectors: Float32Array[] = [];
    for (const [row, text] of starts.entries()) {
      const vector = cache.get(text);
      if (!vector) continue;
      rows.push(row);
      vectors.push(vector);
    }
    return { rows, vectors };
  };
}
