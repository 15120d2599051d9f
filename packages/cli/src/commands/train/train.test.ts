import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTreadle } from "../../testing/run-treadle.ts";
import { startScriptedServer } from "../../testing/scripted-server.ts";

const progress = {
  step: null,
  totalSteps: null,
  epoch: null,
  loss: null,
  evalLoss: null,
  tokensPerSecond: null,
  memoryMb: null,
  elapsedSeconds: null,
  etaSeconds: null,
  trainedTokens: null,
  bestStep: null,
  bestEvalLoss: null,
};
const run = {
  trainingRunId: "ftjob_1",
  name: "support",
  status: "queued",
  message: "Waiting in the queue",
  queuePosition: 1,
  base: { ref: "tiny", hash: null },
  config: { method: "sft", adapter: "lora", lora: { r: 8 } },
  data: null,
  progress,
  stopReason: null,
  error: null,
  model: null,
  warnings: [],
};
const running = {
  ...run,
  status: "running",
  queuePosition: null,
  message: "Training",
  progress: { ...progress, step: 20, totalSteps: 60, loss: 2.31, tokensPerSecond: 88.4, etaSeconds: 240 },
};
const done = {
  ...run,
  status: "succeeded",
  queuePosition: null,
  message: "Done",
  model: { name: "support", version: 3 },
  data: { train: 90, val: 10, skipped: 0, kept: { train: 40, val: 10 } },
};
const result = { step: 15, from: "last", evalLoss: 2.5 };
const sound = { config: {}, problems: [], warnings: ["`output_dir` has no effect here and is ignored."] };

let folder = "";
let file = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-train-"));
  file = join(folder, "support.yaml");
  await writeFile(file, "base_model: tiny\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a file is checked, its run followed to its end, and the model named", async () => {
  const states = [running, done];
  const server = await startScriptedServer({
    "POST /api/v1/training/validate": () => sound,
    "POST /api/v1/training-runs": () => run,
    "GET /api/v1/training-runs/ftjob_1": () => states.shift() ?? done,
  });
  const { code, stdout, stderr } = await runTreadle(["train", file, "--url", server.url]);
  expect(code).toBe(0);
  expect(stderr).toContain("`output_dir` has no effect here");
  expect(stderr).toContain("Waiting in the queue, place 1");
  expect(stderr).toContain("step 20 of 60, loss 2.310, 88 tokens/s, 4 min left");
  expect(stdout).toContain("model     support@3");
  await server.close();
});

test("a run that failed says why and what to do, and ends with 1", async () => {
  const error = { kind: "user", code: "bad_rows", message: "Row 3 is wrong.", whatToDo: "Mend it." };
  const server = await startScriptedServer({
    "POST /api/v1/training/validate": () => ({ ...sound, warnings: [] }),
    "POST /api/v1/training-runs": () => ({ ...run, status: "failed", error }),
  });
  const { code, stdout } = await runTreadle(["train", file, "--url", server.url]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/error {5}Row 3 is wrong\.\n +Mend it\./);
  await server.close();
});

test("problems of a file are reported by line, and nothing is started", async () => {
  const problems = [
    { path: "lora.rr", message: "is not a key of a training configuration; did you mean `r`?" },
    { path: "datasets", message: "is missing" },
  ];
  const server = await startScriptedServer({
    "POST /api/v1/training/validate": () => ({ config: null, problems, warnings: [] }),
  });
  for (const words of [
    ["train", file],
    ["train", "validate", file],
  ]) {
    const { code, stderr } = await runTreadle([...words, "--url", server.url]);
    expect(code).toBe(64);
    expect(stderr).toContain(
      "  lora.rr: is not a key of a training configuration; did you mean `r`?\n  datasets: is missing",
    );
  }
  expect((await runTreadle(["train", "validate", join(folder, "nobody.yaml"), "--url", server.url])).code).toBe(64);
  await server.close();
});

test("the manifest of a run is printed as it is, and nothing is started", async () => {
  const manifest = { kind: "Job", name: "treadle-run-id-1", namespace: "ml", target: "cluster", yaml: "kind: Job\n" };
  const server = await startScriptedServer({
    "POST /api/v1/training/validate": () => sound,
    "POST /api/v1/training/manifest": () => manifest,
  });
  const of = (...words: string[]) => runTreadle(["train", "manifest", ...words, "--url", server.url]);
  const { code, stdout, stderr } = await of(file);
  expect([code, stdout]).toEqual([0, "kind: Job\n"]);
  expect(stderr).toContain("`output_dir` has no effect here");
  expect((await of(file, "--json")).json()).toEqual(manifest);
  await server.close();
});

test("a file that is wrong or whose run sends no manifest prints none, and says why", async () => {
  const error = {
    code: "unprocessable",
    message: "A run with `launcher.type: local` runs as a process on this machine.",
  };
  const problems = [{ path: "datasets", message: "is missing" }];
  const server = await startScriptedServer({
    "POST /api/v1/training/validate": () => (states.shift() ? sound : { config: null, problems, warnings: [] }),
    "POST /api/v1/training/manifest": (_, response) => {
      response.statusCode = 422;
      return { error };
    },
  });
  const states = [true];
  const of = () => runTreadle(["train", "manifest", file, "--url", server.url]);
  const refused = await of();
  expect([refused.code === 0, refused.stdout]).toEqual([false, ""]);
  expect(refused.stderr).toContain("runs as a process on this machine");
  const wrong = await of();
  expect([wrong.code, wrong.stdout]).toEqual([64, ""]);
  expect(wrong.stderr).toContain("datasets: is missing");
  await server.close();
});

test("runs are listed, shown, controlled, and their log is printed as it is", async () => {
  const server = await startScriptedServer({
    "GET /api/v1/training-runs?limit=200&status=active": () => ({ items: [running], nextCursor: null }),
    "GET /api/v1/training-runs/ftjob_1": () => running,
    "POST /api/v1/training-runs/ftjob_1/stop": () => done,
    "POST /api/v1/training-runs/ftjob_1/stop?result=last": () => ({ ...done, result }),
    "GET /api/v1/training-runs/ftjob_1/logs?bytes=1000000": () => ({ text: "line 1\n", isWhole: true }),
  });
  const of = async (...words: string[]) => (await runTreadle(["train", ...words, "--url", server.url])).stdout;
  expect(await of("ls")).toBe("ftjob_1  support  running  20 of 60, 4 min left\n");
  expect(await of("show", "ftjob_1")).toContain("base      tiny, sft, LoRA of rank 8");
  expect(await of("stop", "ftjob_1")).toContain("succeeded");
  const chosen = await of("stop", "ftjob_1", "--result", "last");
  expect(chosen).toContain("result    the last checkpoint, from step 15, held-out loss 2.5000");
  expect(chosen).toContain("rows      40 to train on, 10 held out, 50 left out by the trainer");
  expect(await of("logs", "ftjob_1")).toBe("line 1\n");
  await server.close();
});

test("a run continues from its checkpoint, and --json prints the server's response", async () => {
  const paused = { ...run, status: "paused", queuePosition: null, message: "Paused" };
  const server = await startScriptedServer({
    "GET /api/v1/training-runs?limit=200": () => ({ items: [done, paused], nextCursor: null }),
    "GET /api/v1/training-runs?limit=200&status=active": () => ({ items: [], nextCursor: null }),
    "POST /api/v1/training-runs/ftjob_1/resume": () => run,
    "GET /api/v1/training-runs/ftjob_1/logs?bytes=1000000": () => ({ text: "the end\n", isWhole: false }),
  });
  const of = (...words: string[]) => runTreadle(["train", ...words, "--url", server.url]);
  expect((await of("resume", "ftjob_1")).stdout).toMatch(/^ftjob_1 {2}support {2}queued/);
  expect((await of("resume", "ftjob_1", "--json")).json()).toMatchObject({
    trainingRunId: "ftjob_1",
    status: "queued",
  });
  expect((await of("ls", "--all", "--json")).json()).toHaveLength(2);
  expect((await of("ls", "--all")).stdout.split("\n")).toHaveLength(3);
  expect(await of("ls")).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "No run is active. Use --all to include runs that have ended.\n",
  });
  expect(await of("logs", "ftjob_1")).toMatchObject({ stdout: "the end\n", stderr: "The beginning is omitted.\n" });
  await server.close();
});

test.each([
  ["a run that is not there", 404, "not_found", 'This project has no training run "ftjob_9".', 64],
  ["a state that does not allow it", 409, "conflict", "This run has ended already.", 64],
  ["a right that the key has not", 403, "forbidden", "This needs the permission training:write.", 4],
])("%s is reported in the server's words, with a separate exit code", async (...[, status, code, message, exit]) => {
  const refuse = (_: unknown, response: { statusCode: number }) => {
    response.statusCode = status;
    return { error: { code, message } };
  };
  const server = await startScriptedServer({
    "POST /api/v1/training-runs/ftjob_9/stop": refuse,
    "POST /api/v1/training-runs/ftjob_9/resume": refuse,
    "GET /api/v1/training-runs/ftjob_9/logs?bytes=1000000": refuse,
  });
  for (const verb of ["stop", "resume", "logs"]) {
    const answer = await runTreadle(["train", verb, "ftjob_9", "--url", server.url]);
    expect([answer.code, answer.stdout, answer.stderr], verb).toEqual([exit, "", `treadle: ${message}\n`]);
  }
  await server.close();
});

test("without a server it says how to start one", async () => {
  for (const words of [["ls"], ["logs", "ftjob_1"], ["stop", "ftjob_1"], ["resume", "ftjob_1"]]) {
    const { code, stderr } = await runTreadle(["train", ...words, "--url", "http://127.0.0.1:9"]);
    expect(code).toBe(4);
    expect(stderr).toContain("npm start");
  }
});

const job = {
  jobId: "job_1",
  kind: "training-estimate",
  title: "Estimate tiny",
  status: "running",
  error: null,
  result: null,
  progress: { done: 3, total: 8, unit: "", message: "Timing passes over a text" },
};

test("an estimate is followed as a job, and its result is printed", async () => {
  const states = [job, { ...job, status: "done" }];
  const server = await startScriptedServer({
    "POST /api/v1/training/validate": () => ({ ...sound, warnings: [] }),
    "POST /api/v1/training/estimate": () => ({ jobId: "job_1" }),
    "GET /api/v1/jobs/job_1": () => states.shift() ?? job,
    "GET /api/v1/training/estimates/job_1": () => ({ estimate: { steps: 60, rows: { train: 1, val: 0, skipped: 0 } } }),
  });
  const { code, json, stderr } = await runTreadle(["train", file, "--estimate", "--url", server.url]);
  expect([code, json()]).toMatchObject([0, { steps: 60 }]);
  expect(stderr).toContain("Estimate tiny: Timing passes over a text, 30 % of 8");
  await server.close();
});

test("the evaluation before the first step is shown while a run is followed", async () => {
  const message = "Evaluating the base model: 3 of 12 batches";
  const evaluating = { ...running, message, progress: { ...progress, step: 0, totalSteps: 60, evalBatches: 3 } };
  const states = [evaluating, done];
  const server = await startScriptedServer({
    "POST /api/v1/training/validate": () => ({ ...sound, warnings: [] }),
    "POST /api/v1/training-runs": () => run,
    "GET /api/v1/training-runs/ftjob_1": () => states.shift() ?? done,
  });
  expect((await runTreadle(["train", file, "--url", server.url])).stderr).toContain(message);
  await server.close();
});

const plan = {
  packages: [
    { name: "tqdm", version: "4.70.1", bytes: 80_000 },
    { name: "torch", version: "2.15.0+cpu", bytes: 184_000_000 },
  ],
  downloadBytes: 184_080_000,
  diskBytes: 2.5e9,
  freeBytes: 9e9,
  torch: "cpu",
  note: "",
};

test("what would be downloaded is shown with sizes before the trainer is installed, and with --plan nothing is", async () => {
  const trainer = {
    state: "ready",
    message: "It works.",
    python: "/p",
    jobId: null,
    doctor: null,
    planJobId: null,
    plan,
  };
  const installing = {
    ...job,
    title: "Install the trainer",
    progress: { done: 92_000_000, total: 184_080_000, unit: "bytes", message: "Downloading" },
  };
  const states = [installing, { ...installing, status: "done" }];
  const server = await startScriptedServer({
    "POST /api/v1/trainer/plan?environment=training": () => ({ ...trainer, planJobId: "job_2" }),
    "GET /api/v1/jobs/job_2": () => ({ ...job, status: "done" }),
    "GET /api/v1/trainer?probe=false&environment=training": () => trainer,
    "GET /api/v1/trainer?probe=true&environment=training": () => trainer,
    "POST /api/v1/trainer/install?environment=training": () => ({ ...trainer, jobId: "job_1" }),
    "GET /api/v1/jobs/job_1": () => states.shift() ?? { ...installing, status: "done" },
  });
  const looked = await runTreadle(["trainer", "install", "--plan", "--url", server.url]);
  expect(looked.stdout).toMatch(/torch +2\.15\.0\+cpu +184 MB\ntqdm +4\.70\.1 +80 kB/);
  expect(looked.stdout).toContain("To download: 184 MB in 2 packages. Disk space: about 2.5 GB needed, 9.0 GB free.");
  expect(server.seen.some(({ endpoint }) => endpoint.includes("/install"))).toBe(false);
  const { code, stderr } = await runTreadle(["trainer", "install", "--url", server.url]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/To download: 184 MB[\s\S]+Install the trainer: Downloading, 40 % of 184 MB/);
  await server.close();
});

test("the trainer says what it lacks, and ends with 1 until it works", async () => {
  const broken = {
    state: "broken",
    message: "It lacks torch.",
    python: "/p",
    jobId: null,
    doctor: { missing: ["torch"] },
  };
  const server = await startScriptedServer({ "GET /api/v1/trainer?probe=true&environment=training": () => broken });
  const { code, stdout } = await runTreadle(["trainer", "doctor", "--url", server.url]);
  expect(code).toBe(1);
  expect(stdout).toContain("broken: It lacks torch.");
  await server.close();
});
