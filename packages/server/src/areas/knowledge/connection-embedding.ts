import { createHash } from "node:crypto";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Gateway } from "../../modules/build/gateway/index.ts";
import type { Embedding } from "../../modules/build/knowledge/index.ts";
import { createAnswerCollector } from "./collect-answer.ts";
import { SAFE_SHARE } from "./local-embedding.ts";

/** The most tokens of a text. A connection does not tell the context of a model, and current models read at least this many. */
const CONTEXT_TOKENS = 2_048;
/** A provider limits the texts of a request. */
const BATCH_TEXTS = 32;

const Answer = z.object({
  data: z.array(z.object({ index: z.number().int().nonnegative(), embedding: z.array(z.number()) })),
});
const Failure = z.object({ error: z.object({ message: z.string() }) });

/** Statuses that another attempt can change. */
const isTemporary = (status: number) => status === 408 || status === 429 || status >= 500;

/**
 * The embedding models of connections and endpoints, through the gateway, so that calls are priced, limited and recorded. A vector is
 * assumed to depend on the name of the model and the text only.
 */
export const createConnectionEmbedding = (gateway: () => Pick<Gateway, "embeddings" | "hasModel">): Embedding => ({
  async prepare({ projectId }, model) {
    if (await gateway().hasModel(projectId, model)) return;
    throw new AppError("invalid_request", {
      message: `There is no model "${model}". Name an embedding model as CONNECTION/MODEL, or leave the field empty for the built-in model.`,
    });
  },
  async find(_scope, model) {
    const hash = createHash("sha256").update(`connection ${model}`).digest("hex");
    return { model, hash, maxTokens: Math.floor(CONTEXT_TOKENS * SAFE_SHARE) };
  },
  async embed(scope, { model, texts }, signal) {
    const vectors: number[][] = [];
    for (let at = 0; at < texts.length; at += BATCH_TEXTS)
      vectors.push(
        ...(await embedBatch(gateway(), scope, { model, texts: texts.slice(at, at + BATCH_TEXTS), signal })),
      );
    return vectors;
  },
});

type Batch = { readonly model: string; readonly texts: readonly string[]; readonly signal: AbortSignal };

async function embedBatch(gateway: Pick<Gateway, "embeddings">, scope: Scope, { model, texts, signal }: Batch) {
  const body = { model, input: [...texts], encoding_format: "float" as const };
  const { sink, answer } = createAnswerCollector();
  const bytes = Buffer.from(JSON.stringify(body));
  const caller = { bytes, headers: {}, signal, requestId: newId("req"), setHeader() {} };
  await gateway.embeddings({ scope, body, sink, ...caller });
  signal.throwIfAborted();
  return readVectors(answer(), { model, texts });
}

type Answered = { readonly status: number; readonly text: string };

/** The vectors in the order of the texts. Throws what the provider said, and `provider_failed` for an answer of another shape. */
function readVectors({ status, text }: Answered, { model, texts }: Pick<Batch, "model" | "texts">): number[][] {
  if (status !== 200) throw failureOf({ status, text }, model);
  const { success, data } = Answer.safeParse(jsonOf(text));
  const byIndex = new Map(data?.data.map(({ index, embedding }) => [index, embedding]));
  const vectors = texts.map((_, index) => byIndex.get(index) ?? []);
  if (success && vectors.every((vector) => vector.length > 0)) return vectors;
  throw new AppError("provider_failed", {
    message: `The model ${model} did not answer with one vector per text. Choose a model that embeds.`,
  });
}

function failureOf({ status, text }: Answered, model: string): AppError {
  const { data } = Failure.safeParse(jsonOf(text));
  const message = `The embedding model ${model} failed: ${data?.error.message ?? `status ${status}`}`;
  return new AppError(isTemporary(status) ? "unavailable" : "unprocessable", { message });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
