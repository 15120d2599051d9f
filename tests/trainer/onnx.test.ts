import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFormats } from "./open-formats.ts";

/**
 * A folder in which `npm install --ignore-scripts @huggingface/transformers@4.3.1` ran. Without one, the models are
 * exported but not run.
 */
const library = process.env.TREADLE_TRANSFORMERS_JS ?? "";

let formats: Awaited<ReturnType<typeof openFormats>>;
beforeAll(async () => {
  formats = await openFormats({
    python: process.env.TREADLE_TRAINER_PYTHON ?? "",
    env: {
      TREADLE_ONNX_PYTHON: process.env.TREADLE_ONNX_PYTHON ?? "",
      ...(library !== "" && { TREADLE_TRANSFORMERS_JS: library }),
    },
  });
}, 300_000);
afterAll(() => formats?.close());

test("matches the model's logits, in one pass and token by token", async () => {
  const { named, files } = await formats.convert({ format: "onnx" });
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["config.json", "onnx/model.onnx", "onnx/model_quantized.onnx", "tokenizer.json"]),
  );
  expect(named.logits).toMatchObject({ passed: true });
  expect(named.logits?.value).toBeLessThan(1e-3);
  expect(named.q8?.value).toBeGreaterThan(0.5);
}, 300_000);

test("is stored when it is imported again, and answers like the GGUF (needs TREADLE_TRANSFORMERS_JS)", async () => {
  const { files, conversionId } = await formats.convert({ format: "onnx" });
  const content = "/api/v1/registry/models/:name/versions/:version/conversions/:conversionId/content";
  for (const { path } of files) {
    const { body } = await formats.client.send(`GET ${content}`, {
      params: { ...formats.params, conversionId },
      query: { path },
    });
    await mkdir(dirname(join(formats.folder, "onnx", path)), { recursive: true });
    await pipeline(Readable.from(body ?? []), createWriteStream(join(formats.folder, "onnx", path)));
  }
  await formats.bring("tiny-onnx", join(formats.folder, "onnx"));
  const version = await formats.client.call("GET /api/v1/registry/models/:name/versions/:version", {
    params: { name: "tiny-onnx", version: "1" },
  });
  expect(version).toMatchObject({ format: "onnx", canServe: library !== "" });
  if (library === "") return expect(version.whyNot).toContain("npm install");
  const asked = {
    messages: [{ role: "user" as const, content: "lost card 2024" }],
    max_tokens: 24,
    temperature: 0,
  };
  const whole = await formats.answer({ ...asked, model: "tiny" });
  expect(await formats.answer({ ...asked, model: "tiny-onnx" })).toBe(whole);
  expect(await formats.answer({ ...asked, model: "tiny-onnx@v1", stream: true })).toBe(whole);
  const stop = whole.slice(5, 8);
  const stopped = await formats.answer({ ...asked, model: "tiny-onnx", stop: [stop] });
  expect(stopped).toBe(whole.slice(0, whole.indexOf(stop)));
}, 300_000);
