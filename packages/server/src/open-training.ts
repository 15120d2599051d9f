import type { Ground } from "./ground.ts";
import { systemClock as clock } from "./kernel/clock.ts";
import { createComputeTargets } from "./modules/compute-targets/index.ts";
import { createModelConversions } from "./modules/conversions/index.ts";
import type { Datasets } from "./modules/datasets/index.ts";
import { type Evals, fromDatasets } from "./modules/evals/index.ts";
import { createModelEvaluations, measuredRegistry, measuringExperiments } from "./modules/model-evaluations/index.ts";
import type { Registry } from "./modules/registry/index.ts";
import { createSweeps, sweptTraining } from "./modules/sweeps/index.ts";
import { createTraining, type Training } from "./modules/training/index.ts";
import { openClusters } from "./open-clusters.ts";
import type { RequestCount } from "./platform/http/request-count.ts";
import { createLocalLauncher } from "./platform/launch/local.ts";
import type { Stores } from "./stores.ts";

type TrainingDeps = Parameters<typeof createTraining>[0];
type Below = Pick<TrainingDeps, "audit" | "connections"> & {
  readonly datasets: Pick<Datasets, "whole"> & Parameters<typeof fromDatasets>[0];
  readonly evals: Evals;
  readonly projects: Pick<TrainingDeps, "namesOf">;
  readonly registry: Registry;
  readonly requests: Pick<RequestCount, "read">;
};

/** What trains models, on this machine in processes that outlive the server or elsewhere, and what searches over their settings. */
export function openTraining(
  { config, folder, log }: Pick<Ground, "config" | "folder" | "log">,
  { postgres: { db }, objects, jobs, secrets, outbound, inference }: Stores,
  { audit, connections, datasets, projects: { namesOf }, registry, evals, requests }: Below,
) {
  const shared = { db, jobs, audit, clock, namesOf };
  const modelEvaluations = createModelEvaluations({
    ...{ ...shared, datasets: fromDatasets(datasets) },
    ...{ experiments: measuringExperiments(evals), registry: measuredRegistry(registry) },
  });
  const computeTargets = createComputeTargets({
    ...{ db, secrets, audit, outbound, clock, clusters: openClusters({ outbound }) },
    findRunOn: (projectId, target) => training.findRunOn(projectId, target),
  });
  const training: Training = createTraining({
    ...{ ...shared, objects, log, datasets: datasets.whole },
    registry: {
      ...registry,
      /** What was trained is measured by itself; the run does not wait for that. */
      async registerVersion(order) {
        const made = await registry.registerVersion(order);
        await modelEvaluations.evaluate(order.scope, made);
        return made;
      },
    },
    ...{
      requestsSoFar: requests.read,
      launcher: createLocalLauncher(),
      targets: computeTargets,
      connections,
      outbound,
    },
    ...{ folder: folder.resolve("training"), trainerFolder: folder.resolve("trainer") },
    ...{ pythonPath: config.TREADLE_TRAINER_PYTHON ?? null, onnxPythonPath: config.TREADLE_ONNX_PYTHON ?? null },
    toolEnvironment: config.toolEnvironment,
    torchIndex: config.TREADLE_TORCH_INDEX === "none" ? null : config.TREADLE_TORCH_INDEX,
  });
  const conversions = createModelConversions({
    ...{ db, objects, jobs, inference, registry: registry.conversions, trainer: training.trainer },
    folder: folder.resolve("conversions"),
  });
  return {
    conversions,
    training,
    computeTargets,
    modelEvaluations,
    sweeps: createSweeps({ ...shared, training: sweptTraining(training) }),
  };
}
