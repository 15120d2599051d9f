import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import type { Module } from "../kernel/module.ts";
import { createModelFolders } from "../modules/build/models/index.ts";
import { fromDatasets } from "../modules/evaluate/experiments/index.ts";
import { openComputeTargets } from "../modules/train/compute-targets/index.ts";
import { openConversions } from "../modules/train/conversions/index.ts";
import { type LineageDeps, openLineage, tracedModules } from "../modules/train/lineage/index.ts";
import { openRegistry, type RegistryDeps } from "../modules/train/registry/index.ts";
import {
  measuredRegistry,
  measuringExperiments,
  openRequiredEvaluations,
} from "../modules/train/required-evaluations/index.ts";
import { openSweeps, sweptTraining } from "../modules/train/sweeps/index.ts";
import { openRewardModels, openTraining, type Training } from "../modules/train/training/index.ts";
import type { RequestCount } from "../platform/http/traffic/request-count.ts";
import { createLocalLauncher } from "../platform/launch/local.ts";
import type { Stores } from "../stores.ts";
import type { ModelSources } from "./build.ts";
import { openClusters } from "./clusters.ts";
import type { Data } from "./data.ts";
import type { Evaluate } from "./evaluate.ts";
import type { Observe } from "./observe.ts";
import type { System } from "./system.ts";

type RegistryBelow = System &
  ModelSources & {
    /** Of modules that are opened later. */
    readonly deferred: Pick<RegistryDeps, "listEndpoints" | "aliasChanges">;
  };

/** Models with versions. Opened before the gateway, which serves them by name, and before scorers that use reward models. */
export function openModelRegistry(ground: ServerBootstrap, stores: Stores, { deferred, ...below }: RegistryBelow) {
  const { config, folder, log } = ground;
  const registry = openRegistry({
    db: stores.postgres.db,
    objects: stores.objects,
    jobs: stores.jobs,
    inference: stores.inference,
    outbound: stores.outbound,
    clock,
    log,
    audit: below.audit.api,
    models: below.models.api,
    connections: below.connections.api,
    ...deferred,
    namesOf: below.projects.api.namesOf,
    peopleOf: below.projects.api.peopleOf,
    folder: folder.resolve("registry"),
    modelFolders: createModelFolders(config.TREADLE_MODEL_FOLDERS),
    hubUrl: config.TREADLE_HUB_URL,
    hubToken: config.TREADLE_HUB_TOKEN,
  });
  const { baseFor, rewards } = registry.api;
  const rewardModels = openRewardModels({
    ...trainerOf(ground),
    registry: { baseFor, findReward: rewards.find, openReward: rewards.open },
  });
  return { registry, rewardModels };
}
export type ModelRegistry = ReturnType<typeof openModelRegistry>;

type Below = System &
  ModelSources &
  ModelRegistry &
  Pick<Observe, "traces"> &
  Pick<Data, "datasets"> &
  Pick<Evaluate, "experiments"> & {
    readonly requests: Pick<RequestCount, "read">;
    /** Rollouts, which are opened later. */
    readonly releases: LineageDeps["releases"];
  };

/** Training on this machine and on compute targets. */
export function openTrain(ground: ServerBootstrap, stores: Stores, { requests, releases, ...below }: Below) {
  const { config, folder, log } = ground;
  const { objects, jobs, secrets, outbound, inference } = stores;
  const { db } = stores.postgres;
  const audit = below.audit.api;
  const datasets = below.datasets.api;
  const registry = below.registry.api;
  const shared = { db, jobs, audit, clock, namesOf: below.projects.api.namesOf };
  const requiredEvaluations = openRequiredEvaluations({
    ...shared,
    datasets: fromDatasets(datasets),
    experiments: measuringExperiments(below.experiments.api),
    registry: measuredRegistry(registry),
  });
  const computeTargets = openComputeTargets({
    db,
    secrets,
    audit,
    outbound,
    clock,
    clusters: openClusters({ outbound }),
    findRunOn: (projectId, target) => training.api.findRunOn(projectId, target),
  });
  const training: Module<Training> = openTraining({
    ...shared,
    objects,
    log,
    datasets: datasets.whole,
    registry: {
      ...registry,
      /** The evaluations that a trained version needs start by themselves; the run does not wait for them. */
      async registerVersion(order) {
        const version = await registry.registerVersion(order);
        await requiredEvaluations.api.evaluate(order.scope, version);
        return version;
      },
    },
    requestsSoFar: requests.read,
    targets: computeTargets.api,
    connections: below.connections.api,
    outbound,
    ...trainerOf(ground),
    toolEnvironment: config.toolEnvironment,
    torchIndex: config.TREADLE_TORCH_INDEX === "none" ? null : config.TREADLE_TORCH_INDEX,
  });
  return {
    requiredEvaluations,
    computeTargets,
    training,
    conversions: openConversions({
      db,
      objects,
      jobs,
      inference,
      registry: registry.conversions,
      trainer: training.api.trainer,
      folder: folder.resolve("conversions"),
    }),
    sweeps: openSweeps({ ...shared, training: sweptTraining(training.api) }),
    lineage: openLineage(
      tracedModules({ traces: below.traces.api, registry, training: training.api, datasets, releases }),
    ),
  };
}
export type Train = ReturnType<typeof openTrain>;

/** The trainer of this machine, and where it works. */
const trainerOf = ({ config, folder }: Pick<ServerBootstrap, "config" | "folder">) => ({
  launcher: createLocalLauncher(),
  nice: config.TREADLE_TRAINING_NICE,
  folder: folder.resolve("training"),
  trainerFolder: folder.resolve("trainer"),
  pythonPath: config.TREADLE_TRAINER_PYTHON ?? null,
  onnxPythonPath: config.TREADLE_ONNX_PYTHON ?? null,
});
