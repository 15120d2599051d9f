import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Outbound } from "../../outbound/port.ts";
import { readEndOf, readLines, readOr, sizeOf, writeWhole } from "../folder-files.ts";
import type { Cluster, DeclarativeKind, LaunchOrder, LaunchPlace, RemoteLauncher } from "../port.ts";
import { createKubernetesAsker, type KubernetesAsker, parse, type Question, readReply } from "./ask-kubernetes.ts";
import { checkCluster } from "./check-cluster.ts";
import { containerOf, jobManifest, jobNameOf, trainJobManifest } from "./manifests.ts";
import { JobState, Pod, type PodsState, stateOfJob } from "./read-pods.ts";
import type { KubernetesSettings } from "./settings.ts";

const LOOK_MS = 500;
/** Beyond what a job has to end in, for the cluster's own part. */
const STOP_MARGIN_MS = 30_000;
const LOG_LINES = 5_000;
const KEPT_LOG = 1024 * 1024;
const GONE = "The cluster no longer has the job. It was deleted there.";

const Pods = z.object({ items: z.array(Pod) });
/** A record that a job was created, and how it ended if it was deleted and this is known. */
const Mark = z.object({ job: z.string(), ended: z.string().nullable() });

const markOf = ({ folder, name }: LaunchPlace) => join(folder, `${name}.submitted`);
const logOf = ({ folder, name }: LaunchPlace) => join(folder, `${name}.log`);

type Deps = { readonly outbound: Pick<Outbound, "request">; readonly clock: Pick<Clock, "now"> };

/** Jobs of Kubernetes, and TrainJobs of Kubeflow, by the plain API of the cluster. Folders are seen there through a volume. */
export function createKubernetes({ outbound, clock }: Deps): DeclarativeKind<KubernetesSettings> {
  const ask = createKubernetesAsker(outbound);
  return {
    check: (cluster, signal) => checkCluster(ask, cluster, signal),
    open: (cluster) => openLauncher({ ask, clock }, cluster),
    manifest: (cluster, order) => manifestFor(order, cluster),
  };
}

/** The manifest of a run. Throws `unprocessable` when the container would not see the run's folder. */
function manifestFor(order: LaunchOrder, { settings, toThere }: Cluster<KubernetesSettings>) {
  const folder = toThere(order.folder);
  const { kind, mountPath } = settings;
  if (!`${folder}/`.startsWith(`${mountPath.replace(/\/+$/, "")}/`))
    throw new AppError("unprocessable", {
      message: `The container would look for the run in ${folder}, which is not inside ${mountPath}, where the volume is mounted. Correct \`mountPath\` or the shared folder of the compute target.`,
    });
  return kind === "kubeflow" ? trainJobManifest({ order, settings, folder }) : jobManifest({ order, settings, folder });
}

function pathsOf({ kind, namespace }: KubernetesSettings) {
  const ns = `namespaces/${encodeURIComponent(namespace)}`;
  return {
    jobs: kind === "kubeflow" ? `/apis/trainer.kubeflow.org/v1alpha1/${ns}/trainjobs` : `/apis/batch/v1/${ns}/jobs`,
    pods: `/api/v1/${ns}/pods`,
    // Kubeflow makes a JobSet of the same name.
    label: kind === "kubeflow" ? "jobset.sigs.k8s.io/jobset-name" : "batch.kubernetes.io/job-name",
  };
}

type Asking = { readonly ask: KubernetesAsker; readonly clock: Pick<Clock, "now"> };

function openLauncher({ ask, clock }: Asking, cluster: Cluster<KubernetesSettings>): RemoteLauncher {
  const { settings } = cluster;
  const paths = pathsOf(settings);
  const container = containerOf(settings);
  const pathOf = (place: LaunchPlace) => `${paths.jobs}/${jobNameOf(place)}`;
  const put = (question: Question) => ask(cluster, question);

  async function podsOf(place: LaunchPlace): Promise<readonly Pod[]> {
    const selector = encodeURIComponent(`${paths.label}=${jobNameOf(place)}`);
    const reply = await put({ path: `${paths.pods}?labelSelector=${selector}` });
    return reply.status === 404 ? [] : readReply(Pods, reply).items;
  }

  async function poll(place: LaunchPlace): Promise<PodsState> {
    const reply = await put({ path: pathOf(place) });
    if (reply.status === 404) return stateOfMissing(place);
    const pods = await podsOf(place);
    const { isHopeless, ...state } = stateOfJob(readReply(JobState, reply), pods, { container, now: clock.now() });
    if (state.kind !== "ended") return state;
    await keepLog(place, pods);
    if (isHopeless) await giveUp(place, state.message ?? null);
    return state;
  }

  async function fetchLog(pods: readonly Pod[]): Promise<string> {
    const [pod] = pods.toSorted((a, b) =>
      (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? ""),
    );
    if (!pod) return "";
    const query = `container=${container}&tailLines=${LOG_LINES}`;
    const reply = await put({ path: `${paths.pods}/${encodeURIComponent(pod.metadata.name)}/log?${query}` });
    return reply.status === 200 ? reply.text : "";
  }

  /** A cluster forgets what its pods printed; the folder of a run does not. */
  async function keepLog(place: LaunchPlace, pods: readonly Pod[]): Promise<void> {
    if ((await sizeOf(logOf(place))) > 0) return;
    const log = await fetchLog(pods).catch(ifRefused);
    if (log !== "") await writeWhole(logOf(place), log.slice(-KEPT_LOG));
  }

  /** Takes away a job that would wait for ever, and writes down why, so that it is known when the job is gone. */
  async function giveUp(place: LaunchPlace, ended: string | null): Promise<void> {
    await writeMark(place, ended);
    // In the foreground: the job is there until its pods are gone.
    await put({ method: "DELETE", path: `${pathOf(place)}?propagationPolicy=Foreground` });
  }

  return {
    poll,

    async submit(order) {
      if ((await poll(order)).kind !== "unknown") return;
      const body = manifestFor(order, cluster);
      try {
        // 409: it is there already, by another one or by a try whose answer was lost.
        const { status } = await put({ method: "POST", path: paths.jobs, body });
        if (status === 404) throw noKind(settings);
      } catch (error) {
        const { kind } = await poll(order).catch(() => ({ kind: "unknown" as const }));
        if (kind === "unknown") throw error;
      }
      await writeMark(order, null);
    },

    tail: ({ folder }, file, cursor) => readLines(join(folder, file), cursor),
    tell: ({ folder }, file, content) => writeWhole(join(folder, file), content),

    /** The cluster got its grace period with the job. */
    async stop(place) {
      if ((await put({ path: pathOf(place) })).status === 404) return;
      await keepLog(place, await podsOf(place));
      await giveUp(place, "The job was stopped and removed from the cluster.");
      const mostMs = settings.stopSeconds * 1_000 + STOP_MARGIN_MS;
      for (let waited = 0; waited < mostMs; waited += LOOK_MS) {
        if ((await put({ path: pathOf(place) })).status === 404) return;
        await delay(LOOK_MS);
      }
      throw new AppError("unavailable", {
        message: "The cluster was asked to stop the job, but the job is still running.",
      });
    },

    async readLog(place, bytes) {
      if ((await sizeOf(logOf(place))) > 0) return readEndOf(logOf(place), bytes);
      const log = Buffer.from(await fetchLog(await podsOf(place)));
      return { text: log.subarray(-bytes).toString("utf8"), isWhole: log.length <= bytes };
    },
  };
}

const writeMark = (place: LaunchPlace, ended: string | null) =>
  writeWhole(markOf(place), JSON.stringify({ job: jobNameOf(place), ended }));

/** Distinguishes a deleted job from one that was never created. */
async function stateOfMissing(place: LaunchPlace): Promise<PodsState> {
  const { success, data } = Mark.safeParse(parse(await readOr(markOf(place), "")));
  return success ? { kind: "ended", exitCode: null, message: data.ended ?? GONE } : { kind: "unknown" };
}

const noKind = ({ kind, namespace }: KubernetesSettings) =>
  new AppError("unprocessable", {
    message:
      kind === "kubeflow"
        ? `The cluster has no TrainJob resource, or no namespace ${namespace}. Install Kubeflow Trainer 2, or correct the compute target.`
        : `The cluster has no namespace ${namespace}. Create it, or correct the compute target.`,
  });

/** Temporarily missing information must not delay the rest. */
function ifRefused(error: unknown): string {
  if (error instanceof AppError) return "";
  throw error;
}
