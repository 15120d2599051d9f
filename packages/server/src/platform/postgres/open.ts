import { drizzle } from "drizzle-orm/node-postgres";
import type pg from "pg";
import { z } from "zod";
import { messageOf } from "../../kernel/message-of.ts";
import { MigrationRefusedError } from "../migrations/plan.ts";
import { migratePostgres } from "./migrate.ts";
import { openPglite } from "./pglite/open-pglite.ts";
import type { PostgresStore } from "./port.ts";
import { openServer } from "./server.ts";
import { DatabaseInUseError, takeServerLease } from "./server-lease.ts";

type Options = {
  /** A PostgreSQL server; without it the embedded one. */
  readonly url?: string;
  /**
   * The embedded database's folder. It is created if it does not exist, and in memory if null. No other process may
   * have it open.
   */
  readonly folder: string | null;
  /** The path of the tar of a cluster that an embedded database in memory begins with. By default, an empty cluster. */
  readonly template?: string;
  /**
   * Makes this process the only server that uses `url`; called when another one has taken the database nevertheless.
   * Left out, several may use it, as the tests of two servers do.
   */
  readonly onTakenOver?: (error: Error) => void;
};
type Connected = { readonly pool: pg.Pool; close(): Promise<void> };

const Version = z.tuple([z.object({ version: z.string(), number: z.coerce.number() })]);
const Size = z.tuple([z.object({ bytes: z.coerce.number() })]);
const OLDEST = 150_000;

/**
 * Opens PostgreSQL and brings it up to this program's schema. Throws `MigrationRefusedError` when the data is newer, and
 * `DatabaseInUseError` when another server has the database.
 */
export async function openPostgres(options: Options): Promise<PostgresStore> {
  const { url, folder, template } = options;
  if (url === undefined) return openSchema(await openPglite({ folder, ...(template !== undefined && { template }) }));
  try {
    return await openSchema(await connectTo(url, options));
  } catch (error) {
    if (error instanceof MigrationRefusedError || error instanceof DatabaseInUseError) throw error;
    throw new Error(`PostgreSQL at ${hostOf(url)} (TREADLE_POSTGRES_URL) cannot be opened: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

async function openSchema(connected: Connected): Promise<PostgresStore> {
  try {
    const engine = await nameEngine(connected.pool);
    await migratePostgres(connected.pool);
    return createStore(connected, engine);
  } catch (error) {
    await connected.close();
    throw error;
  }
}

/** Where a connection string points, without the password in it. */
const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : "the given address");

/** If several addresses of a host all refuse, the combined error has no message. */
const reasonOf = (error: unknown) =>
  error instanceof AggregateError ? error.errors.map(String).join(", ") : messageOf(error);

async function connectTo(url: string, { onTakenOver }: Options): Promise<Connected> {
  const lease = onTakenOver ? await takeServerLease({ url, onLost: onTakenOver }) : null;
  const pool = openServer(url, lease?.whenHeld);
  return {
    pool,
    async close() {
      await pool.end();
      await lease?.close();
    },
  };
}

/** For example `PGlite (PostgreSQL 18.6)`. Throws for a server that is too old. */
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
