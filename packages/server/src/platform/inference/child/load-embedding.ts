import type { Llama } from "node-llama-cpp";
import { AppError } from "../../../kernel/errors.ts";
import { textTooLong } from "../context-length.ts";
import type { LoadOrder, Prompt } from "../protocol.ts";

/** An embedding model in memory. */
export type LoadedEmbedding = {
  readonly kind: "embedding";
  readonly modelId: string;
  readonly contextTokens: number;
  /** One vector for each text. Throws `invalid_request` for a text longer than the model's context. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<{ vectors: number[][]; tokens: number }>;
  count(prompt: Prompt): Promise<number>;
  dispose(): Promise<void>;
};

export async function loadEmbedding(llama: Llama, order: LoadOrder): Promise<LoadedEmbedding> {
  const model = await llama.loadModel({ modelPath: order.path, gpuLayers: 0 });
  try {
    const { contextTokens, modelId } = order;
    const context = await model.createEmbeddingContext({
      contextSize: contextTokens,
      batchSize: contextTokens,
      threads: order.threads,
    });
    return {
      kind: "embedding",
      modelId,
      contextTokens,
      async embed(texts, signal) {
        const inputs = texts.map((text) => model.tokenize(text));
        const tooLong = inputs.findIndex((input) => context.calculateInputLength(input) > contextTokens);
        if (tooLong !== -1) throw tooLongText(tooLong, { tokens: inputs[tooLong]?.length ?? 0, contextTokens });
        const vectors: number[][] = [];
        for (const input of inputs) {
          if (signal.aborted) throw new AppError("cancelled");
          vectors.push([...(await context.getEmbeddingFor(input)).vector]);
        }
        return { vectors, tokens: inputs.reduce((sum, input) => sum + context.calculateInputLength(input), 0) };
      },
      count: async (prompt) => context.calculateInputLength(textOf(prompt)),
      dispose: () => model.dispose(),
    };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

export const textOf = (prompt: Prompt) =>
  "text" in prompt ? prompt.text : prompt.messages.map((message) => message.text).join("\n");

const tooLongText = (index: number, { tokens, contextTokens }: { tokens: number; contextTokens: number }) =>
  textTooLong({
    param: "input",
    message: `This model's maximum context length is ${contextTokens} tokens, but text ${index} has ${tokens} tokens. Split the text.`,
    facts: { index, tokens, contextTokens },
  });
