import { appendFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { createOutbound } from "../../outbound/open.ts";
import type { Cluster, RemoteLauncher } from "../port.ts";
import { createKubernetes } from "./kubernetes.ts";
import { jobNameOf } from "./manifests.ts";
import type { KubernetesSettings } from "./settings.ts";
import { container, podOf, type ScriptedKubernetes, startKubernetes } from "./testing/scripted-kubernetes.ts";
import { settingsOf } from "./testing/settings-of.ts";

const outbound = createOutbound({ allow: ["127.0.0.1"] });
const kubernetes = createKubernetes({ outbound, clock: systemClock });
let there: ScriptedKubernetes;
let folder = "";

beforeEach(async () => {
  there = await startKubernetes();
  folder = join(await mkdtemp(join(tmpdir(), "treadle-kubernetes-")), "ftjob_1");
  await mkdir(folder);
});
afterEach(async () => {
  await there.close();
  await rm(join(folder, ".."), { recursive: true, force: true });
});
afterAll(() => outbound.close());

const orderAt = (name = "attempt-1") => ({
  folder,
  name,
  command: ["python3", "-m", "treadle_trainer", "run", "job.json"] as [string, ...string[]],
  environment: { HF_HUB_OFFLINE: "1" },
});
const clusterOf = (more: Partial<KubernetesSettings> = {}): Cluster<KubernetesSettings> => ({
  url: there.url,
  token: there.token,
  settings: settingsOf(more),
  toThere: (path) => path.replace(join(folder, ".."), "/runs"),
});

describe.each(["kubernetes", "kubeflow"] as const)("a job on %s", (kind) => {
  const main = kind === "kubeflow" ? "node" : "trainer";
  let launcher: RemoteLauncher;
  beforeEach(() => {
    launcher = kubernetes.open(clusterOf({ kind, runtime: kind === "kubeflow" ? "torch-distributed" : null }));
  });
  const stands = (pod: object, jobStatus: object = {}, madeAt = new Date()) => {
    there.world.pods = [podOf(jobNameOf(orderAt()), pod, madeAt)];
    there.world.jobStatus = jobStatus;
  };

  test("is made once however often it is asked for, waits, runs and ends with the code of its container", async () => {
    expect(await launcher.poll(orderAt())).toEqual({ kind: "unknown" });
    await launcher.submit(orderAt());
    await launcher.submit(orderAt());
    expect(there.jobs.size).toBe(1);
    expect(there.count("POST", /jobs$/)).toBe(1);
    expect(await launcher.poll(orderAt())).toMatchObject({ kind: "waiting", message: expect.stringContaining("pod") });
    stands({ phase: "Running" });
    expect(await launcher.poll(orderAt())).toEqual({ kind: "running" });
    there.world.log = "one\ntwo\n";
    expect(await launcher.readLog(orderAt(), 4)).toEqual({ text: "two\n", isWhole: false });
    stands({ ...container(main, { terminated: { exitCode: 0, reason: "Completed" } }), phase: "Succeeded" });
    expect(await launcher.poll(orderAt())).toEqual({ kind: "ended", exitCode: 0 });
    // The cluster forgets; what was printed stays.
    there.jobs.clear();
    there.world.log = "";
    expect(await launcher.readLog(orderAt(), 1_000)).toEqual({ text: "one\ntwo\n", isWhole: true });
  });

  test("another try of the run is another job, and files of the folder are read and written here", async () => {
    await launcher.submit(orderAt());
    await launcher.submit(orderAt("attempt-2"));
    expect([...there.jobs.keys()]).toEqual(["treadle-ftjob-1-1", "treadle-ftjob-1-2"]);
    await appendFile(join(folder, "events.jsonl"), '{"seq":1}\n{"se');
    expect(await launcher.tail(orderAt(), "events.jsonl", 0)).toEqual({ lines: ['{"seq":1}'], cursor: 10 });
    await launcher.tell(orderAt(), "control.json", '{"cmd":"stop"}');
    expect((await launcher.tail(orderAt(), "control.json", 0)).lines).toEqual([]);
  });

  test("whose answer was lost on the way is found by its name and not made again", async () => {
    there.world.lost = 1;
    await launcher.submit(orderAt());
    expect(there.jobs.size).toBe(1);
    expect(await launcher.poll(orderAt())).toMatchObject({ kind: "waiting" });
    // By another server, to which it is 409.
    const other = kubernetes.open(clusterOf({ kind, runtime: kind === "kubeflow" ? "torch-distributed" : null }));
    await other.submit(orderAt());
    expect(there.jobs.size).toBe(1);
  });

  test("whose image cannot be pulled says so, and is taken away when that lasts", async () => {
    await launcher.submit(orderAt());
    const state = { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "registry/trainer:1"' } };
    stands(container(main, state));
    expect(await launcher.poll(orderAt())).toEqual({
      kind: "waiting",
      message:
        'The image registry/trainer:1 cannot be pulled (ImagePullBackOff): Back-off pulling image "registry/trainer:1". The cluster is retrying',
    });
    stands(container(main, state), {}, new Date(Date.now() - 600_000));
    const ended = await launcher.poll(orderAt());
    expect(ended).toMatchObject({
      kind: "ended",
      exitCode: null,
      message: expect.stringContaining("Fix the compute"),
    });
    expect(there.jobs.size).toBe(0);
    expect(await launcher.poll(orderAt())).toEqual(ended);
  });

  test.each([
    {
      what: "killed for its memory",
      pod: container(main, { terminated: { exitCode: 137, reason: "OOMKilled" } }),
      ended: {
        exitCode: 137,
        message: "The container used more memory than the compute target allows and was killed.",
      },
    },
    {
      what: "put out of its machine",
      pod: { reason: "Evicted", message: "The node was low on resource: memory." },
      ended: {
        exitCode: null,
        message: "The node evicted the pod: The node was low on resource: memory.",
      },
    },
    {
      what: "ended by itself",
      pod: container(main, { terminated: { exitCode: 2, reason: "Error" } }),
      ended: { exitCode: 2, message: "The container ended: Error." },
    },
  ])("that was $what says so", async ({ pod, ended }) => {
    await launcher.submit(orderAt());
    stands({ ...pod, phase: "Failed" }, { conditions: [{ type: "Failed", status: "True" }] });
    expect(await launcher.poll(orderAt())).toEqual({ kind: "ended", ...ended });
  });

  test("for which there is no room says what the cluster lacks", async () => {
    await launcher.submit(orderAt());
    const conditions = [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/3 nodes are available: 3 Insufficient cpu.",
      },
    ];
    stands({ phase: "Pending", conditions });
    expect(await launcher.poll(orderAt())).toEqual({
      kind: "waiting",
      message: "No node of the cluster has room: 0/3 nodes are available: 3 Insufficient cpu",
    });
  });

  test("is stopped by deleting it with its pods, and a job deleted by a user is reported as deleted", async () => {
    await launcher.submit(orderAt());
    stands({ phase: "Running" });
    await launcher.stop(orderAt(), { graceMs: 1 });
    expect(there.count("DELETE", /propagationPolicy=Foreground$/)).toBe(1);
    expect(await launcher.poll(orderAt())).toMatchObject({ kind: "ended", exitCode: null });
    await launcher.submit(orderAt("attempt-2"));
    there.jobs.clear();
    expect(await launcher.poll(orderAt("attempt-2"))).toMatchObject({
      message: expect.stringContaining("deleted there"),
    });
  });

  test("a cluster that forbids it is reported with the verb that the account lacks", async () => {
    const resource = kind === "kubeflow" ? "trainjobs" : "jobs";
    there.world.forbidden.add(`create ${resource}`);
    await expect(launcher.submit(orderAt())).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(
        new RegExp(`may not create ${resource} of .* in the namespace ml.*\`create\` on \`${resource}\``),
      ),
    });
    there.world.forbidden.clear();
    await launcher.submit(orderAt());
    there.world.forbidden.add("list pods");
    await expect(launcher.poll(orderAt())).rejects.toMatchObject({
      message: expect.stringContaining("may not list pods in"),
    });
  });

  test("a cluster that is away says nothing of the job, which is found again when it is back", async () => {
    await launcher.submit(orderAt());
    there.world.isAway = true;
    await expect(launcher.poll(orderAt())).rejects.toMatchObject({ code: "unavailable" });
    await expect(launcher.submit(orderAt("attempt-2"))).rejects.toMatchObject({ code: "unavailable" });
    there.world.isAway = false;
    expect(await launcher.poll(orderAt())).toMatchObject({ kind: "waiting" });
    expect(there.jobs.size).toBe(1);
  });
});

test("a folder that the container cannot see is reported before anything is created", async () => {
  const cluster = { ...clusterOf({ mountPath: "/elsewhere/" }) };
  await expect(kubernetes.open(cluster).submit(orderAt())).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("/runs/ftjob_1, which is not inside /elsewhere/"),
  });
  expect(there.count("POST", /./)).toBe(0);
});

describe("a test of a cluster", () => {
  test("says who it is", async () => {
    expect(await kubernetes.check(clusterOf())).toBe(
      "Kubernetes v1.37.0 responded, and the account has all permissions that runs need.",
    );
  });
  test("names every right that is missing", async () => {
    there.world.forbidden.add("create jobs").add("list pods");
    await expect(kubernetes.check(clusterOf())).rejects.toMatchObject({
      message: expect.stringContaining("may not create jobs, list pods in the namespace ml"),
    });
  });
  test("says that a token is not taken, that it is another server, and that Kubeflow's runtime is not there", async () => {
    await expect(kubernetes.check({ ...clusterOf(), token: "other" })).rejects.toMatchObject({
      message: expect.stringContaining("rejects the token"),
    });
    const kubeflow = clusterOf({ kind: "kubeflow", runtime: "none" });
    await expect(kubernetes.check(kubeflow)).rejects.toMatchObject({ message: expect.stringContaining('"none"') });
  });
});

describe("a cluster with its own certificate", () => {
  let secure: ScriptedKubernetes;
  let cert = "";
  beforeAll(async () => {
    const read = (name: string) => readFile(join(import.meta.dirname, "fixtures", name), "utf8");
    cert = await read("localhost-certificate.pem");
    secure = await startKubernetes({ tls: { key: await read("localhost-key.pem"), cert } });
  });
  afterAll(() => secure?.close());

  test("is asked when its authority is given, and not else", async () => {
    const cluster = { ...clusterOf({ caCertificate: cert }), url: secure.url };
    expect(await kubernetes.check(cluster)).toContain("v1.37.0");
    await expect(kubernetes.check({ ...cluster, settings: settingsOf() })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/self.signed/),
    });
  });
});
