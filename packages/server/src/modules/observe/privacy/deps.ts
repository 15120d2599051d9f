import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Secrets } from "../../../platform/secrets/port.ts";
import type { Audit } from "../../system/audit/index.ts";

/** The options of a detector, with defaults. Throws an error that says what is wrong with them. */
export type ReadOptions = (detector: string, options: Readonly<Record<string, unknown>>) => unknown;

export type PrivacyDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  readonly readOptions: ReadOptions;
};
