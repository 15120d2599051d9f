import type { Endpoint } from "@treadle/contract";
import { figuresOf, hasPrivate } from "@treadle/guards";
import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import type { Module } from "../kernel/module.ts";
import type { Scope } from "../kernel/scope.ts";
import { openConnections } from "../modules/build/connections/index.ts";
import { type EndpointsDeps, openEndpoints } from "../modules/build/endpoints/index.ts";
import {
  type Completion,
  createProviderModels,
  type Gateway,
  type LoadDrawn,
  type Mirrors,
  openGateway,
} from "../modules/build/gateway/index.ts";
import { openGuardDetectors } from "../modules/build/guard-detectors/index.ts";
import { openGuardPreviews } from "../modules/build/guard-previews/index.ts";
import { openGuards } from "../modules/build/guards/index.ts";
import { createModelFolders, openModels } from "../modules/build/models/index.ts";
import { openPrompts } from "../modules/build/prompts/index.ts";
import { detectLanguage } from "../modules/data/curation/index.ts";
import { createCallRecords } from "../modules/observe/traces/index.ts";
import type { Limits } from "../modules/release/limits/index.ts";
import type { Registry } from "../modules/train/registry/index.ts";
import type { Metrics } from "../platform/metrics/port.ts";
import { createThread } from "../platform/threads/port.ts";
import type { Stores } from "../stores.ts";
import { createLateRegistry, guardRegistry } from "./guard-detectors.ts";
import { openTextReader } from "./guard-text-reader.ts";
import type { DeferredKnowledge } from "./knowledge/knowledge.ts";
import { languageOf } from "./language-of.ts";
import { lateMeansOf } from "./late-means.ts";
import type { Observe } from "./observe.ts";
import type { System } from "./system.ts";

/** Where models come from: this machine, and providers. Opened first, since traces are priced by them. */
export function openModelSources(
  { config, folder, log }: ServerBootstrap,
  { postgres: { db }, inference, outbound, secrets }: Stores,
  { audit: { api: audit } }: System,
) {
  return {
    models: openModels({
      db,
      audit,
      inference,
      outbound,
      folder: folder.resolve("models"),
      modelFolders: createModelFolders(config.TREADLE_MODEL_FOLDERS),
      hubUrl: config.TREADLE_HUB_URL,
      hubToken: config.TREADLE_HUB_TOKEN,
      toolEnvironment: config.toolEnvironment,
      clock,
      log,
    }),
    connections: openConnections({
      db,
      secrets,
      audit,
      outbound,
      clock,
      log,
      listModels: createProviderModels({ outbound }),
    }),
  };
}
export type ModelSources = ReturnType<typeof openModelSources>;

type Below = System &
  ModelSources & {
    readonly traces: Observe["traces"];
    readonly otlp: Observe["otlp"];
    readonly privacy: Observe["privacy"];
    readonly registry: Module<Registry>;
    readonly limits: Module<Limits>;
    readonly mirrors: Mirrors;
    readonly onEndpointDelete: EndpointsDeps["onDelete"];
    readonly loadDrawn: LoadDrawn;
    readonly knowledgeBases: DeferredKnowledge;
    readonly metrics: Metrics;
  };

/** Prompts, endpoints and the gateway. */
export function openBuild({ log }: ServerBootstrap, stores: Stores, { metrics, ...below }: Below) {
  const { columnar, inference, outbound } = stores;
  const { db } = stores.postgres;
  const shared = { db, audit: below.audit.api, clock };
  const [connections, models, registered] = [below.connections.api, below.models.api, below.registry.api.served];
  const prompts = openPrompts({
    ...shared,
    columnar,
    comments: below.comments.api,
    namesOf: below.projects.api.namesOf,
  });
  const endpoints = openEndpoints({
    ...shared,
    connections,
    models,
    registered,
    checkPrompt: async (scope, { name, ...choice }) => prompts.api.read(scope, name, choice),
    checkKnowledge: below.knowledgeBases.check,
    onDelete: below.onEndpointDelete,
  });
  const guards = openGuards({
    ...shared,
    secrets: stores.secrets,
    log,
    reader: openTextReader(),
    registry: {
      ...guardRegistry,
      late: createLateRegistry({
        connections,
        ...lateMeansOf(stores),
        ask: (...call) => askModel(gateway.api, call),
      }),
    },
    // The gateway is opened below, with these guards.
    hasModel: (scope, name) => gateway.api.hasModel(scope.projectId, name),
    listVariants: async (scope, endpointId) => {
      const endpoint = (await endpoints.api.list(scope)).find((one) => one.endpointId === endpointId);
      return endpoint?.variants.map(({ name }) => name);
    },
  });
  const guardReports = openGuardReports(stores, { ...shared, log, guards: guards.api, endpoints: endpoints.api });
  const gateway: Module<Gateway> = openGateway({
    guards: guards.api,
    knowledge: below.knowledgeBases,
    fillPrompt: prompts.api.use,
    detectLanguage,
    connections,
    endpoints: endpoints.api,
    models,
    registered,
    inference,
    traces: createCallRecords({
      spool: stores.spool,
      traces: below.traces.api,
      otlp: below.otlp.api,
      privacy: below.privacy.api,
      traffic: stores.spareCore,
    }),
    limits: below.limits.api.gateway,
    mirrors: below.mirrors,
    loadDrawn: below.loadDrawn,
    outbound,
    db,
    clock,
    log,
    metrics,
    audit: below.audit.api,
    texts: { hasPrivate, languageOf },
  });
  return { endpoints, prompts, guards, ...guardReports, gateway };
}
export type Build = ReturnType<typeof openBuild>;

type Reported = Pick<Parameters<typeof openGuardPreviews>[0], "db" | "audit" | "clock" | "log" | "guards"> & {
  readonly endpoints: Pick<ReturnType<typeof openEndpoints>["api"], "list">;
};

/** The text that a model answers to a question of guards. */
async function askModel({ complete }: Pick<Gateway, "complete">, [scope, request, signal]: Parameters<AskModel>) {
  const { response } = await complete(scope, request, { signal, headers: { "x-treadle-tags": "guard" } });
  return textOfAnswer(response);
}
type AskModel = Parameters<typeof createLateRegistry>[0]["ask"];

const textOfAnswer = ({ choices }: Completion["response"]): string => {
  const content = choices[0]?.message.content;
  return typeof content === "string" ? content : "";
};

/** What guards do and would do. */
function openGuardReports({ columnar, jobs }: Stores, { endpoints, ...shared }: Reported) {
  return {
    guardPreviews: openGuardPreviews({
      ...shared,
      columnar,
      jobs,
      endpointNameOf: async (scope, endpointId) =>
        (await endpoints.list(scope)).find((one) => one.endpointId === endpointId)?.name,
      thread: createThread({ script: new URL("./guard-worker.ts", import.meta.url), name: "guards" }),
    }),
    guardDetectors: openGuardDetectors({
      ...shared,
      columnar,
      figuresOf,
    }),
  };
}

/** Endpoints as the registry sees them: which models each one asks. */
export const listNamedEndpoints = async (list: (scope: Scope) => Promise<readonly Endpoint[]>, scope: Scope) =>
  (await list(scope)).map(({ endpointId, name, variants, fallbacks }) => ({
    id: endpointId,
    name,
    models: [...variants, ...fallbacks].map(({ model }) => model),
  }));
