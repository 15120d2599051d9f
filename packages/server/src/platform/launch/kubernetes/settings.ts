/** Where a run trains on a Kubernetes cluster, and what it may take there. */
export type KubernetesSettings = {
  readonly kind: "kubernetes" | "kubeflow";
  readonly namespace: string;
  readonly image: string;
  /** A claim of the namespace for the volume that holds the folders of runs. */
  readonly volumeClaim: string;
  /** Where that volume is seen in the container. */
  readonly mountPath: string;
  readonly cpus: number;
  readonly gpus: number;
  readonly gpuResource: string;
  readonly memoryGb: number | null;
  readonly serviceAccount: string | null;
  readonly imagePullSecret: string | null;
  /** The user that the container runs as; never 0. */
  readonly userId: number;
  /** Seconds that a run has to save after a request to end. */
  readonly stopSeconds: number;
  /** Seconds that an ended job is retained on the cluster. */
  readonly keepSeconds: number;
  /** The certificate authority of the API server in PEM. Null for a publicly trusted certificate. */
  readonly caCertificate: string | null;
  /** The ClusterTrainingRuntime of Kubeflow; null on plain Kubernetes. */
  readonly runtime: string | null;
};
