import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import { type KubernetesAsker, type KubernetesCluster, parse, readReply } from "./ask-kubernetes.ts";

type Right = {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
};

const Version = z.object({ gitVersion: z.string() });
const Review = z.object({ status: z.object({ allowed: z.boolean() }) });
const KUBEFLOW = "trainer.kubeflow.org";

/** All that a launcher does on a cluster. */
const rightsFor = (kind: "kubernetes" | "kubeflow"): readonly Right[] => {
  const jobs = kind === "kubeflow" ? { group: KUBEFLOW, resource: "trainjobs" } : { group: "batch", resource: "jobs" };
  return [
    ...["create", "get", "delete"].map((verb) => ({ ...jobs, verb })),
    { verb: "list", group: "", resource: "pods" },
    { verb: "get", group: "", resource: "pods", subresource: "log" },
  ];
};

/** The cluster's identity, and whether the account has the required permissions. Throws with the missing ones. */
export async function checkCluster(
  ask: KubernetesAsker,
  cluster: KubernetesCluster,
  signal?: AbortSignal,
): Promise<string> {
  const { settings } = cluster;
  const version = await ask(cluster, { path: "/version", signal });
  const { success, data } = Version.safeParse(parse(version.text));
  if (!success)
    throw new AppError("unprocessable", {
      message: `${new URL(cluster.url).host} responds, but is not a Kubernetes API server. Enter the address of the API server, such as https://kubernetes.default.svc.`,
    });
  const missing: string[] = [];
  for (const right of rightsFor(settings.kind))
    if (!(await mayDo(ask, cluster, { right, signal }))) missing.push(wordsOf(right));
  if (missing.length > 0)
    throw new AppError("unprocessable", {
      message: `Kubernetes ${data.gitVersion} responded, but the account may not ${missing.join(", ")} in the namespace ${settings.namespace}. Give its role these verbs.`,
    });
  if (settings.kind === "kubeflow") await requireRuntime(ask, cluster, signal);
  return `Kubernetes ${data.gitVersion} responded, and the account has all permissions that runs need.`;
}

const wordsOf = ({ verb, resource, subresource }: Right): string =>
  `${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;

async function mayDo(
  ask: KubernetesAsker,
  cluster: KubernetesCluster,
  { right, signal }: { readonly right: Right; readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { namespace: cluster.settings.namespace, ...right } },
  };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  return readReply(Review, await ask(cluster, { method: "POST", path, body, signal })).status.allowed;
}

async function requireRuntime(ask: KubernetesAsker, cluster: KubernetesCluster, signal?: AbortSignal): Promise<void> {
  const name = cluster.settings.runtime ?? "";
  const path = `/apis/${KUBEFLOW}/v1alpha1/clustertrainingruntimes/${encodeURIComponent(name)}`;
  try {
    if ((await ask(cluster, { path, signal })).status !== 404) return;
  } catch (error) {
    // Whether there is a runtime is not for every account to know; a run needs no such right.
    if (error instanceof AppError && error.code === "unprocessable") return;
    throw error;
  }
  throw new AppError("unprocessable", {
    message: `The cluster has no ClusterTrainingRuntime "${name}". Install Kubeflow Trainer 2 with its runtimes, or name another runtime.`,
  });
}
