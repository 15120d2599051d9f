import pg from "pg";

/** Connections to a PostgreSQL server; a few per process, since one server may have many processes to feed. */
const CONNECTIONS = 10;
const CONNECT_MS = 10_000;
/**
 * No query of the product takes this long. A longer one is stuck, and would hold a connection and its locks forever.
 */
const STATEMENT_MS = 60_000;

/** A pool over a server; nothing is connected until the first query. No connection is used before `whenAllowed` resolves. */
export function openServer(url: string, whenAllowed: () => Promise<void> = async () => {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    keepAlive: true,
    verify: (_client, done) => void whenAllowed().then(() => done(), done),
    application_name: "treadle",
  });
  // A connection that breaks while it lies idle is replaced by the next query; unheard, it would end the process.
  pool.on("error", () => {});
  return pool;
}
