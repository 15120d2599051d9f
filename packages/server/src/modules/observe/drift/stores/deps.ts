import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Thread } from "../../../../platform/threads/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Announce } from "../../../system/notifications/index.ts";
import type { DriftOrders } from "../texts/drift-work.ts";
import type { DriftTextSide, PlainText } from "../texts/read-calls.ts";

/** A sample of a dataset version's texts, the same each time. Throws `not_found` for a version that does not exist. */
export type ReadDatasetTexts = (
  scope: Scope,
  order: {
    readonly datasetId: string;
    readonly version: string;
    readonly side: DriftTextSide;
    readonly limit: number;
  },
) => Promise<readonly PlainText[]>;

export type DriftDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "cancel">;
  readonly thread: Pick<Thread<DriftOrders>, "ask">;
  /** Vectors of texts, one per text. It divides a batch that takes too long. */
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly ArrayLike<number>[]>;
  readonly readDatasetTexts: ReadDatasetTexts;
  readonly announce: Announce;
  readonly namesOf: (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly log: Log;
};
