import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Postgres } from "./port.ts";

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
