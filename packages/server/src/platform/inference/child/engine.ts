import { getLlama, type Llama, LlamaLogLevel } from "node-llama-cpp";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { GenerateEvent } from "../port.ts";
import { type AdapterOrder, BUILTIN_EMBEDDING, type Calls, type LoadOrder, type OnnxOrder } from "../protocol.ts";
import { generate } from "./generate.ts";
import { type LoadedChat, loadAdapter, loadChat } from "./load-chat.ts";
import { type LoadedEmbedding, loadEmbedding } from "./load-embedding.ts";
import { loadSentences } from "./load-sentences.ts";
import { logprobs } from "./logprobs.ts";
import { generateOnnx } from "./onnx/generate-onnx.ts";
import { type LoadedOnnx, loadOnnx } from "./onnx/load-onnx.ts";

export type CallIo = { readonly signal: AbortSignal; readonly emit: (event: GenerateEvent) => void };

/** The loaded models of this process, and what can be asked of them. Which ones are loaded is decided by the server's process. */
export function createEngine() {
  const loaded = new Map<string, LoadedChat | LoadedEmbedding | LoadedOnnx>();
  const llama = createLlama();
  async function open(order: LoadOrder) {
    if (order.modelId === BUILTIN_EMBEDDING) return loadSentences();
    const engine = await llama(order.mostThreads);
    try {
      return await (order.kind === "chat" ? loadChat(engine, order) : loadEmbedding(engine, order));
    } catch (cause) {
      throw unloadable(order.modelId, cause);
    }
  }
  function find(modelId: string) {
    const model = loaded.get(modelId);
    if (!model) throw notInMemory(modelId);
    return model;
  }
  function findEmbedding(modelId: string) {
    const model = find(modelId);
    if (model.kind !== "embedding") throw wrongKind(modelId, "is a chat model. Use it at /v1/chat/completions");
    return model;
  }

  return {
    async load(order: LoadOrder) {
      const model = loaded.get(order.modelId) ?? (await open(order));
      loaded.set(order.modelId, model);
      return { contextTokens: model.contextTokens };
    },
    async loadOnnx(order: OnnxOrder) {
      const model =
        loaded.get(order.modelId) ??
        (await loadOnnx(order).catch((cause: unknown) => {
          throw unloadable(order.modelId, cause);
        }));
      loaded.set(order.modelId, model);
      return { contextTokens: model.contextTokens };
    },
    async adapt(order: AdapterOrder) {
      const below = find(order.overId);
      if (below.kind !== "chat") throw wrongKind(order.overId, "is not a GGUF chat model, so it takes no adapter");
      const known = loaded.get(order.modelId);
      const adapted =
        known ??
        (await loadAdapter(below, order).catch((cause: unknown) => {
          throw unloadable(order.modelId, cause);
        }));
      loaded.set(order.modelId, adapted);
      return { contextTokens: adapted.contextTokens };
    },
    async unload({ modelId }: { modelId: string }) {
      const model = loaded.get(modelId);
      loaded.delete(modelId);
      await model?.dispose();
      return null;
    },
    async generate(order: Calls["generate"]["order"], io: CallIo) {
      const model = find(order.modelId);
      if (model.kind === "embedding") throw wrongKind(order.modelId, "is an embedding model. Use it at /v1/embeddings");
      await (model.kind === "onnx" ? generateOnnx(model, order, io) : generate(model, order, io));
      return null;
    },
    embed: async ({ modelId, texts }: Calls["embed"]["order"], { signal }: CallIo) =>
      findEmbedding(modelId).embed(texts, signal),
    async logprobs(order: Calls["logprobs"]["order"], { signal }: CallIo) {
      const model = find(order.modelId);
      if (model.kind === "onnx")
        throw wrongKind(order.modelId, "is an ONNX model without token probabilities. Use a GGUF version");
      if (model.kind !== "chat")
        throw wrongKind(order.modelId, "is an embedding model without token probabilities. Use a chat model");
      return logprobs(model, order, signal);
    },
    count: ({ modelId, prompt }: Calls["count"]["order"]) => find(modelId).count(prompt),
    countTexts: async ({ modelId, texts }: Calls["countTexts"]["order"], { signal }: CallIo) =>
      findEmbedding(modelId).countTexts(texts, signal),
  };
}

/** llama.cpp, started when the first model needs it. */
function createLlama() {
  let starting: Promise<Llama> | undefined;
  return (threads: number) => {
    starting ??= getLlama({
      gpu: false,
      build: "never",
      skipDownload: true,
      maxThreads: threads,
      logLevel: LlamaLogLevel.warn,
      logger: (level, message) => process.stderr.write(`${level}: ${message.trim()}\n`),
    });
    return starting;
  };
}

function unloadable(modelId: string, cause: unknown) {
  if (cause instanceof AppError) return cause;
  const why = messageOf(cause);
  const message = `The engine cannot load "${modelId}": ${why}. The engine may not support this kind of file. Try another file.`;
  return new AppError("unprocessable", { message, cause });
}

const notInMemory = (modelId: string) =>
  new AppError("model_failed", { message: `The model "${modelId}" is not in memory. Send the request again.` });
const wrongKind = (modelId: string, what: string) =>
  new AppError("invalid_request", { message: `The model "${modelId}" ${what}.` });
