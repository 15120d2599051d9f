import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createClient } from "../../packages/sdk/src/index.ts";
import { type RunningTreadle, startTreadle } from "../setup/start-treadle.ts";

const python = process.env.TREADLE_TRAINER_PYTHON ?? "";
const onnxPython = process.env.TREADLE_ONNX_PYTHON ?? "";
/** A folder in which `npm install --ignore-scripts @huggingface/transformers@4.3.1` ran. */
const library = process.env.TREADLE_TRANSFORMERS_JS ?? "";
const SOURCES = join(import.meta.dirname, "../../packages/trainer/src");

const Said = z.object({ content: z.string().nullish() }).optional();
const Completion = z.object({ choices: z.array(z.object({ message: Said, delta: Said })) });

describe.runIf(python !== "")("formats of a real model (needs TREADLE_TRAINER_PYTHON)", () => {
  let folder = "";
  let treadle: RunningTreadle;
  const client = () => createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const params = { name: "tiny", version: "1" };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "treadle-formats-"));
    const env = { PATH: process.env.PATH, PYTHONPATH: SOURCES, OMP_NUM_THREADS: "1" };
    const command = ["-m", "treadle_trainer", "make-tiny", "--out", join(folder, "tiny")];
    await promisify(execFile)(python, command, { env, maxBuffer: 2 ** 24 });
    treadle = await startTreadle({
      dataFolder: join(folder, "data"),
      env: {
        ...{ TREADLE_TRAINER_PYTHON: python, TREADLE_SAMPLE_DATA: "false" },
        ...(onnxPython !== "" && { TREADLE_ONNX_PYTHON: onnxPython }),
        ...(library !== "" && { TREADLE_TRANSFORMERS_JS: library }),
      },
    });
    const { jobId } = await client().call("POST /api/v1/registry/imports", {
      body: { name: "tiny", source: join(folder, "tiny", "tiny.gguf") },
    });
    await ended(jobId);
  }, 300_000);
  afterAll(async () => {
    await treadle?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function ended(jobId: string) {
    for (let tries = 0; tries < 2_000; tries++) {
      const job = await client().call("GET /api/v1/jobs/:jobId", { params: { jobId } });
      if (job.status === "done") return;
      if (job.status === "failed" || job.status === "cancelled") throw new Error(job.error?.message ?? job.status);
      await delay(100);
    }
    throw new Error("the job did not end");
  }
  /** The text of an answer, whole or put together from its pieces. */
  async function answer(body: { model: string; stream?: boolean; [name: string]: unknown }): Promise<string> {
    const response = await fetch(`${treadle.url}/v1/chat/completions`, {
      ...{ method: "POST", body: JSON.stringify(body) },
      headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(text);
    const events = body.stream ? text.split("\n").filter((line) => line.startsWith("data: {")) : [`data: ${text}`];
    const said = events.map((event) => Completion.parse(JSON.parse(event.slice("data: ".length))));
    return said
      .flatMap(({ choices }) => choices.map(({ message, delta }) => (message ?? delta)?.content ?? ""))
      .join("");
  }
  async function convert(body: { format: "gguf" | "safetensors" | "onnx"; quantization?: string }) {
    const path = "/api/v1/registry/models/:name/versions/:version/conversions";
    const { jobId } = await client().call(`POST ${path}`, { params, body });
    await ended(jobId);
    const { items } = await client().call(`GET ${path}`, { params });
    const [made] = items;
    if (!made) throw new Error("nothing was made");
    return { ...made, named: Object.fromEntries(made.checks.map((check) => [check.name, check])) };
  }

  test.each(["F16", "BF16", "Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0"])(
    "a GGUF in %s is loaded by llama.cpp, which cuts texts alike",
    async (quantization) => {
      const { named, files } = await convert({ format: "gguf", quantization });
      expect(files.map(({ path }) => path)).toEqual([`tiny-v1-${quantization}.gguf`]);
      expect(named.load).toMatchObject({ passed: true });
      expect(named.weights?.value).toBeLessThan(0.15);
      if (!quantization.startsWith("Q")) return;
      expect(named.tokens).toMatchObject({ passed: true });
      const { value, reference } = named.perplexity ?? {};
      expect(Math.abs((value ?? 0) / (reference ?? 1) - 1)).toBeLessThan(0.05);
      if (quantization === "Q8_0") expect(named.agreement?.value).toBeGreaterThan(0.5);
    },
    300_000,
  );

  test("safetensors that are read out of it make the same GGUF again", async () => {
    const { files } = await convert({ format: "safetensors" });
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["config.json", "model.safetensors", "tokenizer.json"]),
    );
  }, 300_000);

  test("what makes k-quants is named", async () => {
    await expect(convert({ format: "gguf", quantization: "Q4_K_M" })).rejects.toThrow("llama-quantize");
  });

  describe.runIf(onnxPython !== "")("as ONNX (needs TREADLE_ONNX_PYTHON)", () => {
    test("gives the model's logits, at once and token by token", async () => {
      const { named, files } = await convert({ format: "onnx" });
      expect(files.map(({ path }) => path)).toEqual(
        expect.arrayContaining(["config.json", "onnx/model.onnx", "onnx/model_quantized.onnx", "tokenizer.json"]),
      );
      expect(named.logits).toMatchObject({ passed: true });
      expect(named.logits?.value).toBeLessThan(1e-3);
      expect(named.q8?.value).toBeGreaterThan(0.5);
    }, 300_000);

    test("is kept when it comes back, and answers as the GGUF does (needs TREADLE_TRANSFORMERS_JS)", async () => {
      const { files, conversionId } = await convert({ format: "onnx" });
      const content = "/api/v1/registry/models/:name/versions/:version/conversions/:conversionId/content";
      for (const { path } of files) {
        const { body } = await client().send(`GET ${content}`, {
          params: { ...params, conversionId },
          query: { path },
        });
        await mkdir(dirname(join(folder, "onnx", path)), { recursive: true });
        await pipeline(Readable.from(body ?? []), createWriteStream(join(folder, "onnx", path)));
      }
      const imported = { name: "tiny-onnx", source: join(folder, "onnx") };
      await ended((await client().call("POST /api/v1/registry/imports", { body: imported })).jobId);
      const version = await client().call("GET /api/v1/registry/models/:name/versions/:version", {
        params: { name: "tiny-onnx", version: "1" },
      });
      expect(version).toMatchObject({ format: "onnx", canServe: library !== "" });
      if (library === "") return expect(version.whyNot).toContain("npm install");
      const asked = {
        messages: [{ role: "user" as const, content: "lost card 2024" }],
        max_tokens: 24,
        temperature: 0,
      };
      const whole = await answer({ ...asked, model: "tiny" });
      expect(await answer({ ...asked, model: "tiny-onnx" })).toBe(whole);
      expect(await answer({ ...asked, model: "tiny-onnx@v1", stream: true })).toBe(whole);
      const stop = whole.slice(5, 8);
      const stopped = await answer({ ...asked, model: "tiny-onnx", stop: [stop] });
      expect(stopped).toBe(whole.slice(0, whole.indexOf(stop)));
    }, 300_000);
  });
});
