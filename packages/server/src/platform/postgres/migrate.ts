import type pg from "pg";
import { type Migration, PROGRAM_VERSION, pendingMigrations, readMigrations } from "../migrations/plan.ts";

const FOLDER = new URL("./migrations/", import.meta.url);

/** Any number will do, as long as every Treadle takes the same one: two servers must not migrate one database at once. */
const LOCK = 7_470_001;

/**
 * Brings the database up to this program's schema; each step is one transaction, so a crash leaves it done or not begun.
 * Throws `MigrationRefusedError` when the data is newer than the program.
 */
export async function migratePostgres(pool: pg.Pool, migrations?: readonly Migration[]): Promise<void> {
  const known = migrations ?? (await readMigrations(FOLDER));
  const client = await pool.connect();
  try {
    // Building an index may take longer than any question of the product should.
    await client.query("SET statement_timeout = 0");
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    for (const migration of await findPending(client, known)) await apply(client, migration);
  } catch (error) {
    // Closing the connection releases its lock, its transaction and its timeout.
    client.release(true);
    throw error;
  }
  await client.query("SELECT pg_advisory_unlock($1)", [LOCK]);
  await client.query("RESET statement_timeout");
  client.release();
}

async function findPending(client: pg.PoolClient, known: readonly Migration[]) {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    program text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`);
  const { rows } = await client.query<{ name: string; checksum: string; program: string }>(
    "SELECT name, checksum, program FROM schema_migrations ORDER BY name",
  );
  return pendingMigrations("PostgreSQL", known, rows);
}

async function apply(client: pg.PoolClient, { name, sql, checksum }: Migration) {
  try {
    await client.query("BEGIN");
    await client.query(sql);
    await client.query("INSERT INTO schema_migrations (name, checksum, program) VALUES ($1, $2, $3)", [
      name,
      checksum,
      PROGRAM_VERSION,
    ]);
    await client.query("COMMIT");
  } catch (cause) {
    throw new Error(`The migration "${name}" of PostgreSQL failed and was rolled back.`, { cause });
  }
}
