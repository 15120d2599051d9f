import { randomBytes } from "node:crypto";
import { DatasetInput, MAIN_BRANCH, RunInput } from "@treadle/contract";
import { hasPrivate } from "@treadle/guards";
import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import type { Module } from "../kernel/module.ts";
import type { Scope } from "../kernel/scope.ts";
import type { LoadDrawn, Mirrors } from "../modules/build/gateway/index.ts";
import { maskItem } from "../modules/data/curation/index.ts";
import type { PrivacyService } from "../modules/observe/privacy/index.ts";
import { openAbTests } from "../modules/release/ab-tests/index.ts";
import { type Deployments, openDeployments } from "../modules/release/deployments/index.ts";
import { openFrontiers } from "../modules/release/frontiers/index.ts";
import { openLimits } from "../modules/release/limits/index.ts";
import { openReplays } from "../modules/release/replays/index.ts";
import { openRollouts } from "../modules/release/rollouts/index.ts";
import { openShadows, type ShadowData, type Shadows } from "../modules/release/shadows/index.ts";
import type { LineageDeps } from "../modules/train/lineage/index.ts";
import type { AliasChanges } from "../modules/train/registry/index.ts";
import { openJournal } from "../platform/journal/open.ts";
import type { Stores } from "../stores.ts";
import type { Build, ModelSources } from "./build.ts";
import type { Data } from "./data.ts";
import type { Evaluate } from "./evaluate.ts";
import type { Observe } from "./observe.ts";
import type { System } from "./system.ts";
import type { ModelRegistry } from "./train.ts";
import type { Watch } from "./watch.ts";

/** Limits and the ledger of what calls cost. Opened before the gateway, which reserves each call in them. */
export function openSpending(
  { folder, log }: ServerBootstrap,
  { postgres: { db }, columnar, spool }: Stores,
  { audit, projects, models, privacy }: System & ModelSources & Pick<Observe, "privacy">,
) {
  return {
    limits: openLimits({
      db,
      columnar,
      spool,
      journal: openJournal({ folder: folder.resolve("limits"), name: "used.jsonl", log }),
      audit: audit.api,
      prices: models.api.prices,
      namesOf: projects.api.namesOf,
      storedAs: storedAs(privacy.api),
      clock,
      log,
    }),
  };
}

/** Users and tags as the ledger stores them: like those of spans, and empty if the rules cannot be read. */
const storedAs =
  ({ redactorFor }: Pick<PrivacyService, "redactorFor">): Parameters<typeof openLimits>[0]["storedAs"] =>
  (projectId, what, value) => {
    try {
      const redactor = redactorFor(projectId);
      if (!redactor) return value;
      return what === "user" ? redactor.begin().id("user-id", value) : redactor.text("metadata", value);
    } catch {
      return "";
    }
  };

type Below = System &
  Pick<Build, "endpoints" | "gateway"> &
  Pick<Observe, "traces"> &
  Pick<Watch, "incidents" | "monitors"> &
  Pick<Data, "datasets"> &
  Pick<Evaluate, "experiments"> &
  Pick<ModelRegistry, "registry">;

/** How a change of an endpoint or of a model reaches callers. */
export function openRelease({ log }: ServerBootstrap, { postgres: { db }, columnar, jobs }: Stores, below: Below) {
  const endpoints = below.endpoints.api;
  const shared = { db, clock, audit: below.audit.api, endpoints };
  const settle = (projectId: string): Promise<void> => deployments.api.settle(projectId);
  const rollouts = openRollouts({ ...shared, columnar, jobs, log, settle, monitors: rolloutMonitors(below) });
  const deployments: Module<Deployments> = openDeployments({
    ...shared,
    rollouts: rollouts.api.forDeployments,
    registry: below.registry.api.aliases,
  });
  const shadows = openShadows({
    ...shared,
    log,
    priceOf: below.gateway.api.priceOf,
    mirror: below.gateway.api.mirrorCall,
    privacy: { hasPrivate, mask: createMask() },
    data: shadowData(below),
  });
  const abTests = openAbTests({ ...shared, columnar, jobs, log });
  const frontiers = openFrontiers({ columnar, clock, endpoints, listHoldouts: abTests.api.listHoldouts });
  const replays = openReplays({
    ...shared,
    columnar,
    jobs,
    traces: below.traces.api,
    datasets: below.datasets.api,
    experiments: below.experiments.api,
  });
  return { rollouts, deployments, shadows, abTests, frontiers, replays };
}

const rolloutMonitors = ({ incidents, monitors }: Pick<Below, "incidents" | "monitors">) => ({
  firingMonitors: monitors.api.listFiring,
  noteOnIncident: incidents.api.noteRollout,
});

/** The shadows, which endpoints and the gateway need before they are open. */
export const deferShadows = (shadows: () => Shadows) => ({
  mirrors: { find: (endpointId) => shadows().mirrors.find(endpointId) } satisfies Mirrors as Mirrors,
  onEndpointDelete: (scope: Scope, endpointId: string) => shadows().endOf(scope, endpointId),
});

/** The units of A/B tests, which the gateway needs before the tests are open. */
export const deferDrawn =
  (find: () => LoadDrawn): LoadDrawn =>
  (projectId, abTestId) =>
    find()(projectId, abTestId);

/** Placeholders with a secret of this process: they cannot be turned back, not even by this server. */
function createMask() {
  const secret = randomBytes(32);
  const empty = { itemId: "request", expected: null, metadata: {}, source: { kind: "trace" as const }, split: null };
  return (inputs: Readonly<Record<string, unknown>>) => maskItem({ ...empty, inputs }, secret).item.inputs;
}

/** Datasets and uploaded runs as shadows need them. */
function shadowData({ datasets, experiments }: Pick<Below, "datasets" | "experiments">): ShadowData {
  const { list, edits, versions } = datasets.api;
  const { runs } = experiments.api;
  return {
    createDataset: async (scope, name) => (await list.create(scope, DatasetInput.parse({ name }))).datasetId,
    addItems: async (scope, datasetId, items) =>
      void (await edits.add(scope, { datasetId, branch: MAIN_BRANCH }, items)),
    commit: async (scope, datasetId, message) =>
      (await versions.commit(scope, { datasetId, branch: MAIN_BRANCH }, message)).version,
    createRun: async (scope, { version, ...run }) =>
      (await runs.create(scope, RunInput.parse({ ...run, version: String(version) }))).runId,
    addAnswers: async (scope, runId, answers) => void (await runs.addAnswers(scope, runId, answers)),
    finishRun: async (scope, runId) => void (await runs.finish(scope, runId)),
  };
}
export type Release = ReturnType<typeof openRelease>;

/** For the registry, which is opened before deployments. */
export const deferAliasChanges = (find: () => AliasChanges): AliasChanges => ({
  begin: (scope, change) => find().begin(scope, change),
  checkIdle: (scope, place) => find().checkIdle(scope, place),
  isRequired: (scope, place) => find().isRequired(scope, place),
});

/** For the lineage: the rollout of a call, or else the promoted rollout that deployed a version on its endpoint. */
export const deferReleases = (find: () => Release): LineageDeps["releases"] => ({
  async findRollout(scope, { rolloutId, endpoint, version }) {
    const { rollouts, deployments } = find();
    if (rolloutId !== "") return rollouts.api.find(scope, rolloutId);
    if (version === null) return undefined;
    const query = { model: version.name, version: version.version, state: "deployed", limit: 1 } as const;
    const [deployment] = (await deployments.api.list(scope, query)).items;
    const deployed = deployment?.rollouts.find((one) => one.endpoint === endpoint);
    return deployed && rollouts.api.find(scope, deployed.rolloutId);
  },
});
