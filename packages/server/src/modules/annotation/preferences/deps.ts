import type { Clock } from "../../../kernel/clock.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import type { Evals } from "../../evals/index.ts";
import type { Queues } from "../queues-service.ts";
import type { ReadFeedback } from "../to-data/read-feedback.ts";

export type PreferenceDeps = {
  readonly db: Postgres;
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly readFeedback: ReadFeedback;
  /** Statistics, computed where they hold up nobody. */
  readonly ask: Evals["ask"];
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
