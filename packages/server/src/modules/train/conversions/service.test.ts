import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelConversion } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { ask } from "../../../platform/inference/testing/ask.ts";
import { writeTinyAdapter } from "../../../platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../platform/inference/testing/tiny-model.ts";
import { openTestRegistry } from "../registry/testing/open-registry.ts";
import { safetensors } from "../registry/testing/write-safetensors.ts";
import type { ConversionDeps } from "./deps.ts";
import { createModelConversions, type ModelConversions } from "./service.ts";

type Order = Parameters<ConversionDeps["trainer"]["ask"]>[0];

/** The requests, and a file that it writes instead of a copy of the base. */
const trainer = {
  asked: [] as string[][],
  writes: "",
  environments: [] as string[],
  fails: null as AppError | null,
  isOnnxInstalled: true,
  whatToDo: null as string | null,
};
let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let conversions: ModelConversions;
let scope: Scope;
let tiny = "";
let works = "";

const wordAfter = (words: readonly string[], name: string) => words[words.indexOf(name) + 1] ?? "";

/** A trainer that copies files where the real one writes others. */
async function obey({ words, environment, onLine }: Order): Promise<unknown> {
  trainer.asked.push([...words]);
  trainer.environments.push(environment);
  if (trainer.fails) throw trainer.fails;
  onLine?.('{"progress": {"done": 1, "total": 2, "message": "blk.0"}}');
  onLine?.("a warning of some library");
  const out = wordAfter(words, "--out");
  if (words[0] === "doctor") return { what_to_do: trainer.whatToDo };
  if (words[0] === "convert-gguf") return writeGgufs(words, out);
  if (words[0] === "probe-logits") return writeFile(out, "numbers");
  await mkdir(join(out, "onnx"), { recursive: true });
  await writeFile(join(out, "config.json"), "{}");
  await writeFile(join(out, words[0] === "export-onnx" ? "onnx/model.onnx" : "model.safetensors"), "weights");
  return { most_off: 1e-6, most_off_stepped: 2e-6, q8: { agreement: 0.875, divergence: 0.01 } };
}

/** Rejects like a machine without the packages for ONNX, if a test says so. */
async function requireEnvironment(environment: Order["environment"]) {
  if (environment === "onnx" && !trainer.isOnnxInstalled)
    throw new AppError("unprocessable", { message: "ONNX support is not installed." });
}

async function writeGgufs(words: readonly string[], out: string) {
  const base = wordAfter(words, "--base-gguf");
  await copyFile(trainer.writes || base, out);
  if (words.includes("--reference")) await copyFile(base, wordAfter(words, "--reference"));
  const { sha256 } = await opened.objects.put(await readFile(out));
  return { sha256, tensors: 20, types: { F32: 5, Q8_0: 15 }, relative_error: 0.004 };
}

beforeAll(async () => {
  opened = await openTestRegistry({
    above({ registry, folder, ...below }) {
      works = join(folder, "conversions");
      const deps = {
        ...below,
        registry: registry.conversions,
        trainer: { ask: obey, require: requireEnvironment },
        folder: works,
      };
      conversions = createModelConversions(deps);
    },
  });
  tiny = join(opened.folder, "tiny.gguf");
  await writeTinyModel(tiny);
}, 120_000);
beforeEach(async () => {
  Object.assign(trainer, {
    asked: [],
    writes: "",
    environments: [],
    fails: null,
    isOnnxInstalled: true,
    whatToDo: null,
  });
  scope = await opened.newScope();
});
afterAll(() => opened?.close());

async function importModel(name: string, source: string, more: object = {}) {
  const input = { name, source, leaveOut: false, notes: "", tags: {}, ...more };
  const { jobId } = await opened.registry.imports.start(scope, input);
  await opened.ended(scope, jobId);
  return { name, version: "1" };
}

async function convert(place: { name: string; version: string }, input: object) {
  const { jobId } = await conversions.start(scope, place, { format: "gguf", quantization: "F16", ...input });
  return (await opened.ended(scope, jobId)) as ModelConversion;
}

describe("a GGUF of another type", () => {
  test("is made from the version's own file, loaded, compared with 16 bits, and stored with the version", async () => {
    const place = await importModel("model", tiny);
    const made = await convert(place, { quantization: "Q8_0" });
    const [words = []] = trainer.asked;
    expect(words).toEqual(expect.arrayContaining(["convert-gguf", "--type", "Q8_0", "--reference", "--base-hash"]));
    expect(made).toMatchObject({ format: "gguf", quantization: "Q8_0", sizeBytes: (await readFile(tiny)).length });
    expect(made.files.map(({ path }) => path)).toEqual(["model-v1-Q8_0.gguf"]);
    const named = Object.fromEntries(made.checks.map(({ name, ...check }) => [name, check]));
    expect(named.load).toMatchObject({ passed: true });
    expect(named.tokens).toMatchObject({ passed: true });
    // It is the very same file here.
    expect(named.perplexity?.value).toBe(named.perplexity?.reference);
    expect(named.agreement).toMatchObject({ value: 1 });
    expect(await opened.registry.conversions.list(scope, place)).toEqual([made]);
    expect(opened.inference.list().map(({ id }) => id)).not.toContainEqual(expect.stringContaining("check"));
    expect(await readdir(works)).toEqual([]);
    const { content } = await opened.registry.conversions.openFile(scope, place, {
      conversionId: made.conversionId,
      path: "model-v1-Q8_0.gguf",
    });
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(await readFile(tiny));
  }, 120_000);

  test("with different answers is reported with the difference", async () => {
    const other = join(opened.folder, "other.gguf");
    await writeTinyModel(other, { seed: 5 });
    trainer.writes = other;
    const { checks } = await convert(await importModel("model", tiny), { quantization: "Q4_0" });
    const perplexity = checks.find(({ name }) => name === "perplexity");
    expect(perplexity?.value).not.toBe(perplexity?.reference);
    expect(checks.find(({ name }) => name === "agreement")?.value).toBeLessThan(1);
  }, 120_000);

  test("is rejected when it tokenizes texts differently or cannot be loaded, and nothing is stored", async () => {
    const place = await importModel("model", tiny);
    const other = join(opened.folder, "words.gguf");
    await writeTinyModel(other, { says: "Paris" });
    trainer.writes = other;
    await expect(convert(place, { quantization: "Q8_0" })).rejects.toThrow("into different tokens than F16");
    await writeFile(other, "GGUF and nothing else");
    await expect(convert(place, { quantization: "F16" })).rejects.toThrow("not a usable GGUF");
    expect(await opened.registry.conversions.list(scope, place)).toEqual([]);
    expect(await readdir(works)).toEqual([]);
  }, 120_000);

  test("of a type that Treadle cannot write is rejected immediately, with the program that can", async () => {
    const place = await importModel("model", tiny);
    const wish = { format: "gguf" as const, quantization: "Q4_K_M" };
    await expect(conversions.start(scope, place, wish)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(/Available types: F32, F16.*llama-quantize .* Q4_K_M/),
    });
    await expect(conversions.start(scope, place, { ...wish, quantization: "BEST" })).rejects.toThrow(/"BEST"/);
    await expect(conversions.start(scope, { name: "nobody", version: "1" }, wish)).rejects.toThrow();
    expect(trainer.asked).toEqual([]);
  });

  test("made again takes the place of the one before, whose bytes go", async () => {
    const place = await importModel("model", tiny);
    const other = join(opened.folder, "first.gguf");
    await writeTinyModel(other, { seed: 11 });
    trainer.writes = other;
    const first = await convert(place, {});
    trainer.writes = "";
    const second = await convert(place, {});
    expect((await opened.registry.conversions.list(scope, place)).map(({ sha256 }) => sha256)).toEqual([second.sha256]);
    expect(await opened.objects.has(first.files[0]?.sha256 ?? "")).toBe(false);
    // The version's own file is the same content as the second conversion, and stays when that is deleted.
    await opened.registry.conversions.delete(scope, place, second.conversionId);
    expect(await opened.objects.has(second.files[0]?.sha256 ?? "")).toBe(true);
    await expect(opened.registry.conversions.delete(scope, place, second.conversionId)).rejects.toThrow();
  }, 120_000);

  test("goes with its version, and belongs to its project", async () => {
    const place = await importModel("model", tiny);
    const other = join(opened.folder, "gone.gguf");
    await writeTinyModel(other, { seed: 12 });
    trainer.writes = other;
    const made = await convert(place, {});
    const stranger = await opened.newScope();
    await expect(opened.registry.conversions.list(stranger, place)).rejects.toMatchObject({ code: "not_found" });
    await opened.registry.versions.delete(scope, place);
    expect(await opened.objects.has(made.files[0]?.sha256 ?? "")).toBe(false);
  }, 120_000);

  test("that the trainer refuses fails with the trainer's own sentence", async () => {
    trainer.fails = new AppError("unprocessable", { message: "These weights are Q4_1 already." });
    await expect(convert(await importModel("model", tiny), {})).rejects.toThrow("These weights are Q4_1 already.");
  });
});

describe("an adapter", () => {
  test("is merged into the base file of its training, and the result answers", async () => {
    await importModel("base", tiny);
    const path = join(opened.folder, "adapter.gguf");
    await writeTinyAdapter(path);
    const place = await importModel("tuned", path, { base: "base@v1" });
    const made = await convert(place, { quantization: "F16" });
    const [words = []] = trainer.asked;
    expect(await readFile(wordAfter(words, "--base-gguf"))).toEqual(await readFile(tiny));
    expect(await readFile(wordAfter(words, "--adapter-gguf"))).toEqual(await readFile(path));
    expect(words).not.toContain("--reference");
    expect(made.checks.map(({ name }) => name)).toEqual(["weights", "load", "perplexity"]);
  }, 120_000);

  test("as Hugging Face's libraries write it answers once a GGUF was made of it", async () => {
    await importModel("base", tiny);
    const folder = join(opened.folder, "adapter");
    await mkdir(folder, { recursive: true });
    const layer = "base_model.model.model.layers.0.self_attn.q_proj";
    const tensors = {
      [`${layer}.lora_A.weight`]: ["F32", [1, 4]],
      [`${layer}.lora_B.weight`]: ["F32", [4, 1]],
    } as const;
    await writeFile(join(folder, "adapter_model.safetensors"), safetensors(tensors));
    await writeFile(join(folder, "adapter_config.json"), '{"peft_type": "LORA", "r": 1, "lora_alpha": 1}');
    const place = await importModel("tuned", folder, { base: "base@v1" });
    expect(await opened.registry.versions.get(scope, place)).toMatchObject({ format: "adapter", canServe: false });
    await convert(place, { quantization: "Q8_0" });
    const [words = []] = trainer.asked;
    expect(await readdir(wordAfter(words, "--adapter"))).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    expect(await opened.registry.versions.get(scope, place)).toMatchObject({ canServe: true, whyNot: null });
    const served = await opened.registry.served.resolve(scope.projectId, "tuned@v1");
    expect(served?.name).toBe("tuned@v1");
    const { done } = await ask(opened.inference, { modelId: served?.model ?? "", maxTokens: 2 });
    expect(done).toMatchObject({ completionTokens: expect.any(Number) });
    await rm(folder, { recursive: true });
  }, 120_000);

  test("whose base is not here is refused with the base's name", async () => {
    const path = join(opened.folder, "lonely.gguf");
    await writeTinyAdapter(path, { seed: 21 });
    const place = await importModel("lonely", path);
    await expect(conversions.start(scope, place, { format: "gguf", quantization: "F16" })).rejects.toThrow(
      "Import it again with --base",
    );
  });
});

describe("other formats", () => {
  test("ONNX is traced in a separate environment from the whole model, and its folder is stored", async () => {
    const place = await importModel("model", tiny);
    const made = await convert(place, { format: "onnx" });
    const commands = ["doctor", "convert-gguf", "import-base", "probe-logits", "export-onnx"];
    expect(trainer.asked.map(([word]) => word)).toEqual(commands);
    expect(trainer.environments).toEqual(["onnx", "training", "training", "training", "onnx"]);
    expect(made.files.map(({ path }) => path)).toEqual(["config.json", "onnx/model.onnx"]);
    expect(made).toMatchObject({ format: "onnx", quantization: "" });
    expect(made.checks.map(({ name, value }) => [name, value])).toEqual([
      ["logits", 2e-6],
      ["q8", 0.875],
    ]);
  }, 120_000);

  test("ONNX without its packages is rejected before the model is converted", async () => {
    const place = await importModel("model", tiny);
    trainer.isOnnxInstalled = false;
    await expect(conversions.start(scope, place, { format: "onnx", quantization: "" })).rejects.toThrow(
      "ONNX support is not installed",
    );
    expect(trainer.asked).toEqual([]);
    Object.assign(trainer, { isOnnxInstalled: true, whatToDo: "Install onnx." });
    await expect(convert(place, { format: "onnx" })).rejects.toThrow("Install onnx.");
    expect(trainer.asked).toEqual([["doctor", "--onnx"]]);
  }, 120_000);

  test("safetensors are read out of a GGUF, and are not made of what has them", async () => {
    const place = await importModel("model", tiny);
    const made = await convert(place, { format: "safetensors" });
    expect(made.files.map(({ path }) => path)).toEqual(["config.json", "model.safetensors"]);
    const folder = join(opened.folder, "whole");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "model.safetensors"), safetensors({ "model.norm.weight": ["F32", [8]] }));
    await writeFile(join(folder, "config.json"), "{}");
    const whole = await importModel("whole", folder);
    await expect(conversions.start(scope, whole, { format: "safetensors", quantization: "" })).rejects.toThrow(
      "whole@v1 is already safetensors",
    );
    await expect(convert(whole, { format: "gguf" })).rejects.toThrow("no GGUF that provides its vocabulary");
  }, 120_000);
});
