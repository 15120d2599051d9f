import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { createEndpoints } from "../../../build/endpoints/index.ts";
import type { Audit } from "../../../system/audit/index.ts";

type Endpoints = ReturnType<typeof createEndpoints>;

export type RolloutDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select" | "command" | "insert">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly endpoints: Pick<Endpoints, "get" | "setRollout" | "promote" | "forget" | "checkModels">;
  readonly audit: Pick<Audit, "record">;
  /** Does what ended rollouts imply above. It is called often, and twice in a row is the same as once. */
  readonly settle: (projectId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn">;
};
