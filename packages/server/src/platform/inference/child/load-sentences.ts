import { BUILTIN_EMBEDDING } from "../protocol.ts";
import { checkSentences, MAX_TEXT_CHARACTERS } from "../sentence-sizes.ts";
import { type LoadedEmbedding, textOf } from "./load-embedding.ts";
import { createSentenceLine } from "./sentence-line.ts";

/** The embedding model that ships with Treadle, on a separate thread: 512 numbers per text. */
export async function loadSentences(): Promise<LoadedEmbedding> {
  const line = createSentenceLine({
    script: new URL("./sentence-worker.ts", import.meta.url),
    deadlineMs: 30_000,
    graceMs: 500,
  });
  await line.start();
  return {
    kind: "embedding",
    modelId: BUILTIN_EMBEDDING,
    // A token is at least a character.
    contextTokens: MAX_TEXT_CHARACTERS,
    async embed(texts, signal) {
      const { vectors, counts } = await line.ask({ texts, isCount: false }, signal);
      return { vectors, tokens: counts.reduce((sum, count) => sum + count, 0) };
    },
    async count(prompt) {
      const texts = [textOf(prompt)];
      checkSentences(texts, BUILTIN_EMBEDDING);
      const { counts } = await line.ask({ texts, isCount: true }, new AbortController().signal);
      return counts[0] ?? 0;
    },
    countTexts: async (texts, signal) => [...(await line.ask({ texts, isCount: true }, signal)).counts],
    dispose: line.close,
  };
}
