import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import { createKubernetes } from "../../platform/launch/kubernetes/kubernetes.ts";
import {
  container,
  podOf,
  type ScriptedKubernetes,
  startKubernetes,
} from "../../platform/launch/kubernetes/testing/scripted-kubernetes.ts";
import { settingsOf } from "../../platform/launch/kubernetes/testing/settings-of.ts";
import { createOutbound } from "../../platform/outbound/open.ts";
import type { TrainingDeps } from "./deps.ts";
import { chat, type OpenTraining, openTraining, scope } from "./testing/open-training.ts";

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
      const launcher = kubernetes.open({ url: there.url, token: there.token, settings: settingsOf(), toThere });
      const { runtime: _, ...settings } = settingsOf();
      return { name, settings: { ...settings, kind: "kubernetes", python: "python3" }, launcher, toThere, toHere };
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

test("a run on a cluster waits, trains, outlives the cluster's absence and a restart, and says how its pod ended", async () => {
  const { trainingRunId: id } = await open.training.start(scope, {
    config: {
      ...{ name: "tuned", base_model: "tiny", datasets: [{ ref: "set" }], max_steps: 2, val: { fraction: 0 } },
      launcher: { type: "kubernetes", target: "cluster" },
    },
  });
  const folder = join(open.folder, "training", id);
  const tell = (event: object) =>
    appendFile(join(folder, "events.jsonl"), `${JSON.stringify({ v: 1, job: id, t: 1_790_000_000, ...event })}\n`);
  await open.until(id, ({ message }) => message.includes("make a pod"));
  const [name = ""] = there.jobs.keys();
  expect(JSON.parse(await readFile(join(folder, "job.json"), "utf8")).data.train).toBe(
    `/runs/training/${id}/data/train.jsonl`,
  );
  there.world.pods = [
    podOf(name, container("trainer", { waiting: { reason: "ErrImagePull", message: "no such image" } })),
  ];
  await open.until(id, ({ message }) => message.includes("cannot be pulled (ErrImagePull): no such image"));

  there.world.pods = [podOf(name, { phase: "Running" })];
  await tell({ seq: 1, type: "metrics", step: 1, total_steps: 2, loss: 2 });
  expect(await open.until(id, ({ progress }) => progress.step === 1)).toMatchObject({ status: "running" });
  there.world.isAway = true;
  await open.reopen();
  await open.until(id, ({ message }) => message.includes("cannot be reached"));
  await tell({ seq: 2, type: "metrics", step: 2, total_steps: 2, loss: 1 });
  there.world.isAway = false;
  there.world.pods = [podOf(name, { phase: "Failed", reason: "Evicted", message: "low on memory" })];
  expect(await open.ended(id)).toMatchObject({
    ...{ status: "failed", canResume: true, progress: { step: 2, loss: 1 } },
    error: { kind: "platform", message: "The machine that it ran on put the pod out: low on memory." },
  });

  await open.training.resume(scope, id);
  while (there.jobs.size < 2) await delay(20);
  await open.until(id, ({ message }) => message.includes("make a pod"));
  await open.training.cancel(scope, id);
  expect(await open.ended(id)).toMatchObject({ status: "cancelled" });
  while (there.jobs.size > 1) await delay(20);
  expect(there.jobs.has(name)).toBe(true);
}, 60_000);
