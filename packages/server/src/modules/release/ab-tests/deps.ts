import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { createEndpoints } from "../../build/endpoints/index.ts";
import type { Audit } from "../../system/audit/index.ts";

export type AbTestDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly endpoints: Pick<ReturnType<typeof createEndpoints>, "get" | "setAbTest" | "pickWinner" | "forget">;
  readonly audit: Pick<Audit, "record">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn">;
};
