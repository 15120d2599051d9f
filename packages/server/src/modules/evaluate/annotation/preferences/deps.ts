import type { Clock } from "../../../../kernel/clock.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Evals } from "../../experiments/index.ts";
import type { ReadFeedback } from "../evidence/read-feedback.ts";
import type { Queues } from "../queues/queues-service.ts";

export type PreferenceDeps = {
  readonly db: Postgres;
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly readFeedback: ReadFeedback;
  /** Statistics, computed without blocking requests. */
  readonly ask: Evals["ask"];
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
