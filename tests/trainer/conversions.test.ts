import { afterAll, beforeAll, expect, test } from "vitest";
import { openFormats } from "./open-formats.ts";

let formats: Awaited<ReturnType<typeof openFormats>>;
beforeAll(async () => {
  formats = await openFormats({ python: process.env.TREADLE_TRAINER_PYTHON ?? "" });
}, 300_000);
afterAll(() => formats?.close());

test.each(["F16", "BF16", "Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0"])(
  "a GGUF in %s is loaded by llama.cpp, which cuts texts alike",
  async (quantization) => {
    const { named, files } = await formats.convert({ format: "gguf", quantization });
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
  const { files } = await formats.convert({ format: "safetensors" });
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["config.json", "model.safetensors", "tokenizer.json"]),
  );
}, 300_000);

test("what makes k-quants is named", async () => {
  await expect(formats.convert({ format: "gguf", quantization: "Q4_K_M" })).rejects.toThrow("llama-quantize");
});
