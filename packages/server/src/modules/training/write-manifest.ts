import type { TrainingConfig, TrainingManifest } from "@treadle/contract";
import { stringify } from "yaml";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { TrainingDeps } from "./deps.ts";
import { placeOf } from "./run-folder.ts";
import { commandThere } from "./run-place.ts";

/** Stands where a run has its id, so that the manifest of one configuration is the same each time. */
const RUN_ID = "RUN_ID";

/** What a run would send to its cluster, to be read or kept; nothing is sent or written. Throws `unprocessable` where a run sends no manifest. */
export async function writeManifest(
  { targets, folder }: Pick<TrainingDeps, "targets" | "folder">,
  scope: Scope,
  config: TrainingConfig,
): Promise<TrainingManifest> {
  const { launcher } = config;
  if (launcher.type !== "kubernetes" && launcher.type !== "kubeflow") throw withoutManifest(launcher.type);
  const target = await targets.open(scope.projectId, { name: launcher.target, kind: launcher.type });
  const place = placeOf(folder, { id: RUN_ID, attempt: 1 });
  const manifest = target.manifestFor({ ...place, ...commandThere(config, target, place.folder) });
  if (manifest === null) throw withoutManifest(launcher.type);
  const { kind, metadata } = manifest;
  return {
    ...{ kind, name: metadata.name, namespace: metadata.namespace, target: target.name },
    yaml: `${headOf(target.name, target.toThere(place.folder))}${stringify(manifest, { lineWidth: 0 })}`,
  };
}

/** What a person has to know who applies it: without the files of a run there is nothing to train. */
const headOf = (target: string, folder: string): string =>
  [
    `# What a run on the compute target ${target} sends to its cluster. Nothing was sent.`,
    "# RUN_ID stands for the id of the run, as run-id in the name of the job; the 1 is its first try.",
    `# The rows, job.json and the trainer have to lie in ${folder} first: starting a run writes them there.`,
    "",
  ].join("\n");

const SENDS: Readonly<Record<TrainingConfig["launcher"]["type"], string>> = {
  local: "is a process of this machine",
  torchrun: "is processes of this machine",
  ray: "is sent to Ray as a command",
  provider: "is a job of the provider's own API",
  kubernetes: "is a Job",
  kubeflow: "is a TrainJob",
};

const withoutManifest = (type: TrainingConfig["launcher"]["type"]) =>
  new AppError("unprocessable", {
    message: `A run with \`launcher.type: ${type}\` ${SENDS[type]}, so there is no manifest of it. Name a cluster that takes one, such as \`launcher: { type: kubernetes, target: my-cluster }\`.`,
    details: { param: "launcher.type" },
  });
