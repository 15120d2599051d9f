import type { Clock } from "../../../kernel/clock.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Evals } from "../experiments/index.ts";
import type { LiveScoring } from "../live-scoring/index.ts";

export type LiveRunsDeps = {
  readonly db: Postgres;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly rules: Pick<LiveScoring, "get" | "draw" | "budget" | "checkScorers">;
  readonly runs: Pick<Evals["runs"], "create" | "addAnswers" | "finish" | "cancel" | "delete" | "list" | "listByIds">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
