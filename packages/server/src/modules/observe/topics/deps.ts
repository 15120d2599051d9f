import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Thread } from "../../../platform/threads/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { TopicOrders } from "./cluster/orders.ts";
import type { SpanSql } from "./trace-store.ts";

/** Asks a chat model of the project. The cost is null if the model has no price. */
export type AskForLabel = (
  scope: Scope,
  request: { readonly model: string; readonly system: string; readonly question: string },
  signal: AbortSignal,
) => Promise<{ readonly text: string; readonly costUsd: number | null }>;

export type TopicsDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly spanSql: SpanSql;
  readonly jobs: Pick<Jobs, "register" | "send" | "get">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly log: Log;
  /** Finds topics away from the thread that answers requests. */
  readonly thread: Thread<TopicOrders>;
  /** Vectors of texts, one per text. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>;
  /** The gateway is opened later. */
  readonly ask: AskForLabel;
};
