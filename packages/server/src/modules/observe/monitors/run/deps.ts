import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Spool } from "../../../../platform/spool/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Announce } from "../../../system/notifications/index.ts";
import type { IncidentSink } from "../../incidents/index.ts";
import type { RunSql } from "../reads/read-sql.ts";

export type MonitorDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select" | "insert">;
  readonly spool: Pick<Spool, "status">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly audit: Pick<Audit, "record">;
  readonly incidents: IncidentSink;
  readonly announce: Announce;
  readonly runSql: RunSql;
  /** How long a statement of a monitor may take. 10 seconds by default. */
  readonly sqlTimeoutMs?: number;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn" | "error">;
};
