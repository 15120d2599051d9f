import { basename } from "node:path";
import type { LaunchOrder, LaunchPlace } from "../port.ts";
import type { KubernetesSettings } from "./settings.ts";

type Ordered = { readonly order: LaunchOrder; readonly settings: KubernetesSettings; readonly folder: string };

/** Kubeflow's names for the training replica and its container. */
const NODE = "node";
const VOLUME = "runs";
const SCRATCH = "scratch";

/** The same for the same place, so that a job that is made twice is there once: letters, digits and dashes, as names must be. */
export const jobNameOf = ({ folder, name }: LaunchPlace): string =>
  `treadle-${basename(folder)}-${name.replace(/^attempt-/, "")}`.toLowerCase().replaceAll(/[^a-z0-9-]+/g, "-");

/** The label of every object of a run. */
const labelsOf = ({ folder, name }: LaunchPlace) => ({
  "app.kubernetes.io/name": "treadle-trainer",
  "app.kubernetes.io/managed-by": "treadle",
  "treadle.dev/run": basename(folder),
  "treadle.dev/attempt": name.replace(/^attempt-/, ""),
});

export const containerOf = ({ kind }: Pick<KubernetesSettings, "kind">): string =>
  kind === "kubeflow" ? NODE : "trainer";

/**
 * A Job of `batch/v1` that trains once and is not retried by the cluster. `folder` is the run's folder in the
 * container.
 */
export function jobManifest({ order, settings, folder }: Ordered) {
  const labels = labelsOf(order);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: jobNameOf(order), namespace: settings.namespace, labels },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: 0,
      ttlSecondsAfterFinished: settings.keepSeconds,
      template: {
        metadata: { labels },
        spec: {
          ...podOf(settings),
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          containers: [
            {
              name: containerOf(settings),
              image: settings.image,
              workingDir: folder,
              command: wordsOf(order),
              env: variablesOf(order),
              resources: resourcesOf(settings),
              volumeMounts: mountsOf(settings),
              securityContext: CONTAINER_SECURITY,
            },
          ],
        },
      },
    },
  };
}

/**
 * A TrainJob of Kubeflow Trainer on one node of a runtime. Missing settings of the runtime are patched into its pods.
 */
export function trainJobManifest({ order, settings, folder }: Ordered) {
  const labels = labelsOf(order);
  const [, ...words] = wordsOf(order);
  const patch = {
    metadata: { labels },
    spec: {
      ...podOf(settings),
      containers: [{ name: NODE, volumeMounts: mountsOf(settings), securityContext: CONTAINER_SECURITY }],
    },
  };
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "TrainJob",
    metadata: { name: jobNameOf(order), namespace: settings.namespace, labels },
    spec: {
      runtimeRef: {
        apiGroup: "trainer.kubeflow.org",
        kind: "ClusterTrainingRuntime",
        name: settings.runtime ?? "torch-distributed",
      },
      trainer: {
        image: settings.image,
        numNodes: 1,
        env: variablesOf(order),
        resourcesPerNode: resourcesOf(settings),
        // A runtime has no key for the folder that a command begins in.
        command: ["/bin/sh"],
        args: ["-c", 'cd "$1" && shift && exec "$@"', "sh", folder, order.command[0], ...words],
      },
      runtimePatches: [
        {
          manager: "treadle.dev/launcher",
          trainingRuntimeSpec: {
            template: { spec: { replicatedJobs: [{ name: NODE, template: { spec: { template: patch } } }] } },
          },
        },
      ],
    },
  };
}

const wordsOf = ({ command }: LaunchOrder): string[] => [...command];

const variablesOf = ({ environment }: LaunchOrder) =>
  Object.entries(environment).map(([name, value]) => ({ name, value }));

const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** The requirements of Kubernetes' strictest pod security standard, and the volume of the runs. */
const podOf = ({ serviceAccount, imagePullSecret, userId, stopSeconds, volumeClaim }: KubernetesSettings) => ({
  ...(serviceAccount !== null && { serviceAccountName: serviceAccount }),
  ...(imagePullSecret !== null && { imagePullSecrets: [{ name: imagePullSecret }] }),
  terminationGracePeriodSeconds: stopSeconds,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: userId,
    runAsGroup: userId,
    fsGroup: userId,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
  volumes: [
    { name: VOLUME, persistentVolumeClaim: { claimName: volumeClaim } },
    { name: SCRATCH, emptyDir: {} },
  ],
});

const mountsOf = ({ mountPath }: KubernetesSettings) => [
  { name: VOLUME, mountPath },
  { name: SCRATCH, mountPath: "/tmp" },
];

/** Requests equal limits: too much memory ends the run, not its neighbors. */
function resourcesOf({ cpus, memoryGb, gpus, gpuResource }: KubernetesSettings) {
  const memory = memoryGb === null ? {} : { memory: `${Math.ceil(memoryGb * 1_024)}Mi` };
  const cards = gpus > 0 ? { [gpuResource]: String(Math.ceil(gpus)) } : {};
  return {
    requests: { cpu: `${Math.ceil(cpus * 1_000)}m`, ...memory, ...cards },
    limits: { ...memory, ...cards },
  };
}
