import type { ProviderLauncher, RemoteModel, TrainingConfig } from "@treadle/contract";
import type { Remote } from "../stores/deps.ts";
import type { RunRow } from "../stores/store.ts";

export const newRemote = (attempt: number): Remote => ({
  attempt,
  trainingFile: null,
  validationFile: null,
  isAsked: false,
  jobId: null,
  status: null,
  lastEvent: null,
  checkpoints: [],
  bestLoss: null,
  bestStep: null,
  model: null,
});

/** The launcher of a configuration for a provider. Null if a process trains the run. */
export const providerOf = ({ launcher }: Pick<TrainingConfig, "launcher">): ProviderLauncher | null =>
  launcher.type === "provider" ? launcher : null;

/** The provider's name of the model that is trained. */
export const modelOf = ({ launcher, base_model }: Pick<TrainingConfig, "launcher" | "base_model">): string =>
  (launcher.type === "provider" ? launcher.model : null) ?? base_model;

/** Where the registry finds a run's result. Null if the run produced files. */
export function resultOf({ config, remote }: Pick<RunRow, "config" | "remote">): RemoteModel | null {
  const launcher = providerOf(config);
  const model = remote?.model ?? null;
  return launcher === null || model === null ? null : { connection: launcher.connection, model };
}

/** A checkpoint at the provider has no files here. Its path is the provider's name of it. */
const KEPT_THERE = "remote:";
export const pathOfRemote = (model: string): string => `${KEPT_THERE}${model}`;
export const isRemotePath = (path: string): boolean => path.startsWith(KEPT_THERE);
