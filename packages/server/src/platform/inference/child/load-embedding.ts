import type { Llama, LlamaEmbeddingContext, LlamaModel, Token } from "node-llama-cpp";
import { AppError } from "../../../kernel/errors.ts";
import { textTooLong } from "../context-length.ts";
import type { LoadOrder, Prompt } from "../protocol.ts";
import { compose } from "./compose.ts";
import { createPool } from "./pool.ts";

/** An embedding model in memory. */
export type LoadedEmbedding = {
  readonly kind: "embedding";
  readonly modelId: string;
  readonly contextTokens: number;
  /** One vector of length 1 for each text. Throws `invalid_request` for a text longer than the model's context. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<{ vectors: number[][]; tokens: number }>;
  count(prompt: Prompt): Promise<number>;
  /** The tokens of each text as `embed` counts them. */
  countTexts(texts: readonly string[], signal: AbortSignal): Promise<number[]>;
  dispose(): Promise<void>;
};

export async function loadEmbedding(llama: Llama, order: LoadOrder): Promise<LoadedEmbedding> {
  const model = await llama.loadModel({ modelPath: order.path, gpuLayers: 0 });
  try {
    const { contextTokens, modelId, threads, sequences } = order;
    // The engine puts one text into a context, so several short texts at the same time need several contexts.
    const contexts: LlamaEmbeddingContext[] = [];
    while (contexts.length < sequences)
      contexts.push(
        await model.createEmbeddingContext({
          // The engine rejects a text that fills the context.
          contextSize: contextTokens + 1,
          batchSize: contextTokens + 1,
          threads: sequences > 1 ? 1 : threads,
        }),
      );
    const pool = createPool(contexts);
    const lengthOf = (input: Token[]) => contexts[0]?.calculateInputLength(input) ?? input.length;
    const countText = (text: string) => lengthOf(tokenize(model, text));
    return {
      kind: "embedding",
      modelId,
      contextTokens,
      async embed(texts, signal) {
        const inputs = texts.map((text) => tokenize(model, text));
        const lengths = inputs.map(lengthOf);
        const tooLong = lengths.findIndex((length) => length > contextTokens);
        if (tooLong !== -1) throw tooLongText(tooLong, { tokens: lengths[tooLong] ?? 0, contextTokens });
        const vectors = await pool.map(inputs, async (context, input) => {
          if (signal.aborted) throw new AppError("cancelled");
          return unit((await context.getEmbeddingFor(input)).vector);
        });
        return { vectors, tokens: lengths.reduce((sum, length) => sum + length, 0) };
      },
      count: async (prompt) => countText(textOf(prompt)),
      async countTexts(texts, signal) {
        if (signal.aborted) throw new AppError("cancelled");
        return texts.map(countText);
      },
      dispose: () => model.dispose(),
    };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/**
 * The tokens of a text. The library adds those that begin and end it, except the beginning for unigram vocabularies (`ugm`): T5 has none,
 * but XLM-R has one.
 */
function tokenize(model: LlamaModel, text: string): Token[] {
  const { tokens, vocabularyType } = model;
  const content = model.tokenize(compose(text));
  const begin = vocabularyType === "ugm" && tokens.shouldPrependBosToken ? tokens.bos : null;
  return begin === null ? content : [begin, ...content];
}

/** Of length 1, so that a product of two vectors is their cosine. */
function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? [...vector] : vector.map((value) => value / length);
}

export const textOf = (prompt: Prompt) =>
  "text" in prompt ? prompt.text : prompt.messages.map((message) => message.text).join("\n");

const tooLongText = (index: number, { tokens, contextTokens }: { tokens: number; contextTokens: number }) =>
  textTooLong({
    param: "input",
    message: `This model's maximum context length is ${contextTokens} tokens, but text ${index} has ${tokens} tokens. Split the text.`,
    facts: { index, tokens, contextTokens },
  });
