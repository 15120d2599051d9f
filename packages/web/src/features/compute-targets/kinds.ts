import type { ComputeTarget } from "./use-compute-targets.ts";

type Kind = ComputeTarget["settings"]["kind"];

/** What kinds of places are called, and what their addresses look like. */
export const KINDS: Readonly<
  Record<Kind, { readonly label: string; readonly address: string; readonly help: string }>
> = {
  ray: {
    label: "Ray",
    address: "http://ray-head:8265",
    help: "Of the cluster's dashboard, where its API of jobs is",
  },
};
