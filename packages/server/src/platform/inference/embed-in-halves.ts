import { AppError } from "../../kernel/errors.ts";

type Embed<Vector> = (texts: readonly string[], signal: AbortSignal) => Promise<Vector[]>;

/**
 * Vectors of texts by a model whose requests have a time limit. On a busy machine a batch can exceed it. Such a batch is halved. A single
 * text that fails is not repeated, and nothing is asked of a model that waits before its next start.
 */
export function embedInHalves<Vector>(embed: Embed<Vector>): Embed<Vector> {
  return async function embedBatch(texts, signal): Promise<Vector[]> {
    try {
      return await embed(texts, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isTooSlow(error) || texts.length < 2) throw error;
      const half = texts.length >> 1;
      const first = await embedBatch(texts.slice(0, half), signal);
      return [...first, ...(await embedBatch(texts.slice(half), signal))];
    }
  };
}

const isTooSlow = (error: unknown) =>
  error instanceof AppError && error.code === "model_failed" && error.retryAfterSeconds === undefined;
