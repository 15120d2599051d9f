import type { Llama, LlamaModel } from "node-llama-cpp";
import type { AdapterOrder, LoadOrder, Prompt } from "../protocol.ts";
import { type AdapterRooms, createAdapterRooms } from "./adapter-rooms.ts";
import { freeLora, loadLora } from "./lora-weights.ts";
import { createPromptTokens, type PromptTokens } from "./prompt-tokens.ts";
import { createSequences, type Sequences } from "./sequences.ts";
import { readVocabulary, type Vocabulary } from "./vocabulary.ts";

const BATCH_TOKENS = 512;

/** A chat model in memory, with room for several requests at once. */
export type LoadedChat = {
  readonly kind: "chat";
  readonly modelId: string;
  readonly model: LlamaModel;
  readonly vocabulary: Vocabulary;
  readonly prompts: PromptTokens;
  readonly sequences: Pick<Sequences, "take">;
  /** The shared contexts of its adapters, created with the first adapter. */
  rooms: AdapterRooms | null;
  readonly contextTokens: number;
  readonly temperature: number | null;
  count(prompt: Prompt): Promise<number>;
  dispose(): Promise<void>;
};

export async function loadChat(llama: Llama, order: LoadOrder): Promise<LoadedChat> {
  const model = await llama.loadModel({ modelPath: order.path, gpuLayers: 0 });
  try {
    const context = await model.createContext({
      contextSize: order.contextTokens,
      sequences: order.sequences,
      threads: order.threads,
      batchSize: Math.min(BATCH_TOKENS, order.contextTokens),
    });
    const vocabulary = readVocabulary(model);
    const prompts = createPromptTokens({ model, vocabulary, systemPrompt: order.systemPrompt });
    return {
      kind: "chat",
      modelId: order.modelId,
      model,
      vocabulary,
      prompts,
      sequences: createSequences(context),
      rooms: null,
      contextTokens: order.contextTokens,
      temperature: order.temperature,
      count: async (prompt) => prompts.tokenize(prompt, []).length,
      dispose: () => model.dispose(),
    };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/** The same weights with an adapter, which shares the contexts with the others. The template remains the model's. */
export async function loadAdapter(below: LoadedChat, order: AdapterOrder): Promise<LoadedChat> {
  const { model, vocabulary } = below;
  const createContext = () =>
    model.createContext({
      contextSize: order.contextTokens,
      sequences: order.sequences,
      threads: order.threads,
      batchSize: Math.min(BATCH_TOKENS, order.contextTokens),
    });
  const rooms = below.rooms ?? createAdapterRooms({ most: order.rooms, createContext });
  below.rooms = rooms;
  await rooms.prepare();
  const lora = await loadLora(model, order);
  return {
    ...below,
    // It was trained with the model's own template, not with the default system message.
    prompts: createPromptTokens({ model, vocabulary, systemPrompt: null }),
    modelId: order.modelId,
    sequences: rooms.sequencesOf(lora),
    contextTokens: order.contextTokens,
    async dispose() {
      await rooms.clear(lora);
      await freeLora(model, lora, order.path);
    },
  };
}
