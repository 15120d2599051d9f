import type { Clock } from "../../../../kernel/clock.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Knowledge } from "../../../build/knowledge/index.ts";
import type { Audit } from "../../../system/audit/index.ts";

export type RetrievalDeps = {
  readonly db: Postgres;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "cancel">;
  readonly knowledge: Pick<Knowledge, "get" | "getVersion" | "getDocument" | "listDocuments" | "readText" | "search">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
