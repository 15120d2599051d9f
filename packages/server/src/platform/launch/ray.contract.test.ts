import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createOutbound } from "../outbound/open.ts";
import type { Cluster, LaunchOrder, LaunchPlace, RemoteLauncher } from "./port.ts";
import { createRay, type RaySettings } from "./ray.ts";
import { type FakeRay, startFakeRay } from "./testing/fake-ray.ts";

const outbound = createOutbound({ allow: ["127.0.0.1"] });
const kind = createRay({ outbound });
const settings: RaySettings = { cpus: 1.5, gpus: 0, memoryGb: 2, stopSeconds: 5 };

let ray: FakeRay;
let folder = "";
let place: LaunchPlace;
let launcher: RemoteLauncher;
const clusterOf = (more: Partial<Cluster<RaySettings>> = {}): Cluster<RaySettings> => ({
  url: ray.url,
  token: null,
  settings,
  toThere: (path) => path,
  ...more,
});
beforeAll(async () => {
  ray = await startFakeRay();
});
beforeEach(async () => {
  Object.assign(ray.state, { token: null, isFull: false, isAway: false });
  folder = await mkdtemp(join(tmpdir(), "treadle-ray-"));
  place = { folder, name: "attempt-1" };
  launcher = kind.open(clusterOf());
});
afterEach(async () => {
  ray.forget();
  await rm(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await ray?.close();
  await outbound.close();
});

const shell = (script: string): LaunchOrder => ({
  ...place,
  environment: { ONLY: "this" },
  command: ["/bin/sh", "-c", script],
});
const hasEnded = async () => (await launcher.poll(place)).kind === "ended";
const read = (name: string) => readFile(join(folder, name), "utf8").catch(() => "");
async function until(isSo: () => Promise<boolean>) {
  for (let tries = 0; tries < 600 && !(await isSo()); tries++) await delay(20);
  expect(await isSo()).toBe(true);
}

test("nothing is known of a place before anything was sent there", async () => {
  expect(await launcher.poll(place)).toEqual({ kind: "unknown" });
});

test("a job runs in the folder at the cluster's path, and its exit code and output are stored", async () => {
  const there = `${folder}-there`;
  await symlink(folder, there);
  launcher = kind.open(clusterOf({ toThere: (path) => path.replace(folder, there) }));
  await launcher.submit(shell('pwd > where; echo "it\'s $ONLY"; exit 3'));
  await until(hasEnded);
  expect(await launcher.poll(place)).toMatchObject({
    kind: "ended",
    exitCode: 3,
    message: expect.stringMatching("exit code 3"),
  });
  expect(await read("where")).toBe(`${there}\n`);
  expect(await launcher.readLog(place, 100)).toEqual({ text: "it's this\n", isWhole: true });
  await rm(there);
});

test("what a job reserves and who it is goes along with it", async () => {
  await launcher.submit(shell("exit 0"));
  const [job] = ray.jobs.values();
  expect(job?.request).toMatchObject({
    submission_id: `treadle-${basename(folder)}-attempt-1`,
    entrypoint_num_cpus: 1.5,
    entrypoint_num_gpus: 0,
    entrypoint_memory: 2 * 1024 ** 3,
    runtime_env: { env_vars: { ONLY: "this", RAY_JOB_STOP_WAIT_TIME_S: "5" } },
  });
  await until(hasEnded);
  expect(await launcher.poll(place)).toEqual({ kind: "ended", exitCode: 0 });
});

test("asked twice for one place, it starts once, and a new launcher finds it again", async () => {
  const order = shell("echo x >> begun; sleep 30");
  await Promise.all([launcher.submit(order), kind.open(clusterOf()).submit(order)]);
  await until(async () => (await read("begun")) !== "");
  await kind.open(clusterOf()).submit(order);
  expect(await kind.open(clusterOf()).poll(place)).toEqual({ kind: "running" });
  expect(await read("begun")).toBe("x\n");
});

test("it is asked to end and can clean up", async () => {
  await launcher.submit(shell("trap 'echo saved > saved; exit 3' TERM; echo > ready; while :; do sleep 0.05; done"));
  await until(async () => (await read("ready")) !== "");
  await launcher.stop(place, { graceMs: 10_000 });
  expect(await read("saved")).toBe("saved\n");
  expect(await launcher.poll(place)).toMatchObject({
    kind: "ended",
    exitCode: null,
    message: expect.stringMatching("stopped"),
  });
});

test("a queued job is reported as queued, and so is its stop", async () => {
  ray.state.isFull = true;
  await launcher.submit(shell("exit 0"));
  expect(await launcher.poll(place)).toEqual({ kind: "waiting", message: "Waiting for room on the cluster" });
  await launcher.stop(place, { graceMs: 0 });
});

test("a lost job is distinguished from an unknown job, and the log remains", async () => {
  await launcher.submit(shell("echo kept; exit 0"));
  await until(hasEnded);
  ray.forget();
  expect(await launcher.poll(place)).toMatchObject({
    kind: "ended",
    exitCode: null,
    message: expect.stringMatching("no longer has"),
  });
  expect((await launcher.readLog(place, 100)).text).toBe("kept\n");
  expect(await launcher.poll({ folder, name: "attempt-2" })).toEqual({ kind: "unknown" });
});

test("a cluster that is away is unavailable, and nothing is taken for ended", async () => {
  await launcher.submit(shell("sleep 30"));
  ray.state.isAway = true;
  await expect(launcher.poll(place)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching("responded with 503"),
  });
  await expect(launcher.submit({ ...shell("exit 0"), name: "attempt-2" })).rejects.toMatchObject({
    code: "unavailable",
  });
  ray.state.isAway = false;
  expect(await launcher.poll(place)).toEqual({ kind: "running" });
  const nobody = kind.open(clusterOf({ url: "http://127.0.0.1:1" }));
  await expect(nobody.poll(place)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching("refuses connections"),
  });
});

test("a token is sent, and a wrong or missing token is reported as such", async () => {
  ray.state.token = "secret-token";
  await expect(launcher.poll(place)).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringMatching("requires a token"),
  });
  await expect(kind.check(clusterOf({ token: "other" }))).rejects.toMatchObject({
    message: expect.stringMatching("rejects the token"),
  });
  expect(await kind.check(clusterOf({ token: "secret-token" }))).toBe("Ray 2.60.0 responded.");
});

test("something else that answers at the address is not taken for Ray", async () => {
  await expect(kind.check(clusterOf({ url: `${ray.url}/other` }))).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringMatching("not a Ray dashboard"),
  });
});

test("an address that may not be reached is refused before anything is sent", async () => {
  const guarded = createRay({ outbound: createOutbound({ allow: [] }) });
  await expect(guarded.check(clusterOf())).rejects.toMatchObject({ code: "unprocessable" });
});

test("lines are read and files are written in the shared folder", async () => {
  await writeFile(join(folder, "events.jsonl"), '{"a":1}\n{"b"');
  expect(await launcher.tail(place, "events.jsonl", 0)).toEqual({ lines: ['{"a":1}'], cursor: 8 });
  await launcher.tell(place, "control.json", "{}");
  expect(await read("control.json")).toBe("{}");
});
