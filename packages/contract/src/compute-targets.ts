import { z } from "zod";
import { Done, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const ComputeTargetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "use lower-case letters, digits and hyphens, at most 40");

const path = z
  .string()
  .max(1_000)
  .regex(/^\/(?!.*(^|\/)\.\.(\/|$))[^\0\n]*$/, "write a whole path that begins with / and holds no `..`");

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
    .meta({ title: "GPUs", description: "Graphics cards that a run reserves." }),
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
    .describe("What a run that is told to end has to save in, before the cluster kills it."),
});

/** A name as Kubernetes takes it. */
const named = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "use lower-case letters, digits and hyphens within");
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
    .describe("An image with the Python that is named and the trainer's packages."),
  volumeClaim: named.describe(
    "A claim for the volume that holds the shared folder; several machines may mount it at once.",
  ),
  mountPath: path.describe("Where that volume is mounted in the container; `folder.there` lies in it."),
  gpuResource: z
    .string()
    .max(120)
    .default("nvidia.com/gpu")
    .meta({ title: "GPU resource", description: "What the cluster calls its graphics cards." }),
  serviceAccount: named.nullable().default(null).describe("Of the pods; null takes the namespace's own."),
  imagePullSecret: named.nullable().default(null),
  userId: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .default(1_000)
    .meta({
      title: "User id",
      description: "The user that the container runs as; it must be able to write to the shared folder. Never root.",
    }),
  keepSeconds: z
    .number()
    .int()
    .min(60)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS)
    .describe("How long an ended job is kept."),
  caCertificate: z
    .string()
    .trim()
    .max(50_000)
    .regex(/^-----BEGIN CERTIFICATE-----/, "must be PEM and begin with -----BEGIN CERTIFICATE-----")
    .nullable()
    .default(null)
    .meta({
      title: "CA certificate",
      description: "Who signed the certificate of the API server; null for one that is publicly trusted.",
    }),
};
const Kubernetes = z.strictObject({ kind: z.literal("kubernetes"), ...cluster });
const Kubeflow = z.strictObject({
  kind: z.literal("kubeflow"),
  ...cluster,
  runtime: named.default("torch-distributed").describe("A ClusterTrainingRuntime of the cluster."),
});

/** What a kind of place needs to know beside its address. */
export const ComputeSettings = z.discriminatedUnion("kind", [Ray, Kubernetes, Kubeflow]);
export type ComputeSettings = z.output<typeof ComputeSettings>;
export type ComputeKind = ComputeSettings["kind"];

const settings = {
  name: ComputeTargetName.describe("What `launcher.target` of a training configuration names."),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe("The address of its API, such as http://ray-head:8265."),
  folder: z
    .strictObject({
      here: path.describe("A folder as this server sees it."),
      there: path.describe("The same folder as the cluster's machines see it."),
    })
    .nullable()
    .describe("How the shared file system is called on both sides; null when paths are the same."),
  settings: ComputeSettings,
};

const token = z
  .string()
  .trim()
  .min(1)
  .max(8_000)
  .regex(/^[\x21-\x7e]+$/, "holds a space or another character that a header cannot carry; give the token alone")
  .describe("Sent as a bearer token; kept encrypted and never read back.");

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
  settings: settings.settings.optional().describe("All of them; they take the place of those before."),
  token: token.nullable().optional().describe("Null removes the one that is kept."),
});
export type ComputeTargetPatch = z.output<typeof ComputeTargetPatch>;

const params = z.object({ computeTargetId: z.string() });

export const computeTargetsApi = defineApi({
  "GET /api/v1/compute-targets": {
    name: "listComputeTargets",
    summary: "The places elsewhere that training runs can be sent to",
    permission: "compute:read",
    response: z.object({ items: z.array(ComputeTarget) }),
  },
  "POST /api/v1/compute-targets": {
    name: "createComputeTarget",
    summary: "Add a cluster that training runs can be sent to",
    permission: "compute:write",
    body: ComputeTargetInput,
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
    summary: "Change a compute target; a new host wipes its token, unless a new one is given",
    permission: "compute:write",
    params,
    body: ComputeTargetPatch,
    response: ComputeTarget,
  },
  "DELETE /api/v1/compute-targets/:computeTargetId": {
    name: "deleteComputeTarget",
    summary: "Delete a compute target that no run is under way on",
    permission: "compute:write",
    params,
    response: Done,
  },
  "POST /api/v1/compute-targets/:computeTargetId/test": {
    name: "testComputeTarget",
    summary: "Ask the cluster who it is with the stored token, and say what came back",
    permission: "compute:write",
    params,
    response: z.object({ ok: z.boolean(), message: z.string(), durationMs: z.number() }),
  },
});
