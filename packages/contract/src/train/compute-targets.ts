import { z } from "zod";
import { Done, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

export const ComputeTargetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "use lower-case letters, digits and hyphens, at most 40");

const path = z
  .string()
  .max(1_000)
  .regex(/^\/(?!.*(^|\/)\.\.(\/|$))[^\0\n]*$/, "use an absolute path without `..`");

/** What the program that trains is called there. */
const python = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .regex(/^[^\0\n]+$/, "write one line")
  .default("python3")
  .describe("A Python on the cluster that has the trainer's packages.");

const Ray = z.strictObject({
  kind: z.literal("ray"),
  python,
  cpus: z
    .number()
    .min(0.1)
    .max(4_096)
    .default(1)
    .meta({ title: "CPUs", description: "Processors that a run reserves and uses." }),
  gpus: z
    .number()
    .min(0)
    .max(1_024)
    .default(0)
    .meta({ title: "GPUs", description: "The number of GPUs that a run reserves." }),
  memoryGb: z
    .number()
    .positive()
    .max(100_000)
    .nullable()
    .default(null)
    .meta({ title: "Memory in GB", description: "Memory that a run reserves." }),
  stopSeconds: z
    .number()
    .int()
    .min(5)
    .max(3_600)
    .default(120)
    .describe("The time a run has to save after a request to end, before the cluster kills it."),
});

/** A name as Kubernetes takes it. */
const named = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "use lower-case letters and digits, with hyphens only in between");
const DAY_SECONDS = 86_400;

const cluster = {
  ...Ray.omit({ kind: true }).shape,
  namespace: named,
  image: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(/^\S+$/, "holds a space")
    .describe("An image that contains this Python and the trainer's packages."),
  volumeClaim: named.describe(
    "A claim for the volume with the shared folder. Several machines must be able to mount it at the same time.",
  ),
  mountPath: path.describe("Where the volume is mounted in the container. `folder.there` is inside it."),
  gpuResource: z
    .string()
    .max(120)
    .default("nvidia.com/gpu")
    .meta({ title: "GPU resource", description: "The cluster's resource name for GPUs." }),
  serviceAccount: named
    .nullable()
    .default(null)
    .describe("The service account of the pods. Null uses the namespace's default."),
  imagePullSecret: named.nullable().default(null),
  userId: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .default(1_000)
    .meta({
      title: "User id",
      description: "The user id that the container runs as. It must be able to write to the shared folder. Never root.",
    }),
  keepSeconds: z
    .number()
    .int()
    .min(60)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS)
    .describe("How long the cluster retains a job after it ends."),
  caCertificate: z
    .string()
    .trim()
    .max(50_000)
    .regex(/^-----BEGIN CERTIFICATE-----/, "must be in PEM format and start with -----BEGIN CERTIFICATE-----")
    .nullable()
    .default(null)
    .meta({
      title: "CA certificate",
      description: "The certificate authority of the API server. Null for a publicly trusted certificate.",
    }),
};
const Kubernetes = z.strictObject({ kind: z.literal("kubernetes"), ...cluster });
const Kubeflow = z.strictObject({
  kind: z.literal("kubeflow"),
  ...cluster,
  runtime: named.default("torch-distributed").describe("A ClusterTrainingRuntime of the cluster."),
});

/** The settings of a kind of compute target, in addition to its address. */
export const ComputeSettings = z.discriminatedUnion("kind", [Ray, Kubernetes, Kubeflow]);
export type ComputeSettings = z.output<typeof ComputeSettings>;
export type ComputeKind = ComputeSettings["kind"];

const settings = {
  name: ComputeTargetName.describe("The name that `launcher.target` of a training configuration uses."),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe("The address of its API, such as http://ray-head:8265."),
  folder: z
    .strictObject({
      here: path.describe("The folder's path on this server."),
      there: path.describe("The same folder's path on the cluster's machines."),
    })
    .nullable()
    .describe("The shared folder's path on each side. Null if the paths are the same."),
  settings: ComputeSettings,
};

const token = z
  .string()
  .trim()
  .min(1)
  .max(8_000)
  .regex(/^[\x21-\x7e]+$/, "contains a space or another character that is not allowed in a header; send only the token")
  .describe("Sent as a bearer token. Encrypted, and never returned.");

/** A place elsewhere that training runs can be sent to. */
export const ComputeTarget = z.object({
  computeTargetId: z.string(),
  ...settings,
  hasToken: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type ComputeTarget = z.output<typeof ComputeTarget>;

export const ComputeTargetInput = z.strictObject({
  ...settings,
  folder: settings.folder.default(null),
  token: token.nullable().default(null),
});
export type ComputeTargetInput = z.output<typeof ComputeTargetInput>;

export const ComputeTargetPatch = z.strictObject({
  name: settings.name.optional(),
  url: settings.url.optional(),
  folder: settings.folder.optional(),
  settings: settings.settings.optional().describe("All settings. They replace the previous settings."),
  token: token.nullable().optional().describe("Null removes the stored token."),
});
export type ComputeTargetPatch = z.output<typeof ComputeTargetPatch>;

const params = z.object({ computeTargetId: z.string() });

export const computeTargetsApi = defineApi({
  "GET /api/v1/compute-targets": {
    name: "listComputeTargets",
    summary: "The compute targets: clusters on which runs can train",
    permission: "compute:read",
    response: pageOf(ComputeTarget),
  },
  "POST /api/v1/compute-targets": {
    name: "createComputeTarget",
    summary: "Add a compute target: a cluster on which runs can train",
    permission: "compute:write",
    body: ComputeTargetInput,
    example: { name: "gpu-cluster", url: "https://ray.example.com", settings: { kind: "ray" } },
    response: ComputeTarget,
    status: 201,
  },
  "GET /api/v1/compute-targets/:computeTargetId": {
    name: "getComputeTarget",
    summary: "One compute target, without its token",
    permission: "compute:read",
    params,
    response: ComputeTarget,
  },
  "PATCH /api/v1/compute-targets/:computeTargetId": {
    name: "updateComputeTarget",
    summary: "Change a compute target; a new host erases its token unless a new token is sent",
    permission: "compute:write",
    params,
    body: ComputeTargetPatch,
    response: ComputeTarget,
  },
  "DELETE /api/v1/compute-targets/:computeTargetId": {
    name: "deleteComputeTarget",
    summary: "Delete a compute target without active runs",
    permission: "compute:write",
    params,
    response: Done,
  },
  "POST /api/v1/compute-targets/:computeTargetId/test": {
    name: "testComputeTarget",
    summary: "Test a compute target: log in to the cluster with the stored token and return its response",
    permission: "compute:write",
    params,
    response: z.object({ ok: z.boolean(), message: z.string(), durationMs: z.number() }),
  },
});
