import type { ServerBootstrap } from "../bootstrap.ts";
import type { Scope } from "../kernel/scope.ts";
import type { RequestCount } from "../platform/http/traffic/request-count.ts";
import type { Metrics } from "../platform/metrics/port.ts";
import type { Stores } from "../stores.ts";
import { listNamedEndpoints, openBuild, openModelSources } from "./build.ts";
import { openData } from "./data.ts";
import { openEvaluate } from "./evaluate.ts";
import { deferKnowledge, openAnswering } from "./knowledge/knowledge.ts";
import { openRetrievalEvaluation } from "./knowledge/retrieval.ts";
import { openObserve } from "./observe.ts";
import { openProbing } from "./probes.ts";
import { deferAliasChanges, deferDrawn, deferReleases, deferShadows, openRelease, openSpending } from "./release.ts";
import { openServer } from "./server.ts";
import { openSystem } from "./system.ts";
import { openModelRegistry, openTrain } from "./train.ts";
import { openWatch } from "./watch.ts";
import { acknowledgeBy, watchMeans } from "./watch-means.ts";

type Shared = { readonly metrics: Metrics; readonly requests: RequestCount };

/** Every module by its name, in the order of opening: each is handed the API of modules before it. */
export function openModules(ground: ServerBootstrap, stores: Stores, { metrics, requests }: Shared) {
  const acknowledge = acknowledgeBy(() => observe.incidents.api);
  const system = openSystem(ground, stores, acknowledge);
  const sources = { ...system, ...openModelSources(ground, stores, system) };
  const onThumbsDown: Parameters<typeof openObserve>[2]["onThumbsDown"] = (projectId, place) =>
    void build.gateway.api.semanticCache.evict(projectId, place);
  const observed = { ...sources, ...openObserve(ground, stores, { ...sources, metrics, onThumbsDown }) };
  const means = watchMeans(() => release);
  const observe = { ...observed, ...openWatch(ground, stores, { ...observed, means }) };
  const spending = openSpending(ground, stores, observe);
  const listEndpoints = (scope: Scope) => listNamedEndpoints(build.endpoints.api.list, scope);
  const deferred = { listEndpoints, aliasChanges: deferAliasChanges(() => released.deployments.api.aliasChanges) };
  const models = { ...observe, ...openModelRegistry(ground, stores, { ...observe, deferred }) };
  const shadows = deferShadows(() => released.shadows.api);
  const knowledgeBases = deferKnowledge(() => answering.knowledge.api);
  const forCalls = { metrics, knowledgeBases, ...shadows, loadDrawn: deferDrawn(() => released.abTests.api.loadDrawn) };
  const build: ReturnType<typeof openBuild> = openBuild(ground, stores, { ...models, ...spending, ...forCalls });
  const files = () => train.training.api.files;
  const answering: ReturnType<typeof openAnswering> = openAnswering(ground, stores, { ...models, ...build, files });
  const built = { ...models, ...spending, ...answering, ...build };
  const data = { ...built, ...openData(ground, stores, built) };
  const evaluated = { ...data, ...openEvaluate(ground, stores, data) };
  const retrieval = openRetrievalEvaluation(stores, evaluated);
  const evaluate = { ...evaluated, ...retrieval, ...openProbing(ground, stores, evaluated) };
  const releases = deferReleases(() => released);
  const train = { ...evaluate, ...openTrain(ground, stores, { ...evaluate, requests, releases }) };
  const released: ReturnType<typeof openRelease> = openRelease(ground, stores, train);
  const release = { ...train, ...released };
  return { ...release, ...openServer(ground, stores, release) };
}
export type Modules = ReturnType<typeof openModules>;
