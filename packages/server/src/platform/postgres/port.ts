import type { SQL } from "drizzle-orm";
import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import { type PgDatabase, PgDialect } from "drizzle-orm/pg-core";

/** Drizzle over PostgreSQL or PGlite. PGlite is one session: inside a transaction use only `tx`, or the call waits for itself. */
export type Postgres = PgDatabase<NodePgQueryResultHKT>;

export type PostgresStore = {
  readonly db: Postgres;
  /** For example `PGlite 0.5.14 (PostgreSQL 18.6)`. */
  readonly engine: string;
  /** Throws when the database does not answer a trivial query. */
  check(): Promise<void>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
};

const dialect = new PgDialect();

/**
 * Runs a statement that each connection parses once and plans only a few times: of a short statement these cost more than
 * running it. For what people wait for again and again. A name stands for one text, so that what varies must be a parameter.
 */
export function runPrepared<Row extends Record<string, unknown>>(
  db: Postgres,
  name: string,
  statement: SQL,
): Promise<{ readonly rows: Row[] }> {
  const query = dialect.sqlToQuery(statement);
  return db._.session
    .prepareQuery<{ execute: { rows: Row[] }; all: unknown; values: unknown }>(query, undefined, name, false)
    .execute();
}
