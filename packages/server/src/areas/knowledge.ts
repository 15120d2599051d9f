import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { AppError } from "../kernel/errors.ts";
import type { Module } from "../kernel/module.ts";
import type { Scope } from "../kernel/scope.ts";
import type { Guards } from "../modules/build/guards/index.ts";
import { type Embedder, type Embedding, openKnowledge } from "../modules/build/knowledge/index.ts";
import { BUILTIN, DEFAULT_EMBEDDER, type Models } from "../modules/build/models/index.ts";
import { openOcr } from "../platform/documents/ocr.ts";
import { openDocuments } from "../platform/documents/open.ts";
import { embedInHalves } from "../platform/inference/embed-in-halves.ts";
import type { Stores } from "../stores.ts";
import { languageOf } from "./language-of.ts";
import type { System } from "./system.ts";

/**
 * Vectors of texts, one per text, by the embedding model that ships with the program, or by another one of this machine. `caller` shares
 * the engine fairly.
 */
export const embedAs = ({ inference }: Pick<Stores, "inference">, caller: string, modelId: string = BUILTIN.id) =>
  embedInHalves(async (texts, signal) => (await inference.embed({ modelId, texts, caller }, signal)).vectors);

const RETRY_SECONDS = 20;
/** Estimates of tokens can be too low by this share. */
const SAFE_SHARE = 0.8;
const CHARACTERS_PER_TOKEN = 4;

/** The embedding models of this machine. The default model is downloaded with its first use. */
const createEmbedding = (stores: Pick<Stores, "inference">, models: Models): Embedding => ({
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

type Documented = Pick<System, "audit"> & {
  readonly models: Module<Models>;
  readonly guards: Module<Guards>;
};

/** Knowledge bases, with the models of this machine and the readers of documents. */
export const openKnowledgeBases = ({ config, folder, log }: ServerBootstrap, stores: Stores, below: Documented) =>
  openKnowledge({
    db: stores.postgres.db,
    objects: stores.objects,
    jobs: stores.jobs,
    documents: openDocuments({ processes: 1 }),
    ocr: openOcr({ path: config.toolEnvironment.PATH ?? "" }),
    guards: below.guards.api,
    embedding: createEmbedding(stores, below.models.api),
    languageOf,
    folder: folder.resolve("knowledge"),
    audit: below.audit.api,
    clock,
    log,
  });
