import type { Experiment, ExperimentInput, ModelEvaluation, Run, RunComparison } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Jobs } from "../../platform/jobs/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import type { EvalDatasets } from "../evals/index.ts";

/** A version of a model as it is measured. */
export type MeasuredVersion = {
  /** What the gateway calls it, such as `support@3`; null with the reason when it cannot be asked here. */
  readonly slug: string | null;
  readonly whyNot: string | null;
  /** The model that it was trained from, as the gateway calls it; null when it came from elsewhere. */
  readonly base: string | null;
  readonly data: readonly { readonly datasetId: string | null; readonly version: string | null }[];
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
    ): Promise<Pick<Experiment, "status" | "error"> & { readonly runs: readonly Pick<Run, "runId">[] }>;
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
  /** Between two looks at an experiment, in milliseconds. */
  readonly lookMs?: number;
};
