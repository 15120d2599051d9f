import type { Ground } from "./ground.ts";
import { systemClock as clock } from "./kernel/clock.ts";
import type { Datasets } from "./modules/datasets/index.ts";
import type { Registry } from "./modules/registry/index.ts";
import { createSweeps, sweptTraining } from "./modules/sweeps/index.ts";
import { createTraining } from "./modules/training/index.ts";
import { createLocalLauncher } from "./platform/launch/local.ts";
import type { Stores } from "./stores.ts";

type TrainingDeps = Parameters<typeof createTraining>[0];
type Below = Pick<TrainingDeps, "audit"> & {
  readonly datasets: Pick<Datasets, "whole">;
  readonly projects: Pick<TrainingDeps, "namesOf">;
  readonly registry: Registry;
};

/** What trains models on this machine, in processes that outlive the server, and what searches over their settings. */
export function openTraining(
  { config, folder, log }: Pick<Ground, "config" | "folder" | "log">,
  { postgres: { db }, objects, jobs }: Stores,
  { audit, datasets, projects: { namesOf }, registry }: Below,
) {
  const training = createTraining({
    ...{ db, objects, jobs, audit, namesOf, clock, log, registry, datasets: datasets.whole },
    launcher: createLocalLauncher(),
    ...{ folder: folder.resolve("training"), trainerFolder: folder.resolve("trainer") },
    ...{ pythonPath: config.TREADLE_TRAINER_PYTHON ?? null, toolEnvironment: config.toolEnvironment },
  });
  return { training, sweeps: createSweeps({ db, jobs, audit, clock, namesOf, training: sweptTraining(training) }) };
}
