import type { ComputeTarget } from "./use-compute-targets.ts";

type Kind = ComputeTarget["settings"]["kind"];

const API_SERVER = "The URL of the cluster's API server. The token belongs to a service account that may create jobs";

/** Labels and example addresses of the kinds of compute target. */
export const KINDS: Readonly<
  Record<Kind, { readonly label: string; readonly address: string; readonly help: string }>
> = {
  ray: {
    label: "Ray",
    address: "http://ray-head:8265",
    help: "The URL of the cluster's dashboard, which serves the jobs API",
  },
  kubernetes: { label: "Kubernetes", address: "https://kubernetes:6443", help: API_SERVER },
  kubeflow: { label: "Kubeflow", address: "https://kubernetes:6443", help: API_SERVER },
};
