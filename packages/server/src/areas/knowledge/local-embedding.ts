import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Embedder, Embedding } from "../../modules/build/knowledge/index.ts";
import { DEFAULT_EMBEDDER, type Models } from "../../modules/build/models/index.ts";
import type { Stores } from "../../stores.ts";
import { embedAs } from "./embed-as.ts";

const RETRY_SECONDS = 20;
/** Estimates of tokens can be too low by this share. */
export const SAFE_SHARE = 0.8;
const CHARACTERS_PER_TOKEN = 4;

/** The embedding models of this machine. The default model is downloaded with its first use. */
export const createLocalEmbedding = (stores: Pick<Stores, "inference">, models: Models): Embedding => ({
  async prepare(scope, model) {
    const { state } = await models.ensureInstalled(scope, nameOf(model));
    if (state === "ready") models.embedder(nameOf(model));
  },
  find: (scope, model) => findEmbedder(models, scope, nameOf(model)),
  async embed({ projectId: caller }, { model, texts, purpose }, signal) {
    const { modelId, prefixes } = models.embedder(model);
    const prefix = prefixes?.[purpose] ?? "";
    const embed = embedAs(stores, caller, modelId);
    return embed(
      texts.map((text) => prefix + text),
      signal,
    );
  },
});

const nameOf = (model: string) => model || DEFAULT_EMBEDDER;

async function findEmbedder(models: Models, scope: Scope, name: string): Promise<Embedder> {
  const installation = await models.ensureInstalled(scope, name);
  if (installation.state !== "ready")
    throw new AppError("unavailable", {
      message: `The embedding model ${name} is being downloaded: ${installation.step}. Wait until it is there.`,
      retryAfterSeconds: RETRY_SECONDS,
    });
  const { modelId, hash, contextTokens, maxCharacters } = models.embedder(name);
  const tokens = contextTokens ?? (maxCharacters ?? 0) / CHARACTERS_PER_TOKEN;
  return { model: modelId, hash, maxTokens: Math.floor(tokens * SAFE_SHARE) };
}
