import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSocket } from "./gateway-load.ts";

/** A server under test, or its client, in a separate process, so that its CPU can be measured. */
export type Running = {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly path: string;
};

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const TICKS_PER_SECOND = 100;

/** Starts processes on free ports and ends exactly those. */
export async function createProcesses() {
  const folder = await mkdtemp(join(tmpdir(), "treadle-bench-gateway-"));
  const children: ChildProcess[] = [];

  async function start(
    command: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const child = spawn(command, args, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    child.stdout?.resume();
    if (child.pid === undefined) throw new Error(`${command} did not start`);
    return child.pid;
  }

  return {
    folder,
    start,
    /** Answers every POST with one kilobyte of chat completion, and refuses those under `/refuses/`. */
    async nginx(body: string): Promise<Running> {
      const port = await freePort();
      const root = join(folder, "nginx");
      await mkdir(root, { recursive: true });
      await writeFile(join(root, "nginx.conf"), nginxConfig(root, port, body));
      const pid = await start("nginx", ["-p", root, "-c", join(root, "nginx.conf"), "-e", "stderr"]);
      await untilListening(port);
      return { name: "nginx", port, pid, headers: {}, model: "gpt-4o", path: "/v1/chat/completions" };
    },
    /** A script of this folder that listens on the port it is given. */
    async script(name: string, file: string, args: readonly string[] = []): Promise<Running> {
      const port = await freePort();
      const pid = await start(process.execPath, [here(file), String(port), ...args]);
      await untilListening(port);
      return { name, port, pid, headers: {}, model: "gpt-4o", path: "/v1/chat/completions" };
    },
    async portkey(upstreamPort: number, node = process.execPath): Promise<Running> {
      const entry = here("../node_modules/@portkey-ai/gateway/build/start-server.js");
      if (!existsSync(entry)) throw new Error("The peer is not installed. Run: npm ci --prefix bench --ignore-scripts");
      const port = await freePort();
      const pid = await start(node, [entry, `--port=${port}`, "--headless"]);
      await untilListening(port);
      const headers = {
        authorization: "Bearer sk-bench",
        "x-portkey-provider": "openai",
        "x-portkey-custom-host": `http://127.0.0.1:${upstreamPort}/v1`,
      };
      return { name: "portkey", port, pid, headers, model: "gpt-4o", path: "/v1/chat/completions" };
    },
    async close() {
      for (const child of children) child.kill("SIGTERM");
      await Promise.all(
        children.map((child) =>
          child.exitCode === null && child.signalCode === null
            ? new Promise((resolve) => child.once("exit", resolve))
            : null,
        ),
      );
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Processes = Awaited<ReturnType<typeof createProcesses>>;

/** Microseconds of CPU that a process has used so far, all its threads together. Linux only. */
export function cpuMicroseconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const socket = await openSocket(port).catch(() => null);
    socket?.destroy();
    if (socket) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port} after 30 s`);
}

const nginxConfig = (root: string, port: number, body: string) => `
daemon off;
master_process off;
pid ${join(root, "nginx.pid")};
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${join(root, "body")};
  proxy_temp_path ${join(root, "proxy")};
  fastcgi_temp_path ${join(root, "fastcgi")};
  uwsgi_temp_path ${join(root, "uwsgi")};
  scgi_temp_path ${join(root, "scgi")};
  keepalive_requests 1000000;
  keepalive_timeout 300s;
  client_body_buffer_size 64k;
  default_type application/json;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 '${body}'; }
    location /refuses/ { return 429 '{"error":{"message":"slow down"}}'; }
  }
}
`;
