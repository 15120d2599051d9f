import { drizzle } from "drizzle-orm/node-postgres";
import type pg from "pg";
import { z } from "zod";
import { MigrationRefusedError } from "../migrations/plan.ts";
import { migratePostgres } from "./migrate.ts";
import { openPglite } from "./pglite/open-pglite.ts";
import type { PostgresStore } from "./port.ts";
import { openServer } from "./server.ts";

type Options = {
  /** A PostgreSQL server; without it the embedded one. */
  readonly url?: string;
  /** The embedded database's folder; made when it does not exist, in memory when null. Nobody else may have it open. */
  readonly folder: string | null;
};
type Connected = { readonly pool: pg.Pool; close(): Promise<void> };

const Version = z.tuple([z.object({ version: z.string(), number: z.coerce.number() })]);
const Size = z.tuple([z.object({ bytes: z.coerce.number() })]);
const OLDEST = 150_000;

/** Opens PostgreSQL and brings it up to this program's schema. Throws `MigrationRefusedError` when the data is newer. */
export async function openPostgres({ url, folder }: Options): Promise<PostgresStore> {
  const connected = url === undefined ? await openPglite({ folder }) : connectTo(url);
  try {
    const engine = await nameEngine(connected.pool);
    await migratePostgres(connected.pool);
    return createStore(connected, engine);
  } catch (error) {
    await connected.close();
    if (url === undefined || error instanceof MigrationRefusedError) throw error;
    throw new Error(`PostgreSQL at ${hostOf(url)} (TREADLE_POSTGRES_URL) cannot be opened: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Where a connection string points, without the password in it. */
const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : "the given address");

/** Several addresses of one host that all refuse are one error without words of its own. */
const reasonOf = (error: unknown) =>
  error instanceof AggregateError
    ? error.errors.map(String).join(", ")
    : error instanceof Error
      ? error.message
      : String(error);

function connectTo(url: string): Connected {
  const pool = openServer(url);
  return { pool, close: () => pool.end() };
}

/** Such as `PGlite (PostgreSQL 18.6)`. Throws for a server that is too old for our SQL. */
async function nameEngine(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query("SELECT version() AS version, current_setting('server_version_num') AS number");
  const [{ version, number }] = Version.parse(rows);
  const server = /^PostgreSQL [\d.]+/.exec(version)?.[0] ?? "PostgreSQL";
  if (number < OLDEST)
    throw new Error(`Treadle needs PostgreSQL 15 or newer; TREADLE_POSTGRES_URL points to ${server}.`);
  const pglite = /PGlite [\d.]+/.exec(version)?.[0];
  return pglite ? `${pglite} (${server})` : server;
}

function createStore({ pool, close }: Connected, engine: string): PostgresStore {
  return {
    db: drizzle(pool),
    engine,
    async check() {
      await pool.query("SELECT 1");
    },
    async sizeBytes() {
      const { rows } = await pool.query("SELECT pg_database_size(current_database()) AS bytes");
      const [{ bytes }] = Size.parse(rows);
      return bytes;
    },
    close,
  };
}
