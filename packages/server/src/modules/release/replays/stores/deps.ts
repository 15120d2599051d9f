import type { Clock } from "../../../../kernel/clock.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { createEndpoints } from "../../../build/endpoints/index.ts";
import type { Datasets } from "../../../data/datasets/index.ts";
import type { Evals } from "../../../evaluate/experiments/index.ts";
import type { Traces } from "../../../observe/traces/index.ts";
import type { Audit } from "../../../system/audit/index.ts";

export type ReplayDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send" | "get">;
  readonly traces: Pick<Traces, "picked">;
  readonly datasets: Pick<Datasets, "list" | "versions" | "whole">;
  readonly endpoints: Pick<ReturnType<typeof createEndpoints>, "get">;
  readonly experiments: {
    readonly experiments: Pick<Evals["experiments"], "start" | "get" | "list">;
    readonly runs: Pick<Evals["runs"], "create" | "addAnswers" | "finish" | "list" | "get">;
    readonly replayed: Evals["replayed"];
  };
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
