import type { Severity, Slo, SloDay } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";

/** The severities of the open incidents of an endpoint of a project. Empty if there is none. */
export type OpenIncidents = (projectId: string, endpoint: string) => Promise<readonly Severity[]>;

/** What is shown of an SLO to the public, without the estimate for its judge. */
export type SloHistory = {
  readonly slo: Pick<Slo, "endpoint" | "indicator" | "objective" | "status">;
  readonly days: readonly SloDay[];
};

export type StatusDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly openIncidents: OpenIncidents;
  /** Whether a project is neither archived nor deleted. */
  readonly isProjectActive: (projectId: string) => Promise<boolean>;
  readonly slos: { readHistory(scope: Scope, sloId: string): Promise<SloHistory> };
};
