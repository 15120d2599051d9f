import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTreadle } from "../../testing/run-treadle.ts";
import { startScriptedServer } from "../../testing/scripted-server.ts";

const BASE = "/api/v1/registry/models/support/versions/v3/conversions";
const WEIGHTS = "the weights";
const sha256 = createHash("sha256").update(WEIGHTS).digest("hex");
const made = {
  conversionId: "mc_1",
  format: "gguf",
  quantization: "Q8_0",
  sizeBytes: WEIGHTS.length,
  sha256: "f".repeat(64),
  files: [{ path: "support-v3-Q8_0.gguf", sizeBytes: WEIGHTS.length, sha256 }],
  checks: [
    { name: "load", passed: true, value: null, reference: null, message: "llama.cpp loads the file and can run it." },
    {
      name: "perplexity",
      passed: null,
      value: 12.5,
      reference: 12.4,
      message: "Its perplexity is 12.50, +0.81 % compared with F16.",
    },
  ],
  createdBy: "user_a",
  createdAt: "2026-01-02T03:04:05.000Z",
};
const job = (status: string, more: object = {}) => ({
  jobId: "job_1",
  kind: "model-conversion",
  title: "Convert support@v3 to GGUF Q8_0",
  status,
  progress: { done: 30, total: 100, unit: "weights", message: "gguf: blk.3.ffn_up.weight" },
  ...more,
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-convert-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const exporting = (url: string, ...words: string[]) =>
  runTreadle(["model", "export", "support@v3", "--url", url, ...words]);

test("a format is made on the server with progress, its report shown, and its file downloaded and checked", async () => {
  const lists = [{ items: [] }, { items: [made] }];
  const states = [job("running"), job("done")];
  const server = await startScriptedServer({
    [`GET ${BASE}`]: () => lists.shift(),
    [`POST ${BASE}`]: () => ({ jobId: "job_1" }),
    "GET /api/v1/jobs/job_1": () => states.shift() ?? job("done"),
    [`GET ${BASE}/mc_1/content?path=support-v3-Q8_0.gguf`]: (_, response) => void response.end(WEIGHTS),
  });
  const out = join(folder, "small.gguf");
  const { code, stdout, stderr } = await exporting(
    server.url,
    "--format",
    "gguf",
    "--quantization",
    "q8_0",
    "--out",
    out,
  );
  expect(stderr).toContain("gguf: blk.3.ffn_up.weight, 30 % of 100 weights");
  expect(code).toBe(0);
  expect(server.seen.find(({ endpoint }) => endpoint.startsWith("POST"))?.body).toEqual({
    format: "gguf",
    quantization: "Q8_0",
  });
  expect(stdout).toContain("ok  llama.cpp loads the file and can run it.");
  expect(stdout).toContain("+0.81 % compared with F16");
  expect(stdout).toContain(`${sha256.slice(0, 12)}`);
  expect(await readFile(out, "utf8")).toBe(WEIGHTS);
  await server.close();
});

test("an existing conversion is reused, and a damaged download leaves no file", async () => {
  const server = await startScriptedServer({
    [`GET ${BASE}`]: () => ({ items: [made] }),
    [`GET ${BASE}/mc_1/content?path=support-v3-Q8_0.gguf`]: (_, response) => void response.end("other weights"),
  });
  const there = await mkdtemp(join(folder, "damaged-"));
  const words = ["--format", "gguf", "--quantization", "Q8_0", "--out", join(there, "model.gguf")];
  const { code, stderr } = await exporting(server.url, ...words);
  expect(code).toBe(1);
  expect(stderr).toContain("arrived damaged");
  expect(await readdir(there)).toEqual([]);
  const exported = await exporting(server.url, "--format", "gguf", "--quantization", "Q8_0", "--no-download");
  expect(exported).toMatchObject({ code: 0, stdout: expect.stringContaining("with the version on the server") });
  expect(server.seen.some(({ endpoint }) => endpoint.startsWith("POST"))).toBe(false);
  await server.close();
});

test("a job that failed says why, and words that mean nothing are refused", async () => {
  const error = { code: "unprocessable", message: "These weights are Q4_1 already." };
  const server = await startScriptedServer({
    [`GET ${BASE}`]: () => ({ items: [] }),
    [`POST ${BASE}`]: () => ({ jobId: "job_1" }),
    "GET /api/v1/jobs/job_1": () => job("failed", { error }),
  });
  expect(await exporting(server.url, "--format", "gguf")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("These weights are Q4_1 already."),
  });
  expect(await exporting(server.url, "--format", "tflite")).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('"tflite" is not a format'),
  });
  expect(await exporting(server.url, "--format", "onnx", "--quantization", "Q8_0")).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("Only GGUF has a quantization"),
  });
  await server.close();
});
