import { sql } from "drizzle-orm";
import { openPostgres } from "../open.ts";
import type { PostgresStore } from "../port.ts";
import { startPostgresServer } from "./start-postgres-server.ts";

let shared: Promise<PostgresStore> | undefined;
let isInUse = false;

/**
 * A migrated database without a row, for one test file: open it before all tests and close it after them. The files that a
 * worker runs share one database, which is emptied for each. A file that opens two gets a separate second one. It is PGlite in
 * memory, or a database of a PostgreSQL server if TREADLE_TEST_DATABASE is `postgresql`.
 */
export async function openTestPostgres(): Promise<PostgresStore> {
  if (isInUse) return openDatabase();
  isInUse = true;
  shared ??= openDatabase();
  const store = await shared;
  await empty(store);
  return {
    ...store,
    async close() {
      isInUse = false;
    },
  };
}

async function openDatabase(): Promise<PostgresStore> {
  const server = process.env.TREADLE_TEST_DATABASE === "postgresql" ? await startPostgresServer() : null;
  const template = process.env.TREADLE_TEST_CLUSTER_TAR;
  return openPostgres({
    ...(server ? { url: await server.createDatabase() } : template && { template }),
    folder: null,
  });
}

async function empty({ db }: PostgresStore): Promise<void> {
  const { rows } = await db.execute<{ tables: string | null }>(
    sql`SELECT string_agg(quote_ident(tablename), ', ') AS tables FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> 'schema_migrations'`,
  );
  const tables = rows[0]?.tables;
  if (tables) await db.execute(sql.raw(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`));
}
