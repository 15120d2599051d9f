import { api, type Endpoint, PERMISSIONS, toOpenApi } from "@treadle/contract";
import type { Config } from "./config.ts";
import type { Ground } from "./ground.ts";
import { systemClock as clock } from "./kernel/clock.ts";
import type { Scope } from "./kernel/scope.ts";
import { createAdmin, systemRoutes } from "./modules/admin/index.ts";
import { annotationRoutes, harvestRoutes } from "./modules/annotation/index.ts";
import { type Audit, createAudit } from "./modules/audit/index.ts";
import { boardRoutes, createBoards } from "./modules/boards/index.ts";
import { calibrationRoutes } from "./modules/calibration/index.ts";
import { computeTargetRoutes } from "./modules/compute-targets/index.ts";
import { connectionRoutes, createConnections } from "./modules/connections/index.ts";
import { conversionRoutes } from "./modules/conversions/index.ts";
import { createCuration, createDatasetMaps, curationRoutes, datasetMapRoutes } from "./modules/curation/index.ts";
import { createDatasets, datasetFileRoutes, datasetRoutes, traceItemRoutes } from "./modules/datasets/index.ts";
import { createEndpoints, endpointRoutes } from "./modules/endpoints/index.ts";
import {
  analysisRoutes,
  bisectRoutes,
  experimentRoutes,
  gateRoutes,
  pairwiseRoutes,
  runRoutes,
} from "./modules/evals/index.ts";
import { createScheduledExports, exportRoutes } from "./modules/exports/index.ts";
import { createFeedback, feedbackRoutes, scoreConfigRoutes } from "./modules/feedback/index.ts";
import { createForwarding, forwardingRoutes } from "./modules/forwarding/index.ts";
import { createGateway, createProviderModels, gatewayRoutes } from "./modules/gateway/index.ts";
import { createInsights, insightRoutes } from "./modules/insights/index.ts";
import { createJobs, jobRoutes } from "./modules/jobs/index.ts";
import { createLineage, lineageRoutes, tracedModules } from "./modules/lineage/index.ts";
import { liveScoringRoutes } from "./modules/live-scoring/index.ts";
import { createMcp, mcpRoutes } from "./modules/mcp/index.ts";
import { modelEvaluationRoutes } from "./modules/model-evaluations/index.ts";
import { BUILTIN, createModels, type Models, modelRoutes } from "./modules/models/index.ts";
import { optimisationRoutes } from "./modules/optimisation/index.ts";
import { createProjects, projectRoutes, sessionRoutes } from "./modules/projects/index.ts";
import { createPrompts, promptRoutes } from "./modules/prompts/index.ts";
import { createRegistry, mlflowRoutes, modelConversionRoutes, registryRoutes } from "./modules/registry/index.ts";
import { createSamples } from "./modules/samples/index.ts";
import { scorerRoutes } from "./modules/scorers/index.ts";
import { createSearch, searchRoutes } from "./modules/search/index.ts";
import { sweepRoutes } from "./modules/sweeps/index.ts";
import { createSynthesis, synthesisRoutes } from "./modules/synthesis/index.ts";
import { createTestSets, testSetRoutes } from "./modules/test-sets/index.ts";
import {
  conversationRoutes,
  createOtlp,
  createSenders,
  createTraces,
  otlpMethods,
  otlpRoutes,
  senderRoutes,
  spanObjectRoutes,
  type Traces,
  traceRoutes,
} from "./modules/traces/index.ts";
import { fineTuningRoutes, trainingRoutes } from "./modules/training/index.ts";
import { openEvaluation } from "./open-evaluation.ts";
import { openTraining } from "./open-training.ts";
import { OTLP_BYTES } from "./platform/http/otlp-status.ts";
import { createRequestCount } from "./platform/http/request-count.ts";
import { createHttp } from "./platform/http/server.ts";
import { createMetrics } from "./platform/metrics/metrics.ts";
import { measureSpool } from "./platform/spool/measure-spool.ts";
import { openStores, type Stores } from "./stores.ts";

/** The composition root: everything is made here, once, in the order it is needed. */
export async function createApp(ground: Ground) {
  const stores = await openStores(ground);
  const below = createModules(ground, stores);
  const trained = openTraining(ground, stores, below);
  const lineage = createLineage(tracedModules({ ...below, ...trained }));
  const modules = { ...below, ...trained, lineage };
  const http = await openHttp(ground, modules);
  const grpc = await openGrpc(ground, modules);
  await modules.models.start();
  modules.forwarding.start();
  modules.exports.start();
  stores.jobs.start();
  return {
    ...modules,
    stores,
    http,
    /** Null when the setting of its port is unset. */
    grpc,
    /** Answers what is running, then writes down and closes everything. */
    async close() {
      await Promise.all([http.close(), grpc?.close()]);
      await stores.jobs.close();
      await modules.curation.close();
      await modules.evals.close();
      await modules.forwarding.close();
      await modules.exports.close();
      await modules.otlp.close();
      await modules.gateway.close();
      modules.prompts.close();
      await stores.close();
    },
  };
}
export type App = Awaited<ReturnType<typeof createApp>>;

function createModules({ config, folder, log, version }: Ground, stores: Stores) {
  const { db } = stores.postgres;
  const { columnar, objects, spool, inference, outbound, secrets, spareCore } = stores;
  const metrics = measured(spool);
  const audit = createAudit({ db, clock });
  const publicUrl = config.TREADLE_PUBLIC_URL;
  const projects = createProjects({ db, audit, clock, isHttps: publicUrl?.startsWith("https:") ?? false });
  const models = openModels({ config, folder, log }, { db, audit, inference, outbound });
  const traces = createTraces({ columnar, spool, clock });
  const otlp = createOtlp({ spool, objects, prices: models.prices, traces, clock, log, metrics });
  const boards = createBoards({ db, audit, clock, namesOf: projects.namesOf });
  const listModels = createProviderModels({ outbound });
  const connections = createConnections({ db, secrets, audit, outbound, clock, log, listModels });
  const listEndpoints = async (scope: Scope) => (await endpoints.list(scope)).map(toNamedEndpoint);
  const below = { audit, models, connections, projects, listEndpoints };
  const registry = openRegistry({ config, folder, log }, stores, below);
  const endpoints = createEndpoints({ db, audit, clock, connections, models, registered: registry.served });
  const prompts = createPrompts({ db, columnar, audit, clock, namesOf: projects.namesOf });
  const gateway = createGateway({
    ...{ fillPrompt: prompts.use, connections, endpoints, models, registered: registry.served, inference },
    ...{ traces: recordIn({ traces, otlp, spareCore }), outbound, db, clock, log, metrics },
  });
  const insights = createInsights({ columnar, clock, log, traces });
  const exports = createScheduledExports({ db, objects, audit, files: insights.exports, clock, log });
  const data = openDatasets(stores, { audit, projects, models, traces });
  const feedback = openFeedback(stores, { audit, traces, namesOf: projects.namesOf });
  const admin = createAdmin({ ...stores, dataFolder: folder, clock, version, startedAt: clock.now() });
  return {
    metrics,
    requests: createRequestCount(),
    audit,
    jobs: createJobs({ jobs: stores.jobs, audit }),
    projects,
    models,
    traces,
    otlp,
    senders: createSenders({ spool, objects, listProjects: projects.list, publicUrl, clock }),
    boards,
    search: createSearch({ traces, inference, modelId: BUILTIN.id, clock }),
    insights,
    exports,
    feedback,
    ...data,
    connections,
    endpoints,
    registry,
    prompts,
    gateway,
    ...openEvaluation(stores, { audit, namesOf: projects.namesOf, gateway, prompts, traces, feedback, ...data }),
    testSets: createTestSets({ datasets: data.datasets }),
    synthesis: openSynthesis(stores, { audit, datasets: data.datasets.whole, complete: gateway.complete }),
    forwarding: createForwarding({ db, secrets, audit, outbound, traces, clock, log }),
    samples: createSamples({ projects, traces, clock }),
    admin,
  };
}
type Modules = ReturnType<typeof createModules> &
  ReturnType<typeof openTraining> & { readonly lineage: Parameters<typeof lineageRoutes>[0] };

/** A call of the gateway is a span, one that a span from outside may tell of once more, and somebody's who waits. */
const recordIn = ({ traces, otlp, spareCore }: Pick<Modules, "traces" | "otlp"> & Pick<Stores, "spareCore">) => ({
  record(...call: Parameters<typeof traces.record>) {
    traces.record(...call);
    otlp.noteCall(...call);
    spareCore.called();
  },
});

function measured(spool: Stores["spool"]) {
  const metrics = createMetrics();
  measureSpool(metrics, spool);
  return metrics;
}

type FeedbackDeps = Pick<Parameters<typeof createFeedback>[0], "audit" | "namesOf">;

const openFeedback = (
  { postgres: { db }, columnar, spool, secrets, jobs }: Stores,
  { traces, ...deps }: FeedbackDeps & { readonly traces: Pick<Traces, "isDeleted"> },
) => createFeedback({ ...{ db, columnar, spool, secrets, jobs, clock }, isDeleted: traces.isDeleted, ...deps });

/** Datasets and what is done to them as a whole; each hears of the other. */
function openDatasets(
  { postgres: { db }, columnar, objects, jobs, inference }: Stores,
  {
    audit,
    projects,
    models,
    traces,
  }: Record<"audit", Audit> & {
    projects: Pick<ReturnType<typeof createProjects>, "namesOf">;
    models: Pick<Models, "prices">;
    traces: Traces;
  },
) {
  const embeddingModelId = BUILTIN.id;
  const datasets = createDatasets({
    ...{ db, columnar, objects, jobs, traces, audit, clock, namesOf: projects.namesOf },
    async embed(texts, signal) {
      return (await inference.embed({ modelId: embeddingModelId, texts, caller: "datasets" }, signal)).vectors;
    },
    onMarked: (scope, dataset, tx) => curation.checkMarked(scope, dataset, tx),
    onCommitted: (scope, dataset, tx) => curation.checkCommitted(scope, dataset, tx),
  });
  const shared = { db, datasets: datasets.whole, jobs, inference, embeddingModelId, audit, clock };
  const curation = createCuration({ ...shared, prices: models.prices });
  return { datasets, curation, datasetMaps: createDatasetMaps(shared) };
}

type SynthesisDeps = Pick<Parameters<typeof createSynthesis>[0], "audit" | "datasets" | "complete">;

const openSynthesis = ({ postgres: { db }, jobs }: Stores, deps: SynthesisDeps) =>
  createSynthesis({ db, jobs, clock, ...deps });

type ModelDeps = Pick<Parameters<typeof createModels>[0], "db" | "audit" | "inference" | "outbound">;

const openModels = ({ config, folder, log }: Pick<Ground, "config" | "folder" | "log">, deps: ModelDeps) =>
  createModels({
    ...deps,
    folder: folder.resolve("models"),
    hubUrl: config.TREADLE_HUB_URL,
    hubToken: config.TREADLE_HUB_TOKEN,
    toolEnvironment: config.toolEnvironment,
    clock,
    log,
  });

type RegistryDeps = Pick<Parameters<typeof createRegistry>[0], "audit" | "models" | "connections" | "listEndpoints"> & {
  readonly projects: Pick<ReturnType<typeof createProjects>, "namesOf">;
};

/** Models with versions; what is served of them goes through the engine, and by name through the gateway. */
const openRegistry = (
  { config, folder, log }: Pick<Ground, "config" | "folder" | "log">,
  { postgres: { db }, objects, jobs, inference, outbound }: Stores,
  { projects, ...deps }: RegistryDeps,
) =>
  createRegistry({
    ...{ db, objects, jobs, inference, outbound, clock, log, ...deps },
    namesOf: projects.namesOf,
    folder: folder.resolve("registry"),
    hubUrl: config.TREADLE_HUB_URL,
    hubToken: config.TREADLE_HUB_TOKEN,
  });

const toNamedEndpoint = ({ id, name, targets, fallbacks }: Endpoint) => ({
  ...{ id, name },
  models: [...targets.map(({ model }) => model), ...fallbacks],
});

function openHttp({ config, listener, log, version, webFolder }: Ground, modules: Modules) {
  const endpoints = mountEndpoints(modules);
  return createHttp({
    listener,
    mounted: [...endpoints, mcpRoutes(createMcp({ mounted: endpoints.flat(), version, log }))],
    authenticate: modules.projects.authenticate,
    allowedHosts: allowedHosts(config),
    maxBodyBytes: config.TREADLE_MAX_BODY_MB * 1024 * 1024,
    drainSeconds: config.TREADLE_DRAIN_SECONDS,
    log,
    metrics: modules.metrics,
    requests: modules.requests,
    web: webFolder === null ? null : { folder: webFolder },
    openApi: toOpenApi(api, { title: "Treadle", version }),
    clock,
  });
}

/** Imported only where it is wanted, so that no other start waits for it. */
async function openGrpc({ config, grpcListener: listener, log }: Ground, { projects, otlp, metrics }: Modules) {
  if (listener === null) return null;
  const { createGrpcServer } = await import("./platform/grpc/server.ts");
  return createGrpcServer({
    listener,
    methods: otlpMethods(otlp),
    authenticate: projects.authenticate,
    maxMessageBytes: Math.max(config.TREADLE_MAX_BODY_MB * 1024 * 1024, OTLP_BYTES),
    maxBytes: OTLP_BYTES * 3,
    drainSeconds: config.TREADLE_DRAIN_SECONDS,
    log,
    metrics,
    clock,
  });
}

const mountEndpoints = (modules: Modules) => [
  sessionRoutes(modules.projects),
  projectRoutes(modules.projects, modules.audit),
  modelRoutes(modules.models),
  registryRoutes(modules.registry),
  modelConversionRoutes(modules.registry),
  conversionRoutes(modules.conversions),
  mlflowRoutes(modules.registry),
  connectionRoutes(modules.connections),
  endpointRoutes(modules.endpoints),
  promptRoutes(modules.prompts),
  scorerRoutes(modules.scorers),
  gatewayRoutes(modules.gateway),
  forwardingRoutes(modules.forwarding),
  traceRoutes(modules.traces),
  feedbackRoutes(modules.feedback),
  scoreConfigRoutes(modules.feedback),
  otlpRoutes(modules.otlp),
  spanObjectRoutes(modules.otlp),
  senderRoutes(modules.senders),
  conversationRoutes(modules.traces),
  jobRoutes(modules.jobs),
  boardRoutes(modules.boards),
  insightRoutes(modules.insights),
  exportRoutes(modules.exports),
  datasetRoutes(modules.datasets),
  traceItemRoutes(modules.datasets),
  datasetFileRoutes(modules.datasets.transfer),
  curationRoutes(modules.curation),
  datasetMapRoutes(modules.datasetMaps),
  synthesisRoutes(modules.synthesis),
  testSetRoutes(modules.testSets),
  experimentRoutes(modules.evals),
  runRoutes(modules.evals),
  analysisRoutes(modules.evals),
  gateRoutes(modules.evals),
  bisectRoutes(modules.evals),
  pairwiseRoutes(modules.evals),
  annotationRoutes(modules.annotation),
  harvestRoutes(modules.harvest),
  optimisationRoutes(modules.optimisation),
  computeTargetRoutes(modules.computeTargets),
  trainingRoutes(modules.training),
  fineTuningRoutes(modules.training),
  sweepRoutes(modules.sweeps),
  modelEvaluationRoutes(modules.modelEvaluations),
  lineageRoutes(modules.lineage),
  liveScoringRoutes(modules.liveScoring),
  calibrationRoutes(modules.calibration),
  searchRoutes(modules.search),
  systemRoutes(modules.admin),
];

function allowedHosts(config: Config): string[] {
  const publicHost = config.TREADLE_PUBLIC_URL ? [new URL(config.TREADLE_PUBLIC_URL).host] : [];
  return [config.TREADLE_HOST, ...publicHost, ...config.TREADLE_ALLOWED_HOSTS];
}

/** The server acting for itself in a project, such as when it pulls the default model. */
export const systemScope = (projectId: string): Scope => ({
  projectId,
  actor: "system",
  userId: null,
  permissions: new Set(PERMISSIONS),
});
