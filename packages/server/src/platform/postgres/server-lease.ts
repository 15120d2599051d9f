import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";

/** The right to use a database, which one server at a time has. */
export type ServerLease = {
  /** Resolves when this process has the lease; while its connection is being restored, that is later. */
  whenHeld(): Promise<void>;
  close(): Promise<void>;
};

type Options = {
  readonly url: string;
  /** Called once, when another server has taken the lease: this process must stop using the database. */
  onLost(error: Error): void;
  readonly timing?: Partial<Timing>;
};
type Timing = {
  /** How long a start waits for a server that is just ending. */
  readonly startMs: number;
  readonly beatMs: number;
  readonly retryMs: number;
};

/** Another server has the database. */
export class DatabaseInUseError extends Error {
  override readonly name = "DatabaseInUseError";
}

/** Every Treadle takes the same lock. The second number is the schema's, so that two schemas of one database are two leases. */
const LOCK = 7_470_002;
const TIMING: Timing = { startMs: 5_000, beatMs: 5_000, retryMs: 1_000 };
const ANSWER_MS = 10_000;
/** After these PostgreSQL gives up a session whose machine is gone, and with it the lease. */
const CRASH_SECONDS = 30;
const SESSION = `SET idle_session_timeout = 0; SET tcp_keepalives_idle = ${CRASH_SECONDS / 2};
  SET tcp_keepalives_interval = ${CRASH_SECONDS / 6}; SET tcp_keepalives_count = 3`;

const Taken = z.tuple([z.object({ isTaken: z.boolean() })]);
const Holder = z.object({ pid: z.number(), name: z.string(), since: z.date() });
type Holder = z.infer<typeof Holder>;

/** PostgreSQL's classic form: the class of the lock is its first number, the object its second, as an unsigned integer. */
const FIND_HOLDER = `SELECT a.pid, a.application_name AS name, a.backend_start AS since
  FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objsubid = 2
    AND l.objid::bigint = hashtext(current_schema())::bigint & 4294967295
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/**
 * Takes the lease: a lock of PostgreSQL's that belongs to one connection, so it ends with its process, however that ends.
 * Throws `DatabaseInUseError` when another server has it.
 *
 * When the connection breaks, the lock is free. It is taken again before the pool opens any new connection (`whenHeld`).
 * If another server was faster, `onLost` is called. A session of this process that PostgreSQL still believes to be alive is ended.
 */
export async function takeServerLease({ url, onLost, timing: given }: Options): Promise<ServerLease> {
  const timing = { ...TIMING, ...given };
  const id = randomBytes(4).toString("hex");
  const name = `treadle ${id} process ${process.pid} on ${hostname()}`;
  let isClosed = false;
  let client = await takeAtStart();
  let held = Promise.resolve();
  watch(client);

  async function takeAtStart(): Promise<pg.Client> {
    for (const end = Date.now() + timing.startMs; ; await delay(Math.min(250, timing.retryMs))) {
      const result = await tryToTake({ url, name });
      if (result instanceof pg.Client) return result;
      if (Date.now() > end) throw inUse(result);
    }
  }

  async function takeAgain(): Promise<pg.Client | Holder | null> {
    const result = await tryToTake({ url, name });
    if (result instanceof pg.Client || result === null || !isOwn(result)) return result;
    await endSession(url, result.pid);
    return null;
  }

  const isOwn = (holder: Holder) => holder.name.startsWith(`treadle ${id} `);

  async function restore(): Promise<void> {
    while (!isClosed) {
      const result = await takeAgain().catch(() => null);
      if (result instanceof pg.Client) {
        client = result;
        watch(client);
        return isClosed ? client.end() : undefined;
      }
      if (result !== null) {
        onLost(inUse(result));
        return new Promise(() => {});
      }
      await delay(timing.retryMs);
    }
  }

  /** Asks now and then, since a connection that nothing uses does not show that it is broken. */
  function watch(watched: pg.Client) {
    const beat = setInterval(() => watched.query("SELECT 1").catch(() => broken()), timing.beatMs).unref();
    let isBroken = false;
    const broken = () => {
      if (isBroken) return;
      isBroken = true;
      clearInterval(beat);
      if (isClosed) return;
      void watched.end().catch(() => {});
      held = restore();
    };
    watched.on("error", broken);
    watched.on("end", broken);
  }

  return {
    whenHeld: () => held,
    async close() {
      isClosed = true;
      await client.end();
    },
  };
}

/** A connection that has the lease, or who has it; the holder's session may have ended meanwhile. */
async function tryToTake({ url, name }: { url: string; name: string }): Promise<pg.Client | Holder | null> {
  const client = await connect(url, name);
  try {
    await client.query(SESSION);
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, hashtext(current_schema())) AS "isTaken"', [
      LOCK,
    ]);
    const [{ isTaken }] = Taken.parse(rows);
    if (isTaken) return client;
    const [holder] = z.array(Holder).parse((await client.query(FIND_HOLDER, [LOCK])).rows);
    await client.end();
    return holder ?? null;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

async function connect(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  });
  // Before anything watches it, the current query reports the error.
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function endSession(url: string, pid: number): Promise<void> {
  const client = await connect(url, "treadle");
  await client.query("SELECT pg_terminate_backend($1)", [pid]).finally(() => client.end());
}

function inUse(holder: Holder | null) {
  const named = /^treadle \w+ (process .+)$/.exec(holder?.name ?? "")?.[1] ?? "another server";
  const who = holder ? `${named}, since ${holder.since.toISOString()}` : "another server";
  return new DatabaseInUseError(
    `The PostgreSQL database of TREADLE_POSTGRES_URL is in use by ${who}. Only one server at a time can use a database. ` +
      "Stop that server, or set TREADLE_POSTGRES_URL to another database for this one. " +
      `If that server's machine has crashed, PostgreSQL releases the database within ${CRASH_SECONDS} seconds. Start again then.`,
  );
}
