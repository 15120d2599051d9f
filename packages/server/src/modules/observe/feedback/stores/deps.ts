import type { Clock } from "../../../../kernel/clock.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Secrets } from "../../../../platform/secrets/port.ts";
import type { Spool } from "../../../../platform/spool/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Redactor } from "../../redaction/index.ts";

export type FeedbackDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly spool: Pick<Spool, "append" | "appendLines" | "flush">;
  readonly secrets: Secrets;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** What redacts a project's feedback before it is stored; null if it is stored as it was sent. */
  redactorFor(projectId: string): Redactor | null;
  /** Whether this server deleted a trace recently. */
  isDeleted(projectId: string, traceId: string): boolean;
  /** Called once feedback that is `false` is stored, such as a thumbs down. Must not throw. */
  onThumbsDown(projectId: string, place: { traceId: string; spanId: string; responseId: string }): void;
  /** False for a project that is archived or deleted. */
  isProjectActive(projectId: string): Promise<boolean>;
  /** The names of people and API keys by their ids; those that are gone have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
