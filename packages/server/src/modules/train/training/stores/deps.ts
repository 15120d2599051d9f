import type {
  Dataset,
  Item,
  ModelData,
  ModelTraining,
  RemoteModel,
  TrainingResult,
  TrainingSource,
} from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Launcher } from "../../../../platform/launch/port.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Outbound } from "../../../../platform/outbound/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Connections } from "../../../build/connections/index.ts";
import type { Manifest } from "../../../data/datasets/index.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { ComputeTargets } from "../../compute-targets/index.ts";

/** The result of a run: files in its folder with their SHA-256. */
export type Artifact = {
  readonly kind: "adapter" | "model" | "gguf-adapter" | "gguf";
  /** Below the folder of the run. */
  readonly path: string;
  readonly files: Readonly<Record<string, string>>;
};

/** The request of an OpenAI client, in its own format. */
export type WireRequest = {
  readonly model: string;
  readonly trainingFile: string;
  readonly validationFile: string | null;
  readonly method: Readonly<Record<string, unknown>> | null;
  readonly suffix: string | null;
};

/** The state of a run at its provider. It is stored step by step, so that a new process can continue after a crash. */
export type Remote = {
  /** The attempt of the run. A later attempt has a separate job, or continues with this job. */
  readonly attempt: number;
  readonly trainingFile: string | null;
  readonly validationFile: string | null;
  /** Written before a job is requested. From then on a job may exist, although its name was never received. */
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
  readonly sources: readonly (TrainingSource & Pick<ModelData, "prompt" | "target">)[];
  readonly folder: string;
  readonly artifacts: readonly Artifact[];
  /** Where a provider stores the result of a run without files. */
  readonly remote?: RemoteModel | null;
  readonly training: ModelTraining;
  /** The checkpoint that became the model; null at a provider. */
  readonly result?: TrainingResult | null;
  readonly evalLoss: number | null;
};

/** The registry functions for training. */
export type TrainingRegistry = {
  /** Throws `not_found` for an unknown name. */
  baseFor(scope: Scope, ref: string): Promise<BaseModel>;
  /** Takes what a run gave, and is the owner of it from then on. */
  registerVersion(order: VersionOrder): Promise<{ readonly name: string; readonly version: number }>;
};

/** The compute target functions for training. */
export type TrainingTargets = Pick<ComputeTargets, "open">;

/** The dataset functions for training. */
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
  /** The interval of reads of the trainer's events. */
  readonly lookMs: number;
  /** Between two looks whether it is a waiting run's turn. */
  readonly turnMs: number;
  /** The time without events after which a trainer counts as hung. It sends a heartbeat every five seconds. */
  readonly lostMs: number;
  /** Between two questions to a cluster. */
  readonly clusterMs: number;
  /** The time without events and without a response after which a cluster is given up. */
  readonly awayMs: number;
  /** The interval of polls of a provider's job. */
  readonly providerMs: number;
  /** The first delay after a provider's failure. It increases each time. */
  readonly providerWaitMs: number;
  /** A provider that does not respond for this time is given up. The job continues there. */
  readonly providerLostMs: number;
  /** The time to save before it is killed. */
  readonly pauseGraceMs: number;
  readonly cancelGraceMs: number;
  /** The time limit of a preview. */
  readonly askMs: number;
  /** The time limit of an estimate, which is a job. */
  readonly estimateMs: number;
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
  estimateMs: 3_600_000,
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
  /** The number of requests with data since the start. Runs on this machine yield to many of them. */
  readonly requestsSoFar: () => number;
  readonly namesOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** The folder for the files of runs. Each run has a separate folder in it. */
  readonly folder: string;
  /** Where the environment of Python is made. */
  readonly trainerFolder: string;
  /** A Python that has the packages already, instead of a separate environment. */
  readonly pythonPath: string | null;
  /** The same for what writes ONNX. */
  readonly onnxPythonPath?: string | null;
  /** The environment of pip: the machine's proxy and index. */
  readonly toolEnvironment: Readonly<Record<string, string | undefined>>;
  /** The priority of the trainer's processes on this machine, as `nice` counts: 0 is like any other program, 19 the lowest. */
  readonly nice: number;
  /** An index of packages that has PyTorch's builds for processors alone; null to take the usual build. */
  readonly torchIndex: string | null;
  /** Whether this machine has a graphics card that PyTorch could use. */
  readonly hasGpu?: () => Promise<boolean>;
  readonly timing?: TrainingTiming;
  /** Bytes that are free where runs keep their files. */
  readonly freeBytes?: (folder: string) => Promise<number>;
};
