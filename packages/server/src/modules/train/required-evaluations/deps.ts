import type { Experiment, ExperimentInput, ModelData, ModelEvaluation, Run, RunComparison } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { EvalDatasets } from "../../evaluate/experiments/index.ts";
import type { Audit } from "../../system/audit/index.ts";

/** A version of a model as it is measured. */
export type MeasuredVersion = {
  /** The gateway's name, such as `support@3`. Null with the reason if it cannot be called here. */
  readonly slug: string | null;
  readonly whyNot: string | null;
  /** The base model under its gateway name. Null if it came from elsewhere. */
  readonly base: string | null;
  readonly data: readonly Pick<ModelData, "datasetId" | "version" | "prompt" | "target">[];
};

export type ModelEvaluationDeps = {
  readonly db: Postgres;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly datasets: Pick<EvalDatasets, "openVersion" | "readItems">;
  readonly experiments: {
    start(scope: Scope, input: ExperimentInput): Promise<Pick<Experiment, "experimentId">>;
    get(
      scope: Scope,
      experimentId: string,
    ): Promise<Pick<Experiment, "status" | "error"> & { readonly runs: readonly Pick<Run, "runId" | "scores">[] }>;
    compare(
      scope: Scope,
      asked: { readonly base: string; readonly heads: string; readonly margin: number },
    ): Promise<RunComparison>;
  };
  readonly registry: {
    find(scope: Scope, which: { readonly name: string; readonly version: number }): Promise<MeasuredVersion>;
    keep(
      scope: Scope,
      which: { readonly name: string; readonly version: number },
      evaluation: ModelEvaluation,
    ): Promise<void>;
  };
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly namesOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** The interval of polls of an experiment, in milliseconds. */
  readonly lookMs?: number;
};
