import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Comments } from "../../../system/comments/index.ts";
import type { Announce } from "../../../system/notifications/index.ts";
import type { Traces } from "../../traces/index.ts";

export type IssuesDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly traces: Pick<Traces, "completeTo">;
  /** The SQL of the model of a span. */
  readonly modelOfSpan: string;
  readonly comments: Comments;
  readonly audit: Pick<Audit, "record">;
  readonly announce: Announce;
  readonly clock: Clock;
  readonly log: Log;
  /** Vectors of texts, one per text. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>;
  /** The names of people and API keys by their ids; deleted ones have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Whether a person is a member of the project. */
  isMember(projectId: string, userId: string): Promise<boolean>;
};
