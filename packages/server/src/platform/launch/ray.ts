import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import type { Outbound } from "../outbound/port.ts";
import { type ClusterAsker, createClusterAsker } from "./ask-cluster.ts";
import { readEndOf, readLines, readOr, sizeOf, writeWhole } from "./folder-files.ts";
import type { Cluster, ClusterKind, LaunchOrder, LaunchPlace, LaunchState, RemoteLauncher } from "./port.ts";

/** The resources of a job on a Ray cluster, and its grace period in seconds. */
export type RaySettings = {
  readonly cpus: number;
  readonly gpus: number;
  readonly memoryGb: number | null;
  readonly stopSeconds: number;
};

const LOOK_MS = 500;
/** Beyond what a job has to end in, for the cluster's own part. */
const STOP_MARGIN_MS = 30_000;
const KEPT_LOG = 1024 * 1024;
const GIB = 1024 ** 3;
const FORGOTTEN = "The cluster no longer has the job. The cluster was restarted, or the job was deleted there.";
const STOPPED = "The job was stopped on the cluster.";

const Version = z.object({ ray_version: z.string() });
const Logs = z.object({ logs: z.string().nullable() });
const Job = z.object({
  status: z.enum(["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"]),
  message: z.string().nullish(),
  driver_exit_code: z.number().int().nullish(),
});

/** The same for the same place, so that a job that is sent twice is there once. */
const submissionOf = ({ folder, name }: LaunchPlace) => `treadle-${basename(folder)}-${name}`;
/** Distinguishes a job that a cluster lost from one that was never sent. */
const markOf = ({ folder, name }: LaunchPlace) => join(folder, `${name}.submitted`);
const logOf = ({ folder, name }: LaunchPlace) => join(folder, `${name}.log`);
const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Clusters of Ray, by the HTTP API of Ray Jobs on their dashboard's port. */
export function createRay({ outbound }: { readonly outbound: Pick<Outbound, "request"> }): ClusterKind<RaySettings> {
  const ask = createClusterAsker(outbound);
  return {
    async check(cluster, signal) {
      const text = await ask(cluster, { path: "/api/version", signal });
      const { success, data } = Version.safeParse(parse(text));
      if (!success)
        throw new AppError("unprocessable", {
          message: `${new URL(cluster.url).host} responds, but is not a Ray dashboard. Enter the address of the Ray dashboard, such as http://ray-head:8265.`,
        });
      // The version may be public. The token protects jobs.
      await ask(cluster, { path: "/api/jobs/treadle-test", signal });
      return `Ray ${data.ray_version} responded.`;
    },
    open: (cluster) => openLauncher(ask, cluster),
  };
}

function openLauncher(ask: ClusterAsker, cluster: Cluster<RaySettings>): RemoteLauncher {
  const pathOf = (place: LaunchPlace) => `/api/jobs/${encodeURIComponent(submissionOf(place))}`;

  async function poll(place: LaunchPlace): Promise<LaunchState> {
    const text = await ask(cluster, { path: pathOf(place) });
    if (text === null) {
      const wasSent = (await readOr(markOf(place), "")) !== "";
      return wasSent ? { kind: "ended", exitCode: null, message: FORGOTTEN } : { kind: "unknown" };
    }
    const state = stateOf(readAnswer(Job, text));
    if (state.kind === "ended") await keepLog(place);
    return state;
  }

  /** A cluster forgets what its jobs printed; the folder of a run does not. */
  async function keepLog(place: LaunchPlace): Promise<void> {
    const path = logOf(place);
    if ((await sizeOf(path)) > 0) return;
    const log = await fetchLog(place).catch(ifRefused);
    if (log !== null && log !== "") await writeWhole(path, log.slice(-KEPT_LOG));
  }

  async function fetchLog(place: LaunchPlace): Promise<string | null> {
    const text = await ask(cluster, { path: `${pathOf(place)}/logs` });
    return text === null ? null : (readAnswer(Logs, text).logs ?? "");
  }

  async function waitForEnd(place: LaunchPlace, mostMs: number): Promise<void> {
    for (let waited = 0; waited < mostMs; waited += LOOK_MS) {
      const { kind } = await poll(place);
      // A queued job gets the request when it starts.
      if (kind !== "running") return;
      await delay(LOOK_MS);
    }
    throw new AppError("unavailable", {
      message: "The cluster was asked to stop the job, but the job is still running.",
    });
  }

  return {
    poll,

    async submit(order) {
      if ((await poll(order)).kind !== "unknown") return;
      try {
        await ask(cluster, { method: "POST", path: "/api/jobs/", body: toRequest(order, cluster) });
      } catch (error) {
        // Another one may have sent it, or the answer alone was lost.
        const { kind } = await poll(order).catch(() => ({ kind: "unknown" as const }));
        if (kind === "unknown") throw error;
      }
      await writeFile(markOf(order), submissionOf(order));
    },

    tail: ({ folder }, file, cursor) => readLines(join(folder, file), cursor),
    tell: ({ folder }, file, content) => writeWhole(join(folder, file), content),

    /** The cluster got its grace period with the job. */
    async stop(place) {
      const { kind } = await poll(place);
      if (kind !== "running" && kind !== "waiting") return;
      await ask(cluster, { method: "POST", path: `${pathOf(place)}/stop` });
      await waitForEnd(place, cluster.settings.stopSeconds * 1_000 + STOP_MARGIN_MS);
    },

    async readLog(place, bytes) {
      const path = logOf(place);
      if ((await sizeOf(path)) > 0) return readEndOf(path, bytes);
      const log = Buffer.from((await fetchLog(place)) ?? "");
      return { text: log.subarray(-bytes).toString("utf8"), isWhole: log.length <= bytes };
    },
  };
}

const toRequest = (order: LaunchOrder, { settings, toThere }: Cluster<RaySettings>) => ({
  // Replaces the shell, so that the trainer itself receives the signal.
  entrypoint: `cd ${quote(toThere(order.folder))} && exec ${order.command.map(quote).join(" ")}`,
  submission_id: submissionOf(order),
  runtime_env: { env_vars: { ...order.environment, RAY_JOB_STOP_WAIT_TIME_S: String(settings.stopSeconds) } },
  metadata: { run: basename(order.folder), try: order.name },
  entrypoint_num_cpus: settings.cpus,
  entrypoint_num_gpus: settings.gpus,
  ...(settings.memoryGb !== null && { entrypoint_memory: Math.round(settings.memoryGb * GIB) }),
});

function stateOf({ status, message, driver_exit_code }: z.output<typeof Job>): LaunchState {
  const said = (message ?? "").trim();
  switch (status) {
    case "PENDING":
      return { kind: "waiting", message: "Waiting for room on the cluster" };
    case "RUNNING":
      return { kind: "running" };
    case "SUCCEEDED":
      return { kind: "ended", exitCode: driver_exit_code ?? 0 };
    case "STOPPED":
      return { kind: "ended", exitCode: null, message: STOPPED };
    case "FAILED": {
      const words =
        said === "" ? "The cluster reports that the job failed, without a reason." : `The cluster reports: ${said}`;
      return { kind: "ended", exitCode: driver_exit_code ?? null, message: words.slice(0, 1_000) };
    }
    default:
      return status satisfies never;
  }
}

function readAnswer<Shape extends z.ZodType>(shape: Shape, text: string): z.output<Shape> {
  const { success, data, error } = shape.safeParse(parse(text));
  if (success) return data;
  throw new AppError("unavailable", { message: "The response is not a Ray Jobs response.", cause: error });
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}

/** Temporarily missing information must not delay the rest. */
function ifRefused(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
