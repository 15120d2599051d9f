import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";

/** Drizzle over PostgreSQL or PGlite. PGlite is one session: inside a transaction use only `tx`, or the call waits for itself. */
export type Postgres = PgDatabase<NodePgQueryResultHKT>;

export type PostgresStore = {
  readonly db: Postgres;
  /** Such as `PGlite 0.5.14 (PostgreSQL 18.6)`. */
  readonly engine: string;
  /** Throws when the database does not answer a trivial query. */
  check(): Promise<void>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
};
