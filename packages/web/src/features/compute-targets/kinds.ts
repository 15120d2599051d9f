import type { ComputeTarget } from "./use-compute-targets.ts";

type Kind = ComputeTarget["settings"]["kind"];

const API_SERVER = "Of the cluster's API server; the token is of a service account that may make jobs";

/** What kinds of places are called, and what their addresses look like. */
export const KINDS: Readonly<
  Record<Kind, { readonly label: string; readonly address: string; readonly help: string }>
> = {
  ray: {
    label: "Ray",
    address: "http://ray-head:8265",
    help: "Of the cluster's dashboard, where its API of jobs is",
  },
  kubernetes: { label: "Kubernetes", address: "https://kubernetes:6443", help: API_SERVER },
  kubeflow: { label: "Kubeflow", address: "https://kubernetes:6443", help: API_SERVER },
};
