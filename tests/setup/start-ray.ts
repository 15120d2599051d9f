import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export type RunningRay = { readonly url: string; readonly token: string; close(): Promise<void> };

/** Starts a Ray cluster of one node on this machine with `ray start --head` and a token. */
export async function startRay(program: string): Promise<RunningRay> {
  // It contains sockets, whose paths must be short.
  const folder = await mkdtemp(join(tmpdir(), "ry-"));
  const token = randomBytes(32).toString("hex");
  const [port, dashboard] = [await freePort(), await freePort()];
  const words = [
    ...["start", "--head", "--block", "--disable-usage-stats", "--num-cpus=2", "--object-store-memory=80000000"],
    ...["--node-ip-address=127.0.0.1", `--port=${port}`, `--temp-dir=${folder}`],
    ...["--dashboard-host=127.0.0.1", `--dashboard-port=${dashboard}`],
  ];
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, RAY_AUTH_MODE: "token", RAY_AUTH_TOKEN: token };
  const child = spawn(program, words, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-4_000);
    });
  const url = `http://127.0.0.1:${dashboard}`;
  const close = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(`${url}/api/version`, { headers: { authorization: `Bearer ${token}` } }).catch(
      () => null,
    );
    if (answer?.ok) return { url, token, close };
    if (child.exitCode !== null) break;
    await delay(200);
  }
  await close();
  throw new Error(`Ray did not start: ${output}`);
}

/** Asks the process to end with its children. Kills what remains. */
async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.pid !== undefined) {
    child.kill("SIGTERM");
    await Promise.race([exited, delay(30_000)]);
  }
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nothing remains.
  }
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
