import type { SpanFilter } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Guards } from "../guards/index.ts";
import type { CallWhere } from "./call-store.ts";
import type { JudgeCalls } from "./judge-calls.ts";

export type PreviewDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "cancel">;
  readonly guards: Pick<Guards, "get" | "getVersion" | "registry">;
  /** The name of an endpoint; undefined for an endpoint that the project does not have. */
  readonly endpointNameOf: (scope: Scope, endpointId: string) => Promise<string | undefined>;
  /** Judges calls without blocking requests. */
  readonly judge: JudgeCalls;
  readonly whereSpans: (projectId: string, filter: SpanFilter) => CallWhere;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly log: Log;
};
