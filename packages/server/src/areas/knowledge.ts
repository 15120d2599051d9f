import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { AppError } from "../kernel/errors.ts";
import type { Scope } from "../kernel/scope.ts";
import { type Embedder, type Embedding, openKnowledge } from "../modules/build/knowledge/index.ts";
import { DEFAULT_EMBEDDER, type Models } from "../modules/build/models/index.ts";
import { openDocuments } from "../platform/documents/open.ts";
import { embedInHalves } from "../platform/inference/embed-in-halves.ts";
import type { Stores } from "../stores.ts";
import { languageOf } from "./language-of.ts";
import type { System } from "./system.ts";

type Below = Pick<System, "audit"> & { readonly models: { readonly api: Models } };

const RETRY_SECONDS = 20;
/** Estimates of tokens can be too low by this share. */
const SAFE_SHARE = 0.8;
const CHARACTERS_PER_TOKEN = 4;

/** Knowledge bases, with the models of this machine and the readers of documents. */
export function openKnowledgeBases({ folder, log }: ServerBootstrap, stores: Stores, { audit, models }: Below) {
  return openKnowledge({
    db: stores.postgres.db,
    objects: stores.objects,
    jobs: stores.jobs,
    documents: openDocuments({ processes: 1 }),
    embedding: createEmbedding(stores, models.api),
    languageOf: async (text) => (await languageOf(text)) ?? null,
    folder: folder.resolve("knowledge"),
    audit: audit.api,
    clock,
    log,
  });
}

/** The embedding models of this machine. The default model is downloaded with its first use. */
const createEmbedding = ({ inference }: Pick<Stores, "inference">, models: Models): Embedding => ({
  async prepare(scope, model) {
    const { state } = await models.ensureInstalled(scope, nameOf(model));
    if (state === "ready") models.embedder(nameOf(model));
  },
  find: (scope, model) => findEmbedder(models, scope, nameOf(model)),
  async embed({ projectId: caller }, { model, texts, purpose }, signal) {
    const { modelId, prefixes } = models.embedder(model);
    const prefix = prefixes?.[purpose] ?? "";
    const embed = embedInHalves(
      async (batch, until) => (await inference.embed({ modelId, texts: batch, caller }, until)).vectors,
    );
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
