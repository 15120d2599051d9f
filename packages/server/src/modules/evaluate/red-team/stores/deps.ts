import type { Clock } from "../../../../kernel/clock.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Datasets } from "../../../data/datasets/index.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { EvalDeps, Evals } from "../../experiments/index.ts";

export type RedTeamDeps = Pick<EvalDeps, "complete" | "openGuards" | "priceOf" | "namesOf"> & {
  readonly db: Postgres;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "cancel">;
  readonly datasets: Pick<Datasets, "list" | "versions" | "whole">;
  readonly experiments: Pick<Evals, "experiments" | "outcomes" | "ask">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
