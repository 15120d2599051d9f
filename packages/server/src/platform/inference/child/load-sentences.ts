import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { AppError } from "../../../kernel/errors.ts";
import { BUILTIN_EMBEDDING } from "../protocol.ts";
import { type LoadedEmbedding, textOf } from "./load-embedding.ts";
import type { SentenceAnswer } from "./sentence-worker.ts";

/** The embedding model that ships with the program, on a thread of its own: 512 numbers a text. */
export async function loadSentences(): Promise<LoadedEmbedding> {
  const worker = new Worker(new URL("./sentence-worker.ts", import.meta.url));
  await once(worker, "message");
  const waiting = new Map<number, (answer: SentenceAnswer) => void>();
  let last = 0;
  worker.on("message", (answer: SentenceAnswer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  worker.on("error", (error) => {
    for (const [id, resolve] of waiting) resolve({ id, error: error.message });
    waiting.clear();
  });

  async function ask(texts: readonly string[], isCount: boolean) {
    const id = ++last;
    const answer = await new Promise<SentenceAnswer>((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage({ id, texts, isCount });
    });
    if ("error" in answer)
      throw new AppError("model_failed", { message: `The embedding model failed: ${answer.error}` });
    return { vectors: answer.vectors, tokens: answer.tokens };
  }

  return {
    kind: "embedding",
    modelId: BUILTIN_EMBEDDING,
    contextTokens: Number.MAX_SAFE_INTEGER,
    embed: (texts) => ask(texts, false),
    count: async (prompt) => (await ask([textOf(prompt)], true)).tokens,
    async dispose() {
      await worker.terminate();
    },
  };
}
