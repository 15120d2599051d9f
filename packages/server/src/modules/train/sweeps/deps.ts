import type { TrainingRun, TrainingValidation } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";

export type SentConfig = Readonly<Record<string, unknown>>;

/** The training functions for sweeps. */
export type SweptTraining = {
  read(config: SentConfig | string): TrainingValidation;
  /** Throws what `start` would throw: no trainer, no such base model, no such data. */
  requireParts(scope: Scope, config: SentConfig | string): Promise<void>;
  /** Asked again with the same `requestId`, the same run is given. */
  start(scope: Scope, order: { readonly config: SentConfig; readonly requestId: string }): Promise<TrainingRun>;
  get(scope: Scope, trainingRunId: string): Promise<TrainingRun>;
  cancel(scope: Scope, trainingRunId: string): Promise<unknown>;
  /** The measurements of its evaluations: steps with values, in order. */
  measured(
    scope: Scope,
    which: { readonly trainingRunId: string; readonly metric: string },
  ): Promise<readonly (readonly [step: number, value: number])[]>;
};

export type SweepDeps = {
  readonly db: Postgres;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "cancel">;
  readonly training: SweptTraining;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly namesOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** The interval of polls of a run, in milliseconds. */
  readonly lookMs?: number;
};
