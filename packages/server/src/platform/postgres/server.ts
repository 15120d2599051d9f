import pg from "pg";

/** Connections to a PostgreSQL server; a few per process, since one server may have many processes to feed. */
const CONNECTIONS = 10;
const CONNECT_MS = 10_000;
/** Nothing the product asks takes this long: what does is stuck, and would hold a connection and its locks for ever. */
const STATEMENT_MS = 60_000;

/** A pool over a server; nothing is connected until the first query. */
export function openServer(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    keepAlive: true,
    application_name: "treadle",
  });
  // A connection that breaks while it lies idle is replaced by the next query; unheard, it would end the process.
  pool.on("error", () => {});
  return pool;
}
