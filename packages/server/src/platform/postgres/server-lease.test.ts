import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DatabaseInUseError, takeServerLease } from "./server-lease.ts";
import { startPostgresServer } from "./testing/start-postgres-server.ts";

const server = await startPostgresServer();
afterAll(() => server?.stop());

const QUICK = { startMs: 100, beatMs: 20, retryMs: 20 };
const never = (error: Error) => {
  throw error;
};

describe.runIf(server)("the lease of a PostgreSQL database", () => {
  let url: string;
  let admin: pg.Client;
  beforeAll(async () => {
    if (server) url = await server.createDatabase();
    admin = new pg.Client(url);
    await admin.connect();
  });
  afterAll(() => admin?.end());

  const take = (onLost: (error: Error) => void = never) => takeServerLease({ url, onLost, timing: QUICK });
  const HOLDERS =
    "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'treadle % process %'";
  /** Ends the session, as a network that fails or a PostgreSQL that restarts does. */
  const cut = () => admin.query(`SELECT pg_terminate_backend(pid) ${HOLDERS}`);
  const holders = async () => (await admin.query<{ pid: number }>(`SELECT pid ${HOLDERS}`)).rows.map(({ pid }) => pid);

  test("a second server is refused and told who has the database; after the first has stopped it gets in", async () => {
    const first = await take();
    const refused = take().catch((error: unknown) => error);
    expect(await refused).toBeInstanceOf(DatabaseInUseError);
    expect(String(await refused)).toContain(`in use by process ${process.pid} on `);
    await first.close();
    await (await take()).close();
  });

  test("another database of the same server is another lease", async () => {
    const first = await take();
    const other = await takeServerLease({ url: (await server?.createDatabase()) ?? "", onLost: never, timing: QUICK });
    await other.close();
    await first.close();
  });

  test("a lease whose connection broke is taken again, and waited for", async () => {
    const lease = await take();
    const before = await holders();
    await cut();
    await expect.poll(async () => (await holders()).filter((pid) => !before.includes(pid)).length).toBe(1);
    await lease.whenHeld();
    await expect(take()).rejects.toThrow(DatabaseInUseError);
    await lease.close();
  });

  test("a server whose lease another server took is stopped, and does not get the database again", async () => {
    const lost: Error[] = [];
    const lease = await take((error) => void lost.push(error));
    const rival = new pg.Client({ connectionString: url, application_name: "treadle 00000000 process 1 on elsewhere" });
    await rival.connect();
    const waiting = rival.query("SELECT pg_advisory_lock(7470002, hashtext(current_schema()))");
    await admin.query(`SELECT pg_terminate_backend(pid) ${HOLDERS} AND application_name NOT LIKE '%elsewhere'`);
    await waiting;
    await expect.poll(() => lost.map(String)).toEqual([expect.stringContaining("in use by process 1 on elsewhere")]);
    const outcome = await Promise.race([
      lease.whenHeld().then(() => "held"),
      new Promise((done) => setTimeout(done, 100)),
    ]);
    expect(outcome).toBeUndefined();
    await lease.close();
    await rival.end();
  });
});
