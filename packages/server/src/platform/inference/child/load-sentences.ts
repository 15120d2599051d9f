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
    embed: (texts, signal) => line.ask({ texts, isCount: false }, signal),
    async count(prompt) {
      const texts = [textOf(prompt)];
      checkSentences(texts, BUILTIN_EMBEDDING);
      return (await line.ask({ texts, isCount: true }, new AbortController().signal)).tokens;
    },
    dispose: line.close,
  };
}
