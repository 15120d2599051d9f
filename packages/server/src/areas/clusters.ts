import { systemClock } from "../kernel/clock.ts";
import type { ComputeCluster } from "../modules/train/compute-targets/index.ts";
import { createKubernetes } from "../platform/launch/kubernetes/kubernetes.ts";
import type { LaunchOrder } from "../platform/launch/port.ts";
import { createRay } from "../platform/launch/ray.ts";
import type { Outbound } from "../platform/outbound/port.ts";

/** Clusters of every kind, by the settings that a compute target has. */
export function openClusters({ outbound }: { readonly outbound: Outbound }) {
  const ray = createRay({ outbound });
  const kubernetes = createKubernetes({ outbound, clock: systemClock });
  return {
    check: ({ settings, ...cluster }: ComputeCluster, signal?: AbortSignal) => {
      switch (settings.kind) {
        case "ray":
          return ray.check({ ...cluster, settings }, signal);
        case "kubernetes":
          return kubernetes.check({ ...cluster, settings: { ...settings, runtime: null } }, signal);
        case "kubeflow":
          return kubernetes.check({ ...cluster, settings }, signal);
        default:
          return settings satisfies never;
      }
    },
    open: ({ settings, ...cluster }: ComputeCluster) => {
      switch (settings.kind) {
        case "ray":
          return ray.open({ ...cluster, settings });
        case "kubernetes":
          return kubernetes.open({ ...cluster, settings: { ...settings, runtime: null } });
        case "kubeflow":
          return kubernetes.open({ ...cluster, settings });
        default:
          return settings satisfies never;
      }
    },
    manifest: ({ settings, ...cluster }: ComputeCluster, order: LaunchOrder) => {
      switch (settings.kind) {
        case "ray":
          return null;
        case "kubernetes":
          return kubernetes.manifest({ ...cluster, settings: { ...settings, runtime: null } }, order);
        case "kubeflow":
          return kubernetes.manifest({ ...cluster, settings }, order);
        default:
          return settings satisfies never;
      }
    },
  };
}
