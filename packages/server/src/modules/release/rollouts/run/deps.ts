import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { createEndpoints } from "../../../build/endpoints/index.ts";
import type { Audit } from "../../../system/audit/index.ts";

type Endpoints = ReturnType<typeof createEndpoints>;

/** A monitor that is firing, with its incident if it has one. */
export type FiringMonitor = { readonly monitorId: string; readonly name: string; readonly incidentId: string | null };

/** What a rollout needs from modules below it that it does not import. */
export type RolloutMonitors = {
  /** Those of the monitors that are firing. A monitor that was deleted is not. */
  readonly firingMonitors: (scope: Scope, monitorIds: readonly string[]) => Promise<readonly FiringMonitor[]>;
  /** Adds to the timeline of an incident, in the transaction in which the rollout reacts. */
  readonly noteOnIncident: (
    tx: Postgres,
    scope: Scope,
    note: { readonly incidentId: string; readonly rolloutId: string; readonly text: string },
  ) => Promise<void>;
};

export type RolloutDeps = {
  readonly monitors: RolloutMonitors;
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
