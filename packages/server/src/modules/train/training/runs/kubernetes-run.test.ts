import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { systemClock } from "../../../../kernel/clock.ts";
import { createKubernetes } from "../../../../platform/launch/kubernetes/kubernetes.ts";
import {
  container,
  podOf,
  type ScriptedKubernetes,
  startKubernetes,
} from "../../../../platform/launch/kubernetes/testing/scripted-kubernetes.ts";
import { settingsOf } from "../../../../platform/launch/kubernetes/testing/settings-of.ts";
import { createOutbound } from "../../../../platform/outbound/open.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { chat, type OpenTraining, openTraining, scope } from "../testing/open-training.ts";

const SECRET = { caCertificate: "-----BEGIN CERTIFICATE-----" };
const outbound = createOutbound({ allow: ["127.0.0.1"] });
let open: OpenTraining;
let there: ScriptedKubernetes;

beforeAll(async () => {
  there = await startKubernetes();
  open = await openTraining({ set: Array.from({ length: 12 }, (_, place) => chat(place)) });
  const toThere = (path: string) => path.replace(open.folder, "/runs");
  const toHere = (path: string) => path.replace("/runs", open.folder);
  const kubernetes = createKubernetes({ outbound, clock: systemClock });
  const targets: TrainingDeps["targets"] = {
    async open(_projectId, { name }) {
      const cluster = { url: there.url, token: there.token, settings: settingsOf(SECRET), toThere };
      const { runtime: _, ...settings } = settingsOf();
      return {
        name,
        settings: { ...settings, kind: "kubernetes", python: "python3" },
        toThere,
        toHere,
        launcher: kubernetes.open(cluster),
        manifestFor: (order) => kubernetes.manifest(cluster, order),
      };
    },
  };
  // No Python here: the cluster has one.
  await open.reopen({ targets, pythonPath: "/nowhere" });
}, 60_000);
afterAll(async () => {
  await open?.close();
  await there.close();
  await outbound.close();
});

test("the manifest of a run equals the sent manifest except for its id, and is neither sent nor contains a secret", async () => {
  const config = {
    name: "tuned",
    base_model: "tiny",
    datasets: [{ ref: "set" }],
    max_steps: 2,
    threads: 3,
    launcher: { type: "kubernetes", target: "cluster" },
  };
  const manifest = await open.training.manifest(scope, config);
  expect(manifest).toMatchObject({ kind: "Job", name: "treadle-run-id-1", namespace: "ml", target: "cluster" });
  expect(there.jobs.size).toBe(0);
  expect(await readdir(open.folder, { recursive: true })).not.toContain(join("training", "RUN_ID"));
  expect(await open.training.manifest(scope, config)).toEqual(manifest);
  expect(manifest.yaml).toContain("must be in /runs/training/RUN_ID first");
  for (const secret of [there.token, there.url, SECRET.caCertificate]) expect(manifest.yaml).not.toContain(secret);

  const { trainingRunId: id } = await open.training.start(scope, { config });
  await open.until(id, ({ message }) => message.includes("create a pod"));
  const [sent] = there.jobs.values();
  const named = manifest.yaml.replaceAll("RUN_ID", id).replaceAll("run-id", id.replaceAll("_", "-").toLowerCase());
  expect(parse(named)).toEqual(sent);
  await open.training.cancel(scope, id);
  await open.ended(id);
  while (there.jobs.size > 0) await delay(20);
}, 60_000);

test.each([
  [{ type: "local" }, "runs as a process on this machine"],
  [{ type: "torchrun", processes: 2 }, "runs as processes on this machine"],
  [{ type: "ray", target: "cluster" }, "is sent to Ray as a command"],
  [{ type: "provider", connection: "openai" }, "runs as a job of the provider's API"],
])("a run with %o has no manifest, and this is reported", async (launcher, words) => {
  const config = { base_model: "tiny", datasets: [{ ref: "set" }], launcher };
  await expect(open.training.manifest(scope, config)).rejects.toMatchObject({
    code: "unprocessable",
    details: { param: "launcher.type" },
    message: expect.stringContaining(`\`launcher.type: ${launcher.type}\` ${words}`),
  });
});

test("an invalid configuration has no manifest, and the problems are reported", async () => {
  const config = { base_model: "tiny", datasets: [], launcher: { type: "kubernetes", target: "cluster" } };
  await expect(open.training.manifest(scope, config)).rejects.toMatchObject({ code: "invalid_request" });
});

test("a run on a cluster waits, trains, outlives the cluster's absence and a restart, and says how its pod ended", async () => {
  const { trainingRunId: id } = await open.training.start(scope, {
    config: {
      name: "tuned",
      base_model: "tiny",
      datasets: [{ ref: "set" }],
      max_steps: 2,
      val: { fraction: 0 },
      launcher: { type: "kubernetes", target: "cluster" },
    },
  });
  const folder = join(open.folder, "training", id);
  const appendEvent = (event: object) =>
    appendFile(join(folder, "events.jsonl"), `${JSON.stringify({ v: 1, job: id, t: 1_790_000_000, ...event })}\n`);
  await open.until(id, ({ message }) => message.includes("create a pod"));
  const [name = ""] = there.jobs.keys();
  expect(JSON.parse(await readFile(join(folder, "job.json"), "utf8")).data.train).toBe(
    `/runs/training/${id}/data/train.jsonl`,
  );
  there.world.pods = [
    podOf(name, container("trainer", { waiting: { reason: "ErrImagePull", message: "no such image" } })),
  ];
  await open.until(id, ({ message }) => message.includes("cannot be pulled (ErrImagePull): no such image"));

  there.world.pods = [podOf(name, { phase: "Running" })];
  await appendEvent({ seq: 1, type: "metrics", step: 1, total_steps: 2, loss: 2 });
  expect(await open.until(id, ({ progress }) => progress.step === 1)).toMatchObject({ status: "running" });
  there.world.isAway = true;
  await open.reopen();
  await open.until(id, ({ message }) => message.includes("cannot be reached"));
  await appendEvent({ seq: 2, type: "metrics", step: 2, total_steps: 2, loss: 1 });
  there.world.isAway = false;
  there.world.pods = [podOf(name, { phase: "Failed", reason: "Evicted", message: "low on memory" })];
  expect(await open.ended(id)).toMatchObject({
    status: "failed",
    canResume: true,
    progress: { step: 2, loss: 1 },
    error: { kind: "platform", message: "The node evicted the pod: low on memory." },
  });

  await open.training.resume(scope, id);
  while (there.jobs.size < 2) await delay(20);
  await open.until(id, ({ message }) => message.includes("create a pod"));
  await open.training.cancel(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "cancelled" });
  while (there.jobs.size > 1) await delay(20);
  expect(there.jobs.has(name)).toBe(true);
}, 60_000);
