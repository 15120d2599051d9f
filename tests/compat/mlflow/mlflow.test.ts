import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../../../packages/sdk/src/index.ts";
import { safetensors } from "../../../packages/server/src/modules/train/registry/testing/write-safetensors.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { importModel } from "../../setup/import-model.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const python = join(import.meta.dirname, ".venv/bin/python");

describe.runIf(existsSync(python))("MLflow's client", () => {
  let treadle: SharedTreadle;
  let folder = "";
  const call = () => createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }).call;
  const bring = (name: string, source: string, more: object = {}) => importModel(call(), { name, source, ...more });
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    treadle = await openSharedTreadle();
    folder = await mkdtemp(join(tmpdir(), "treadle-mlflow-"));
    await writeTinyModel(at("one.gguf"), { seed: 1 });
    await writeTinyModel(at("two.gguf"), { seed: 2 });
    await mkdir(at("hf/onnx/quantised"), { recursive: true });
    await writeFile(at("hf/weights.safetensors"), safetensors({ "a.weight": ["F16", [2, 2]] }));
    await writeFile(at("hf/config.json"), '{"model_type":"llama"}');
    await writeFile(at("hf/onnx/config.json"), '{"model_type":"llama","onnx":true}');
    await writeFile(at("hf/onnx/quantised/config.json"), '{"model_type":"llama","onnx":"q8"}');
    for (const [name, description, tags] of [
      ["chat-base", "", {}],
      ["support-eu", "", { team: "eu", "cost centre": "7" }],
      ["support", "Answers customers", { team: "us" }],
    ] as const)
      await call()("POST /api/v1/registry/models", { body: { name, description, tags } });
    await bring("chat-base", at("hf"));
    await bring("support-eu", at("two.gguf"));
    await bring("support", at("one.gguf"), { alias: "production" });
    await bring("support", at("two.gguf"), { alias: "canary", tags: { lang: "de" } });
    await call()("POST /api/v1/registry/models/:name/versions/:version/stage", {
      params: { name: "support", version: "1" },
      body: { stage: "staging" },
    });
  }, 180_000);
  afterAll(async () => {
    await treadle?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("lists, searches, follows aliases, downloads what was put in, and raises its own errors", async () => {
    const { sha256 } = await call()("GET /api/v1/registry/models/:name/versions/:version", {
      params: { name: "support", version: "1" },
    });
    const { key } = await call()("POST /api/v1/api-keys", { body: { name: "reader", permissions: ["traces:read"] } });
    const hashes = async (paths: readonly string[], below = "") =>
      Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await hashOf(at(join(below, path)))])));
    const files = {
      "models:/support/1": await hashes(["one.gguf"]),
      "models:/support@canary": await hashes(["two.gguf"]),
      "models:/support/latest": await hashes(["two.gguf"]),
      "models:/chat-base/1": await hashes(
        ["config.json", "weights.safetensors", "onnx/config.json", "onnx/quantised/config.json"],
        "hf",
      ),
    };
    const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, "client.py")], {
      env: {
        PATH: process.env.PATH,
        BASE_URL: treadle.url,
        MLFLOW_TRACKING_TOKEN: treadle.apiKey,
        WEAK_KEY: key,
        HOME: folder,
        MLFLOW_DISABLE_TELEMETRY: "true",
        DO_NOT_TRACK: "true",
        GIT_PYTHON_REFRESH: "quiet",
        WANTED: JSON.stringify({ sha256, files }),
      },
      timeout: 170_000,
    });
    const checks = ["models", "model", "versions", "aliases", "download", "errors"];
    expect(stdout.trim().split("\n")).toEqual(checks.map((name) => `ok ${name}`));
  }, 180_000);
});

const hashOf = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
