import type { Dataset, Item, RemoteModel, TrainingSource } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Jobs } from "../../platform/jobs/port.ts";
import type { Launcher } from "../../platform/launch/port.ts";
import type { Objects } from "../../platform/objects/port.ts";
import type { Outbound } from "../../platform/outbound/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import type { ComputeTargets } from "../compute-targets/index.ts";
import type { Connections } from "../connections/index.ts";
import type { Manifest } from "../datasets/index.ts";

/** What a run gave: files below its folder with their SHA-256. */
export type Artifact = {
  readonly kind: "adapter" | "model" | "gguf-adapter" | "gguf";
  /** Below the folder of the run. */
  readonly path: string;
  readonly files: Readonly<Record<string, string>>;
};

/** What a caller of OpenAI's API asked for, in its own words. */
export type WireRequest = {
  readonly model: string;
  readonly trainingFile: string;
  readonly validationFile: string | null;
  readonly method: Readonly<Record<string, unknown>> | null;
  readonly suffix: string | null;
};

/** What a run is at its provider. It is written down step by step, so that whoever goes on after a crash knows what is there. */
export type Remote = {
  /** The try of the run that this belongs to: a later one has a job of its own, or goes on with this one. */
  readonly attempt: number;
  readonly trainingFile: string | null;
  readonly validationFile: string | null;
  /** Written before a job is asked for: from then on there may be one, though nobody here has heard its name. */
  readonly isAsked: boolean;
  readonly jobId: string | null;
  readonly status: string | null;
  /** The newest event that was read. */
  readonly lastEvent: string | null;
  readonly checkpoints: readonly string[];
  readonly bestLoss: number | null;
  readonly bestStep: number | null;
  readonly model: string | null;
};

/** A model that can be trained on. */
export type BaseModel = {
  /** A Hugging Face folder; null while there is only a GGUF, which is read into one when it is first needed. */
  readonly path: string | null;
  readonly gguf: string | null;
  /** SHA-256 of its weights: an adapter fits these and no others. */
  readonly hash: string;
};

export type VersionOrder = {
  readonly scope: Scope;
  readonly name: string;
  /** Asked again with the same run, the same version is given. */
  readonly runId: string;
  readonly baseRef: string;
  readonly baseHash: string;
  readonly sources: readonly TrainingSource[];
  readonly folder: string;
  readonly artifacts: readonly Artifact[];
  /** Where a provider keeps it, of a run that gave no files. */
  readonly remote?: RemoteModel | null;
  readonly method: string;
  readonly evalLoss: number | null;
};

/** What training needs of the registry of models. */
export type TrainingRegistry = {
  /** Throws `not_found` for a name that nobody knows. */
  baseFor(scope: Scope, ref: string): Promise<BaseModel>;
  /** Takes what a run gave, and is the owner of it from then on. */
  registerVersion(order: VersionOrder): Promise<{ readonly name: string; readonly version: number }>;
};

/** What training needs of the places elsewhere that runs can be sent to. */
export type TrainingTargets = Pick<ComputeTargets, "open">;

/** What training needs of datasets. */
export type TrainingDatasets = {
  listAll(scope: Scope): Promise<readonly Pick<Dataset, "datasetId" | "name">[]>;
  openVersion(
    scope: Scope,
    which: { readonly datasetId: string; readonly version: string },
  ): Promise<{ readonly manifest: Manifest }>;
  readItems(scope: Scope, manifest: Manifest, options: { readonly signal: AbortSignal }): AsyncIterable<Item>;
};

/** How patient the follower of a run is, in milliseconds. */
export type TrainingTiming = {
  /** Between two looks at what the trainer told. */
  readonly lookMs: number;
  /** Between two looks whether it is a waiting run's turn. */
  readonly turnMs: number;
  /** A trainer that has told nothing for so long hangs. It says that it lives every five seconds. */
  readonly lostMs: number;
  /** Between two questions to a cluster. */
  readonly clusterMs: number;
  /** A cluster that has not answered for so long, while nothing is heard of the trainer either, is given up. */
  readonly awayMs: number;
  /** Between two looks at a provider's job. */
  readonly providerMs: number;
  /** Before a provider that failed is asked again; longer each time. */
  readonly providerWaitMs: number;
  /** A provider that has not answered for so long is given up; the job goes on there. */
  readonly providerLostMs: number;
  /** What it has to save in, before it is ended. */
  readonly pauseGraceMs: number;
  readonly cancelGraceMs: number;
  /** What an estimate or a preview may take. */
  readonly askMs: number;
};

export const TRAINING_TIMING: TrainingTiming = {
  lookMs: 400,
  turnMs: 1_000,
  lostMs: 90_000,
  clusterMs: 2_000,
  awayMs: 900_000,
  providerMs: 10_000,
  providerWaitMs: 2_000,
  providerLostMs: 21_600_000,
  pauseGraceMs: 120_000,
  cancelGraceMs: 10_000,
  askMs: 600_000,
};

export type TrainingDeps = {
  readonly db: Postgres;
  readonly objects: Pick<Objects, "put" | "get" | "delete">;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "cancel" | "list">;
  /** This machine, for runs that train here and for questions. */
  readonly launcher: Launcher;
  readonly targets: TrainingTargets;
  /** For runs that a provider trains. */
  readonly connections: Pick<Connections, "resolve">;
  readonly outbound: Pick<Outbound, "request">;
  readonly datasets: TrainingDatasets;
  readonly registry: TrainingRegistry;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly log: Log;
  /** How many requests that bring something this server has begun to answer since it started: runs on this machine give way to many. */
  readonly requestsSoFar: () => number;
  readonly namesOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Where runs keep their files; each has a folder of its own in it. */
  readonly folder: string;
  /** Where the environment of Python is made. */
  readonly trainerFolder: string;
  /** A Python that has the packages already, in place of an environment of our own. */
  readonly pythonPath: string | null;
  /** The same for what writes ONNX. */
  readonly onnxPythonPath?: string | null;
  /** What pip may know: the proxy and the index of this machine. */
  readonly toolEnvironment: Readonly<Record<string, string | undefined>>;
  /** An index of packages that has PyTorch's builds for processors alone; null to take the usual build. */
  readonly torchIndex: string | null;
  /** Whether this machine has a graphics card that PyTorch could use. */
  readonly hasGpu?: () => Promise<boolean>;
  readonly timing?: TrainingTiming;
  /** Bytes that are free where runs keep their files. */
  readonly freeBytes?: (folder: string) => Promise<number>;
};
