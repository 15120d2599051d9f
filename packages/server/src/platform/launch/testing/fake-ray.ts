import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type FakeJob = {
  readonly child: ChildProcess | null;
  logs: string;
  status: "PENDING" | "RUNNING" | "STOPPED" | "SUCCEEDED" | "FAILED";
  message: string;
  exitCode: number | null;
  readonly request: Submission;
};
type Submission = {
  readonly entrypoint: string;
  readonly submission_id: string;
  readonly runtime_env: { readonly env_vars: Readonly<Record<string, string>> };
};

/** Acts as the dashboard of a Ray cluster, and runs the jobs on this machine. */
export async function startFakeRay({ token = null }: { readonly token?: string | null } = {}) {
  const jobs = new Map<string, FakeJob>();
  const asked: string[] = [];
  const state = { token, isFull: false, isAway: false };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "" } = request;
    asked.push(`${method} ${url}`);
    const body = await readBody(request);
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof value === "string" ? value : JSON.stringify(value));
    };
    if (state.isAway) return send(503, "The head node is starting");
    if (state.token !== null && request.headers.authorization !== `Bearer ${state.token}`)
      return send(401, "Unauthorized: Missing authentication token");
    if (url === "/api/version") return send(200, { version: "4", ray_version: "2.60.0", ray_commit: "x" });
    if (method === "POST" && url === "/api/jobs/") return submit(JSON.parse(body), send);
    const [, id = "", what] = /^\/api\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(url) ?? [];
    const job = jobs.get(id);
    if (!job) return send(404, `Job ${id} does not exist`);
    if (what === "logs") return send(200, { logs: job.logs });
    if (what === "stop") {
      stop(job);
      return send(200, { stopped: true });
    }
    const { status, message, exitCode } = job;
    return send(200, { submission_id: id, status, message, driver_exit_code: exitCode });
  }

  function submit(given: Submission, send: (status: number, value: unknown) => void): void {
    const { submission_id } = given;
    const isKnown = jobs.has(submission_id);
    if (!isKnown) jobs.set(submission_id, run(given, state.isFull));
    if (isKnown) send(500, `Job with submission_id ${submission_id} already exists.`);
    else send(200, { job_id: submission_id, submission_id });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    state,
    jobs,
    asked,
    /** Simulates a restarted cluster: its jobs are lost. */
    forget() {
      for (const { child } of jobs.values()) if (child) signal(child, "SIGKILL");
      jobs.clear();
    },
    async close() {
      for (const { child } of jobs.values()) if (child) signal(child, "SIGKILL");
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type FakeRay = Awaited<ReturnType<typeof startFakeRay>>;

function run(request: Submission, isFull: boolean): FakeJob {
  const { entrypoint, runtime_env } = request;
  const env = { PATH: process.env.PATH, ...runtime_env.env_vars };
  const child = isFull ? null : spawn("/bin/sh", ["-c", entrypoint], { env, detached: true });
  const message = "Job is currently running.";
  const job: FakeJob = { child, logs: "", status: child ? "RUNNING" : "PENDING", message, exitCode: null, request };
  for (const stream of [child?.stdout, child?.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      job.logs += text;
    });
  child?.on("close", (code) => {
    if (job.status !== "RUNNING") return;
    job.exitCode = code;
    job.status = code === 0 ? "SUCCEEDED" : "FAILED";
    if (code !== 0) job.message = `Job entrypoint command failed with exit code ${code}`;
  });
  return job;
}

function stop(job: FakeJob): void {
  const { child } = job;
  if (job.status !== "RUNNING" || child === null) return;
  signal(child, "SIGTERM");
  const graceMs = Number(job.request.runtime_env.env_vars.RAY_JOB_STOP_WAIT_TIME_S ?? 3) * 1_000;
  const timer = setTimeout(() => signal(child, "SIGKILL"), graceMs);
  child.once("close", () => clearTimeout(timer));
  child.prependOnceListener("close", () => {
    job.status = "STOPPED";
    job.message = "Job was intentionally stopped.";
  });
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It is gone already.
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
