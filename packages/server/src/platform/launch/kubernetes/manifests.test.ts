import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { jobManifest, jobNameOf, trainJobManifest } from "./manifests.ts";
import { settingsOf } from "./testing/settings-of.ts";

/** The schemas know every key, and refuse any other. */
async function validatorOf(name: string) {
  const schema: object = JSON.parse(await readFile(join(import.meta.dirname, "fixtures", name), "utf8"));
  return new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
}
const order = {
  folder: "/data/training/ftjob_01jabc",
  name: "attempt-2",
  command: ["python3", "-m", "treadle_trainer", "run", "job.json"] as [string, ...string[]],
  environment: { HF_HUB_OFFLINE: "1", HOME: "/runs/ftjob_01jabc" },
};
const folder = "/runs/ftjob_01jabc";
const full = { gpus: 1, serviceAccount: "trainer", imagePullSecret: "registry", memoryGb: 7.5 };

test.each([{}, full, { memoryGb: null }])(
  "a Job is what Kubernetes' schema of batch/v1 says, with %o",
  async (more) => {
    const validate = await validatorOf("job-batch-v1.json");
    const manifest = jobManifest({ order, settings: settingsOf(more), folder });
    validate(manifest);
    expect(validate.errors).toBeNull();
  },
);

test.each([{}, full, { memoryGb: null }])("a TrainJob is what Kubeflow's schema says, with %o", async (more) => {
  const validate = await validatorOf("trainjob-v1alpha1.json");
  const settings = settingsOf({ kind: "kubeflow", runtime: "torch-distributed", ...more });
  const manifest = trainJobManifest({ order, settings, folder });
  validate(manifest);
  expect(validate.errors).toBeNull();
});

test("the schemas find a key that is not there and a value of another kind", async () => {
  const job = await validatorOf("job-batch-v1.json");
  const made = jobManifest({ order, settings: settingsOf(), folder });
  expect(job({ ...made, spec: { ...made.spec, backofLimit: 0 } })).toBe(false);
  expect(job({ ...made, spec: { ...made.spec, backoffLimit: "none" } })).toBe(false);
  const trainJob = await validatorOf("trainjob-v1alpha1.json");
  const kubeflow = trainJobManifest({ order, settings: settingsOf({ kind: "kubeflow" }), folder });
  expect(trainJob({ ...kubeflow, spec: { ...kubeflow.spec, runtimeRef: {} } })).toBe(false);
  expect(trainJob({ ...kubeflow, spec: { ...kubeflow.spec, workers: 2 } })).toBe(false);
});

test("a Job runs once, as no root, without a token of the cluster, with what the target gives and the run's folder", () => {
  const { metadata, spec } = jobManifest({ order, settings: settingsOf(full), folder });
  const labels = { "treadle.dev/run": "ftjob_01jabc", "treadle.dev/attempt": "2" };
  expect(metadata).toMatchObject({ name: "treadle-ftjob-01jabc-2", namespace: "ml", labels });
  expect(spec).toMatchObject({ backoffLimit: 0, ttlSecondsAfterFinished: 3_600, template: { metadata: { labels } } });
  const pod = spec.template.spec;
  expect(pod).toMatchObject({
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 120,
    automountServiceAccountToken: false,
    serviceAccountName: "trainer",
    imagePullSecrets: [{ name: "registry" }],
    securityContext: { runAsNonRoot: true, runAsUser: 1_000, seccompProfile: { type: "RuntimeDefault" } },
  });
  expect(pod.volumes[0]).toEqual({ name: "runs", persistentVolumeClaim: { claimName: "runs" } });
  expect(pod.containers[0]).toMatchObject({
    image: "registry/trainer:1",
    workingDir: folder,
    command: order.command,
    env: [
      { name: "HF_HUB_OFFLINE", value: "1" },
      { name: "HOME", value: folder },
    ],
    resources: {
      requests: { cpu: "2000m", memory: "7680Mi", "nvidia.com/gpu": "1" },
      limits: { memory: "7680Mi", "nvidia.com/gpu": "1" },
    },
    volumeMounts: [
      { name: "runs", mountPath: "/runs" },
      { name: "scratch", mountPath: "/tmp" },
    ],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  });
});

test("names are made of what Kubernetes takes, the same for the same place, and short enough for its pods", () => {
  const long = { folder: `/x/ftjob_${"0".repeat(26)}`, name: "attempt-12" };
  expect(jobNameOf(long)).toMatch(/^[a-z][a-z0-9-]{0,49}$/);
  expect(jobNameOf(long)).toBe(jobNameOf({ ...long }));
  expect(jobNameOf({ ...long, name: "attempt-13" })).not.toBe(jobNameOf(long));
});
