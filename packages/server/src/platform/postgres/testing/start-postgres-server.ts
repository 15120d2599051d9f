import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

export type PostgresServer = {
  /** A separate database on the server. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
};

const BINARIES = "/usr/lib/postgresql";
const START_MS = 60_000;

/**
 * A PostgreSQL server for tests: the server in TREADLE_TEST_POSTGRES_URL (with a user who can create databases), or a
 * private cluster on a free loopback port. Returns null if the machine has none, which CI does not allow.
 */
export async function startPostgresServer(): Promise<PostgresServer | null> {
  const url = process.env.TREADLE_TEST_POSTGRES_URL;
  if (url) return { createDatabase: () => createDatabase(url), async stop() {} };
  const binaries = await findBinaries();
  if (binaries) return startCluster(binaries);
  if (process.env.CI)
    throw new Error(`There is no PostgreSQL in ${BINARIES}: install it, or set TREADLE_TEST_POSTGRES_URL.`);
  return null;
}

async function findBinaries() {
  const versions = (await readdir(BINARIES).catch(() => [])).map(Number).filter((version) => version >= 15);
  return versions.length === 0 ? null : join(BINARIES, String(Math.max(...versions)), "bin");
}

async function startCluster(binaries: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "treadle-postgres-"));
  const user = await userFor(folder);
  const data = join(folder, "data");
  const made = spawnSync(
    join(binaries, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
    user,
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const settings = ["fsync=off", "listen_addresses=127.0.0.1", `port=${port}`, `unix_socket_directories=${folder}`];
  const server = spawn(join(binaries, "postgres"), ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
    ...user,
    stdio: "ignore",
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await answers(url, server);
  return {
    createDatabase: () => createDatabase(url),
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      if (server.exitCode === null && server.kill("SIGINT")) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root, so root runs it as the user that its package made. */
async function userFor(folder: string): Promise<{ uid?: number; gid?: number; encoding: "utf8" }> {
  if (process.getuid?.() !== 0) return { encoding: "utf8" };
  const idOf = (flag: string) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);
  const user = { uid: idOf("-u"), gid: idOf("-g") };
  await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  return { ...user, encoding: "utf8" };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function answers(url: string, server: ChildProcess) {
  for (const end = Date.now() + START_MS; ; ) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      return await client.end();
    } catch (cause) {
      if (server.exitCode !== null || Date.now() > end) throw new Error("PostgreSQL did not start.", { cause });
      await delay(50);
    }
  }
}

async function createDatabase(url: string): Promise<string> {
  const name = `treadle_${randomBytes(6).toString("hex")}`;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const created = new URL(url);
  created.pathname = `/${name}`;
  return created.href;
}
