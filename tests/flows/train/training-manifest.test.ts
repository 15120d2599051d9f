import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@treadle/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { runTreadle } from "../../../packages/cli/src/testing/run-treadle.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const TOKEN = "a-token-of-a-service-account";
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
let treadle: RunningTreadle;
let call: Client["call"];
let dataFolder = "";
let file = "";

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "treadle-manifest-"));
  treadle = await startTreadle({ dataFolder, env: { TREADLE_SAMPLE_DATA: "false" } });
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  const usual = { namespace: "ml", image: "registry.example/trainer:1", volumeClaim: "treadle", mountPath: "/runs" };
  for (const kind of ["kubernetes", "kubeflow"] as const)
    await call("POST /api/v1/compute-targets", {
      body: {
        name: `my-${kind}`,
        url: "https://127.0.0.1:1",
        token: TOKEN,
        folder: { here: dataFolder, there: "/runs" },
        settings: { kind, ...usual, gpus: 1, caCertificate: CERTIFICATE },
      },
    });
  file = join(dataFolder, "support.yaml");
  await writeFile(file, configOf("kubernetes"));
}, 120_000);
afterAll(async () => {
  await treadle?.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

const configOf = (kind: string) =>
  `base_model: tiny\ndatasets: [{ ref: support }]\nlauncher: { type: ${kind}, target: my-${kind} }\n`;
const requestManifest = (config: string) => call("POST /api/v1/training/manifest", { body: { config } });

test("the API gives the manifest of a run for each kind of cluster, without its token and certificate", async () => {
  const job = await requestManifest(configOf("kubernetes"));
  expect(job).toMatchObject({ kind: "Job", name: "treadle-run-id-1", namespace: "ml", target: "my-kubernetes" });
  const [container] = parse(job.yaml).spec.template.spec.containers;
  expect(container).toMatchObject({
    image: "registry.example/trainer:1",
    workingDir: "/runs/training/RUN_ID",
    resources: { limits: { "nvidia.com/gpu": "1" } },
  });
  const trainJob = await requestManifest(configOf("kubeflow"));
  expect(parse(trainJob.yaml)).toMatchObject({
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "TrainJob",
    metadata: { name: "treadle-run-id-1" },
    spec: { trainer: { image: "registry.example/trainer:1" } },
  });
  for (const { yaml } of [job, trainJob])
    for (const secret of [TOKEN, "CERTIFICATE", treadle.apiKey, dataFolder]) expect(yaml).not.toContain(secret);
  expect((await call("GET /api/v1/training-runs", { query: { limit: 10 } })).items).toEqual([]);
});

test("a target that the project has not, and a run that sends none, are refused with what to do", async () => {
  await expect(requestManifest(configOf("kubernetes").replace("my-kubernetes", "nobody"))).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('There is no compute target "nobody"'),
  });
  await expect(requestManifest("base_model: tiny\ndatasets: [{ ref: support }]\n")).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining("it has no manifest. Name a compute target with manifests"),
  });
});

test("the command line prints no manifest of a run that would lack its model and data", async () => {
  const { code, stdout, stderr } = await runTreadle(["train", "manifest", file, "--url", treadle.url], {
    env: { TREADLE_API_KEY: treadle.apiKey },
  });
  expect([code, stdout]).toEqual([64, ""]);
  expect(stderr).toMatch(/base_model: .*tiny/);
  expect(stderr).toMatch(/datasets.*support/);
});
