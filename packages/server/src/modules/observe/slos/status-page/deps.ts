import type { Severity, Slo, SloDay } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";

/** The severities of the open incidents of an endpoint of a project. Empty if there is none. */
export type OpenIncidents = (projectId: string, endpoint: string) => Promise<readonly Severity[]>;

export type StatusDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly openIncidents: OpenIncidents;
  /** Whether a project is neither archived nor deleted. */
  readonly isProjectActive: (projectId: string) => Promise<boolean>;
  readonly slos: {
    get(scope: Scope, sloId: string): Promise<Slo>;
    listDays(scope: Scope, sloId: string): Promise<{ readonly items: readonly SloDay[] }>;
  };
};
