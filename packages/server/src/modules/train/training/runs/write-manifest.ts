import type { TrainingConfig, TrainingManifest } from "@treadle/contract";
import { stringify } from "yaml";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { placeOf } from "../job/run-folder.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { commandThere } from "../trainer/run-place.ts";

/** Stands where a run has its id, so that the manifest of one configuration is the same each time. */
const RUN_ID = "RUN_ID";

/**
 * The manifest that a run would send to its cluster, to read or store. Nothing is sent or written. Throws
 * `unprocessable` for a run without a manifest.
 */
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
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
    target: target.name,
    yaml: `${headOf(target.name, target.toThere(place.folder))}${stringify(manifest, { lineWidth: 0 })}`,
  };
}

/** A warning for the person who applies it: without the files of a run, there is nothing to train. */
const headOf = (target: string, folder: string): string =>
  [
    `# What a run on the compute target ${target} sends to its cluster. Nothing was sent.`,
    "# RUN_ID is a placeholder for the id of the run (run-id in the name of the job). The 1 is the first attempt.",
    `# The rows, job.json and the trainer must be in ${folder} first. Starting a run writes them there.`,
    "",
  ].join("\n");

const SENDS: Readonly<Record<TrainingConfig["launcher"]["type"], string>> = {
  local: "runs as a process on this machine",
  torchrun: "runs as processes on this machine",
  ray: "is sent to Ray as a command",
  provider: "runs as a job of the provider's API",
  kubernetes: "is a Job",
  kubeflow: "is a TrainJob",
};

const withoutManifest = (type: TrainingConfig["launcher"]["type"]) =>
  new AppError("unprocessable", {
    message: `A run with \`launcher.type: ${type}\` ${SENDS[type]}, so it has no manifest. Name a compute target with manifests, such as \`launcher: { type: kubernetes, target: my-cluster }\`.`,
    details: { param: "launcher.type" },
  });
