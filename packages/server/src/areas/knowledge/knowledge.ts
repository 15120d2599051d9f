import type { VariantKnowledge } from "@treadle/contract";
import type { ServerBootstrap } from "../../bootstrap.ts";
import { systemClock as clock } from "../../kernel/clock.ts";
import type { Module } from "../../kernel/module.ts";
import type { Scope } from "../../kernel/scope.ts";
import { openAnswers } from "../../modules/build/answers/index.ts";
import type { Connections } from "../../modules/build/connections/index.ts";
import type { Gateway } from "../../modules/build/gateway/index.ts";
import type { Guards } from "../../modules/build/guards/index.ts";
import { type Knowledge, openKnowledge } from "../../modules/build/knowledge/index.ts";
import type { Models } from "../../modules/build/models/index.ts";
import { openVectorStores } from "../../modules/build/vector-stores/index.ts";
import type { Training } from "../../modules/train/training/index.ts";
import { openOcr } from "../../platform/documents/ocr.ts";
import { openDocuments } from "../../platform/documents/open.ts";
import { askProcess } from "../../platform/launch/ask-process.ts";
import type { Stores } from "../../stores.ts";
import { languageOf } from "../language-of.ts";
import type { System } from "../system.ts";
import { createConnectionEmbedding } from "./connection-embedding.ts";
import { createEmbedding } from "./embedding.ts";
import { createLocalEmbedding } from "./local-embedding.ts";

/** Knowledge bases as OpenAI's vector stores. `files` is opened later. */
const openVectorStoresOf = (
  { postgres: { db } }: Stores,
  { knowledge, files }: { readonly knowledge: Module<Knowledge>; readonly files: () => Training["files"] },
) =>
  openVectorStores({
    db,
    knowledge: knowledge.api,
    files: {
      find: (scope, fileId) => files().find(scope, fileId),
      load: (scope, fileId) => files().load(scope, fileId),
    },
    clock,
  });

type Documented = Pick<System, "audit"> & {
  readonly models: Module<Models>;
  readonly guards: Module<Guards>;
  readonly connections: Module<Connections>;
  readonly gateway: Module<Gateway>;
};

/** Knowledge bases, with the models of this machine and the readers of documents. */
const openKnowledgeBases = ({ config, folder, log }: ServerBootstrap, stores: Stores, below: Documented) =>
  openKnowledge({
    db: stores.postgres.db,
    objects: stores.objects,
    jobs: stores.jobs,
    documents: openDocuments({ processes: 1 }),
    ocr: openOcr({ path: config.toolEnvironment.PATH ?? "" }),
    guards: below.guards.api,
    embedding: openEmbedding(stores, below),
    secrets: stores.secrets,
    connectors: {
      outbound: stores.outbound,
      folders: config.TREADLE_KNOWLEDGE_FOLDERS,
      runProgram: askProcess,
      path: config.toolEnvironment.PATH ?? "",
      gitSchemes: ["https"],
      now: clock.now,
    },
    languageOf,
    folder: folder.resolve("knowledge"),
    audit: below.audit.api,
    clock,
    log,
  });

type EmbeddingSources = Pick<Documented, "models" | "connections" | "gateway">;

const openEmbedding = (stores: Stores, { models, connections, gateway }: EmbeddingSources) =>
  createEmbedding({
    local: createLocalEmbedding(stores, models.api),
    connected: createConnectionEmbedding(() => gateway.api),
    async isConnected({ projectId }, model) {
      const slugs = (await connections.api.resolve(projectId)).map(({ slug }) => slug);
      return slugs.some((slug) => model.startsWith(`${slug}/`)) || gateway.api.isEndpoint(projectId, model);
    },
  });

/** Knowledge bases, the same as vector stores, and the answers that models give from them. */
export const openAnswering = (
  ground: ServerBootstrap,
  stores: Stores,
  { files, ...below }: Documented & { readonly files: () => Training["files"] },
) => {
  const knowledge = openKnowledgeBases(ground, stores, below);
  const vectorStores = openVectorStoresOf(stores, { knowledge, files });
  return { knowledge, vectorStores, answers: openAnswers({ gateway: below.gateway.api }) };
};

/** Knowledge bases for endpoints and the gateway, which are opened before them. */
export const deferKnowledge = (knowledge: () => Knowledge) => ({
  search: (...search: Parameters<Knowledge["search"]>) => knowledge().search(...search),
  getVersion: (...version: Parameters<Knowledge["getVersion"]>) => knowledge().getVersion(...version),
  /** Throws `not_found` for a base or a version that does not exist. */
  check: async (scope: Scope, { knowledgeBaseId, version }: VariantKnowledge): Promise<unknown> =>
    version === undefined
      ? knowledge().get(scope, knowledgeBaseId)
      : knowledge().getVersion(scope, { knowledgeBaseId, version }),
});
export type DeferredKnowledge = ReturnType<typeof deferKnowledge>;
