import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Comments } from "../../system/comments/index.ts";
import type { Announce } from "../../system/notifications/index.ts";

/** The circuit breaker of a model of a connection. */
export type BreakerState = {
  readonly connection: string;
  readonly model: string;
  readonly state: "open" | "half-open";
};

/** A rollout that had traffic at some time. */
export type ReleasedRollout = {
  readonly rolloutId: string;
  readonly endpoint: string;
  readonly candidate: string;
  readonly state: "running" | "holding" | "paused" | "promoted";
  readonly startedAt: string;
  readonly endedAt: string | null;
};

/** A drift that was found in a time range. */
export type DriftFinding = { readonly title: string; readonly at: string; readonly path: string };
type Range = { readonly from: Date; readonly to: Date };

/** What the evidence of an incident needs from modules above. */
export type EvidenceMeans = {
  /** The breakers that are not closed. */
  readonly listBreakers: (scope: Scope) => Promise<readonly BreakerState[]>;
  /** The rollouts that are open, or were promoted since a time. */
  readonly listRollouts: (scope: Scope, since: Date) => Promise<readonly ReleasedRollout[]>;
  /** The newest run with a version of a prompt. Null if there is none. */
  readonly findRun: (
    scope: Scope,
    prompt: { readonly name: string; readonly version: number },
  ) => Promise<string | null>;
  readonly listDrift?: (scope: Scope, range: Range) => Promise<readonly DriftFinding[]>;
};

export type IncidentsDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly audit: Pick<Audit, "record" | "listBetween">;
  readonly comments: Pick<Comments, "list" | "create" | "update" | "delete">;
  readonly announce: Announce;
  readonly namesOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly isMember: (projectId: string, userId: string) => Promise<boolean>;
  readonly evidence: EvidenceMeans;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn">;
};
