import { sql } from "drizzle-orm";
import { openPostgres } from "../open.ts";
import type { PostgresStore } from "../port.ts";

let shared: Promise<PostgresStore> | undefined;
let isInUse = false;

/**
 * A migrated database in memory without a row, for one test file: open it before all tests and close it after them. The
 * files that a worker runs share one database, which is emptied for each. A file that opens two gets a separate second one.
 */
export async function openTestPostgres(): Promise<PostgresStore> {
  if (isInUse) return openPostgres({ folder: null });
  isInUse = true;
  shared ??= openPostgres({ folder: null });
  const store = await shared;
  await empty(store);
  return {
    ...store,
    async close() {
      isInUse = false;
    },
  };
}

async function empty({ db }: PostgresStore): Promise<void> {
  const { rows } = await db.execute<{ tables: string | null }>(
    sql`SELECT string_agg(quote_ident(tablename), ', ') AS tables FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> 'schema_migrations'`,
  );
  const tables = rows[0]?.tables;
  if (tables) await db.execute(sql.raw(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`));
}
