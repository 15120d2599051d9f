import type { KubernetesSettings } from "../settings.ts";

/** Usual settings, with some of them changed. */
export const settingsOf = (more: Partial<KubernetesSettings> = {}): KubernetesSettings => ({
  kind: "kubernetes",
  namespace: "ml",
  image: "registry/trainer:1",
  volumeClaim: "runs",
  mountPath: "/runs",
  cpus: 2,
  gpus: 0,
  gpuResource: "nvidia.com/gpu",
  memoryGb: 4,
  serviceAccount: null,
  imagePullSecret: null,
  userId: 1_000,
  stopSeconds: 120,
  keepSeconds: 3_600,
  caCertificate: null,
  runtime: null,
  ...more,
});
