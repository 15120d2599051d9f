import { cp } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { TrainingConfig } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { LaunchCommand, RemoteLauncher } from "../../../../platform/launch/port.ts";
import { JOB_FILE } from "../job/run-folder.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import type { RunRow } from "../stores/store.ts";
import { requirePython } from "./find-python.ts";
import { TRAINER_SOURCE, trainerCommand } from "./trainer-command.ts";

/** Where a run trains, and what things are called there. */
export type RunPlace = {
  readonly launcher: RemoteLauncher;
  /** Whether it takes this machine, which one run has at a time. */
  readonly isHere: boolean;
  /** Threads of each of its processes. */
  readonly threads: number;
  /** The threads of each process while this server is busy. `threads` if it does not need to yield. */
  readonly fewestThreads: number;
  /** The path on the target for a local path. Throws `unprocessable` for a path that is not visible there. */
  readonly toThere: (path: string) => string;
  /** How a path of that machine is called here. */
  readonly toHere: (path: string) => string;
  /** The local launcher for a run's folder. Throws `unprocessable` if there is none. */
  readonly commandFor: (folder: string) => Promise<LaunchCommand>;
};

export type FindPlace = (run: Pick<RunRow, "projectId" | "config">) => Promise<RunPlace>;

/** Threads that training takes here: all of the machine's, at a priority below everything else's. */
export const threadsFor = ({ threads }: Pick<TrainingConfig, "threads">): number => threads ?? availableParallelism();

const same = (path: string) => path;
const RUN = ["run", JOB_FILE];

/** Chooses where a run trains, by its configuration. Throws `unprocessable` for a target that the project has not. */
export const createRunPlaces =
  (deps: TrainingDeps): FindPlace =>
  async ({ projectId, config }) => {
    const { launcher } = config;
    switch (launcher.type) {
      case "local":
        return placeHere(deps, config, 1);
      case "torchrun":
        return placeHere(deps, config, launcher.processes);
      case "provider":
        throw new AppError("conflict", { message: "A provider trains this run, so this setting does not apply." });
      case "ray":
      case "kubernetes":
      case "kubeflow":
        return placeThere(config, await deps.targets.open(projectId, { name: launcher.target, kind: launcher.type }));
      default:
        return launcher satisfies never;
    }
  };

function placeHere(deps: TrainingDeps, config: TrainingConfig, processes: number): RunPlace {
  const share = (threads: number) => Math.max(1, Math.floor(threads / processes));
  const threads = share(threadsFor(config));
  // An explicit number of threads is not changed, because a run with other threads sums in another order.
  const fewestThreads = config.threads === null ? share(threadsFor(config) - 1) : threads;
  const words = processes === 1 ? RUN : ["torchrun", "--processes", String(processes), JOB_FILE];
  return {
    launcher: deps.launcher,
    isHere: true,
    threads,
    fewestThreads,
    toThere: same,
    toHere: same,
    commandFor: async (folder) =>
      trainerCommand({ python: await requirePython(deps), words, folder, threads, nice: deps.nice }),
  };
}

type Target = Awaited<ReturnType<TrainingDeps["targets"]["open"]>>;

/** Threads of a run on a cluster: as many as it reserves cores there. */
const threadsThere = (config: TrainingConfig, { settings }: Target): number =>
  config.threads ?? Math.max(1, Math.floor(settings.cpus));

/** The remote launcher for a run's folder, with the cluster's paths. The trainer is in that folder too. */
export function commandThere(config: TrainingConfig, target: Target, here: string): LaunchCommand {
  const { settings, toThere } = target;
  const folder = toThere(here);
  const order = { python: settings.python, words: RUN, folder, source: join(folder, "trainer") };
  const { command, environment } = trainerCommand({ ...order, threads: threadsThere(config, target) });
  const { PATH: _, ...rest } = environment;
  return { command, environment: rest };
}

function placeThere(config: TrainingConfig, target: Target): RunPlace {
  const { launcher, toThere, toHere } = target;
  const threads = threadsThere(config, target);
  return {
    launcher,
    isHere: false,
    threads,
    fewestThreads: threads,
    toThere,
    toHere,
    async commandFor(here) {
      // The cluster has the packages; the trainer itself goes along, so that it is the one this server speaks with.
      await cp(TRAINER_SOURCE, join(here, "trainer"), {
        recursive: true,
        filter: (path) => !path.endsWith("__pycache__"),
      });
      return commandThere(config, target, here);
    },
  };
}
