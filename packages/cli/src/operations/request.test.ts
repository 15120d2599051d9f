import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type Recorded, startRecordingServer } from "../testing/recording-server.ts";
import { runInProcess } from "../testing/run-in-process.ts";
import { runTreadle } from "../testing/run-treadle.ts";

const server = await startRecordingServer();
const folder = mkdtempSync(join(tmpdir(), "treadle-request-"));
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  server.requests.splice(0);
  server.respondWith(() => ({ id: "x" }));
});

const run = (argv: readonly string[], stdin = "") =>
  runInProcess([...argv, "--url", server.url, "--key", "k"], { stdin });

test("a body comes from a file, from standard input or from the line, and flags change its fields", async () => {
  const file = join(folder, "body.json");
  writeFileSync(file, '{"name":"from file","description":"kept"}');
  await run(["dataset", "update", "ds_1", "--body", `@${file}`]);
  await run(["dataset", "update", "ds_1", "--body", "-"], '{"name":"piped"}');
  await run(["dataset", "update", "ds_1", "--body", `@${file}`, "--name", "from flag"]);
  expect(server.requests.map(({ body }) => body)).toEqual([
    { name: "from file", description: "kept" },
    { name: "piped" },
    { name: "from flag", description: "kept" },
  ]);
});

test("a nested field takes JSON, a file or standard input", async () => {
  const file = join(folder, "schema.json");
  writeFileSync(file, '{"inputs":{"type":"object"}}');
  for (const value of ['{"inputs":1}', `@${file}`, "-"])
    await run(["dataset", "update", "ds_1", "--schema", value], "[]");
  expect(server.requests.map(({ body }) => body)).toEqual([
    { schema: { inputs: 1 } },
    { schema: { inputs: { type: "object" } } },
    { schema: [] },
  ]);
});

test("booleans can be false, lists repeat, and fields can be null", async () => {
  await run(["dataset", "update", "ds_1", "--no-is-evaluation"]);
  await run(["prompt", "update", "greet", "--tags", "a", "--tags", "b"]);
  await run(["queue", "update", "queue_1", "--clear", "due-at"]);
  expect(server.requests.map(({ body }) => body)).toEqual([
    { isEvaluation: false },
    { tags: ["a", "b"] },
    { dueAt: null },
  ]);
});

test("a body without fields that are needed is still an object", async () => {
  await run(["dataset-draft", "undo", "ds_1"]);
  expect(server.requests[0]).toMatchObject({ body: {}, headers: { "content-type": "application/json" } });
});

test("headers and the project are sent along", async () => {
  await run(["dataset", "get", "ds_1", "--header", "X-Treadle-User: ada", "--project", "project_2"]);
  expect(server.requests[0]?.headers).toMatchObject({ "x-treadle-user": "ada", "x-treadle-project": "project_2" });
});

test("an idempotency key is sent as a header, by commands that create something only", async () => {
  await run(["api-key", "create", "--name", "ci", "--idempotency-key", "a"]);
  const target = '{"traceId":"t"}';
  await run([
    "feedback",
    "create",
    "--target",
    target,
    "--idempotency-key",
    "b",
    "--set-idempotency-key",
    "in the body",
  ]);
  for (const words of [
    ["project", "create", "Shop"],
    ["dataset", "create", "support"],
    ["dataset", "create", "attacks", "--test-set", "jailbreak"],
  ])
    await runTreadle([...words, "--idempotency-key", "c", "--json", "--url", server.url, "--key", "k"]);
  expect(server.requests.map(({ path, headers }) => [path, headers["idempotency-key"]])).toEqual([
    ["/api/v1/api-keys", "a"],
    ["/api/v1/feedback", "b"],
    ["/api/v1/projects", "c"],
    ["/api/v1/datasets", "c"],
    ["/api/v1/test-sets/jailbreak/datasets", "c"],
  ]);
  expect(server.requests[1]?.body).toEqual({ target: { traceId: "t" }, idempotencyKey: "in the body" });
  expect((await run(["dataset", "get", "ds_1", "--idempotency-key", "c"])).code).toBe(64);
});

test("OpenTelemetry data is sent as JSON, or as what a header says", async () => {
  const file = join(folder, "spans.bin");
  writeFileSync(file, Buffer.from([1, 2, 3]));
  await run(["otlp", "traces", "--file", "-"], '{"resourceSpans":[]}');
  await run(["otlp", "traces", "--file", file, "--header", "content-type: application/x-protobuf"]);
  expect(server.requests.map(({ path, headers }) => [path, headers["content-type"]])).toEqual([
    ["/v1/traces", "application/json"],
    ["/v1/traces", "application/x-protobuf"],
  ]);
  expect(server.requests[1]?.bytes).toEqual(Buffer.from([1, 2, 3]));
});

test("a file for fine-tuning is sent as OpenAI's form", async () => {
  const file = join(folder, "train.jsonl");
  writeFileSync(file, '{"messages":[]}\n');
  await run(["file", "upload", "--file", file]);
  const { headers, bytes } = server.requests[0] ?? {};
  const form = await new Response(new Uint8Array(bytes ?? []), {
    headers: { "content-type": headers?.["content-type"] ?? "" },
  }).formData();
  expect(form.get("purpose")).toBe("fine-tune");
  const sent = form.get("file");
  expect(sent instanceof File && [sent.name, await sent.text()]).toEqual(["train.jsonl", '{"messages":[]}\n']);
});

const job = (status: string, error: object | null = null) => ({
  jobId: "job_1",
  title: "Experiment",
  status,
  error,
  progress: { done: 1, total: 2, unit: "items", message: "" },
});
/** An experiment that starts, a job that ends like this, and the experiment at its end. */
const jobThatEnds =
  (...ends: [status: string, error?: object]) =>
  ({ method, path }: Recorded) => {
    if (path === "/api/v1/jobs/job_1") return job(...ends);
    return { experimentId: "exp_1", jobId: "job_1", status: method === "POST" ? "queued" : "done" };
  };
const RESUME = ["experiment", "resume", "exp_1", "--json"];

test("--wait follows the job and shows what it made", async () => {
  server.respondWith(jobThatEnds("done"));
  const { code, stdout } = await run([...RESUME, "--wait"]);
  expect([code, JSON.parse(stdout).status]).toEqual([0, "done"]);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /api/v1/experiments/exp_1/resume",
    "GET /api/v1/jobs/job_1",
    "GET /api/v1/experiments/exp_1",
  ]);
});

test("without --wait the command ends when the job is queued", async () => {
  server.respondWith(jobThatEnds("running"));
  expect(JSON.parse((await run(RESUME)).stdout).status).toBe("queued");
  expect(server.requests).toHaveLength(1);
});

test("where there is no object to show, it is the job", async () => {
  server.respondWith(jobThatEnds("done"));
  const { stdout } = await run(["model-import", "create", "--name", "m", "--source", "hf:a/b", "--json", "--wait"]);
  expect(JSON.parse(stdout)).toMatchObject({ jobId: "job_1", status: "done" });
});

test("a failed job ends with 1, and a canceled job with 3", async () => {
  server.respondWith(jobThatEnds("failed", { code: "unprocessable", message: "No items." }));
  expect(await run([...RESUME, "--wait"])).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("No items."),
  });
  server.respondWith(jobThatEnds("cancelled"));
  expect((await run([...RESUME, "--wait"])).code).toBe(3);
});
