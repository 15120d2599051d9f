import type { ComputeCluster } from "./modules/compute-targets/index.ts";
import { createRay } from "./platform/launch/ray.ts";
import type { Outbound } from "./platform/outbound/port.ts";

/** Clusters of every kind, by the settings that a compute target has. */
export function openClusters({ outbound }: { readonly outbound: Outbound }) {
  const ray = createRay({ outbound });
  return {
    check: ({ settings, ...cluster }: ComputeCluster, signal?: AbortSignal) => {
      switch (settings.kind) {
        case "ray":
          return ray.check({ ...cluster, settings }, signal);
        default:
          return settings.kind satisfies never;
      }
    },
    open: ({ settings, ...cluster }: ComputeCluster) => {
      switch (settings.kind) {
        case "ray":
          return ray.open({ ...cluster, settings });
        default:
          return settings.kind satisfies never;
      }
    },
  };
}
