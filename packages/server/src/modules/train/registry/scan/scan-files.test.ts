import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { createInference } from "../../../../platform/inference/open.ts";
import { writeTinyAdapter } from "../../../../platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../../platform/inference/testing/tiny-model.ts";
import { safetensors } from "../testing/write-safetensors.ts";
import { badPathIn } from "./check-paths.ts";
import { readSafetensors } from "./read-safetensors.ts";
import { scanFiles } from "./scan-files.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 1, threads: 1, log });
let folder = "";
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-scan-"));
});
afterAll(async () => {
  await inference.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes files to a separate folder and scans them. */
async function scan(contents: Readonly<Record<string, string | Buffer>>) {
  const base = join(folder, String(count++));
  const files = Object.entries(contents).map(([path, content]) => ({
    path,
    content: Buffer.from(content),
    at: join(base, path),
  }));
  for (const { at, content } of files) {
    await mkdir(join(at, ".."), { recursive: true });
    await writeFile(at, content);
  }
  return scanFiles(
    inference,
    files.map(({ path, at, content }) => ({ path, at, sizeBytes: content.length })),
  );
}
const refusals = ({ findings }: Awaited<ReturnType<typeof scan>>) =>
  findings.filter(({ level }) => level === "refused").map(({ path, message }) => [path, message]);

const model = safetensors({ "model.embed.weight": ["F32", [4, 8]], "model.norm.weight": ["F32", [8]] });
const adapter = safetensors({ "l.q_proj.lora_A.weight": ["F32", [2, 8]], "l.q_proj.lora_B.weight": ["F32", [8, 2]] });

describe("what files are", () => {
  test("a folder of Hugging Face's is a model, with what its configuration says", async () => {
    const scanned = await scan({
      "model.safetensors": model,
      "config.json": '{"model_type":"llama","max_position_embeddings":2048}',
      "tokenizer.json": "{}",
      "README.md": "---\nlicense: other\nlicense_name: llama3.2\n---\n# A model",
      "onnx/README.md": "---\nlicense: mit\n---\n",
      LICENSE: "Apache-2.0",
      ".gitattributes": "*.bin lfs",
    });
    expect(scanned.formats).toEqual(["safetensors"]);
    expect(scanned.facts).toMatchObject({
      architecture: "llama",
      parameters: 40,
      quantisation: "F32",
      contextTokens: 2048,
      license: "llama3.2",
    });
    expect(scanned.files.map(({ path }) => path)).not.toContain(".gitattributes");
    expect(refusals(scanned)).toEqual([]);
  });

  test("a card says the license above its text and nowhere else", async () => {
    const licenseOf = async (card: string) =>
      (await scan({ "model.safetensors": model, "README.md": card })).facts.license;
    expect(await licenseOf("---\r\ntags: [a]\r\nlicense: Apache-2.0\r\n---\r\n# A model")).toBe("Apache-2.0");
    expect(await licenseOf("---\nlicense: [mit, cc-by-4.0]\n---\n")).toBe("mit, cc-by-4.0");
    expect(await licenseOf("---\nlicense: other\n---\n")).toBe("other");
    for (const silent of [
      "# A model\n\n---\nlicense: mit\n---\n",
      "---\nlicense: [\n---\n",
      "---\nlicense: 3\n---\n",
      "---\n",
    ])
      expect(await licenseOf(silent)).toBe(null);
  });

  test("an adapter is distinguished from a model, and names its base", async () => {
    const scanned = await scan({
      "adapter_model.safetensors": adapter,
      "adapter_config.json": '{"peft_type":"LORA","r":2,"lora_alpha":4,"base_model_name_or_path":"some/base"}',
      "training_args.bin": Buffer.from([0x80, 2, 0x2e]),
      "optimizer.pt": "x",
    });
    expect(scanned.formats).toEqual(["adapter"]);
    expect(scanned.facts).toMatchObject({ parameters: 32, rank: 2, alpha: 4 });
    expect(scanned.baseHint).toBe("some/base");
    expect(scanned.findings.filter(({ level }) => level === "left out").map(({ path }) => path)).toEqual([
      "training_args.bin",
      "optimizer.pt",
    ]);
    expect(scanned.files.map(({ path }) => path)).toEqual(["adapter_model.safetensors", "adapter_config.json"]);
  });

  test("a GGUF model and a GGUF adapter are distinguished by their headers", async () => {
    const path = join(folder, "one.gguf");
    await writeTinyModel(path);
    const tiny = await scan({ "one.gguf": await readFile(path) });
    expect(tiny.formats).toEqual(["gguf"]);
    expect(tiny.facts).toMatchObject({
      architecture: "llama",
      quantisation: "F32",
      contextTokens: 2_048,
      license: "apache-2.0",
    });
    await writeTinyAdapter(path);
    const over = await scan({ "lora.gguf": await readFile(path) });
    expect(over.formats).toEqual(["gguf-adapter"]);
    expect(over.facts).toMatchObject({ alpha: 4, parameters: 512 });
  });

  test("shards must all be there and hold what their index says", async () => {
    const index = (map: Record<string, string>) => JSON.stringify({ weight_map: map });
    const whole = { "model.embed.weight": "a.safetensors", "model.norm.weight": "a.safetensors" };
    const name = "model.safetensors.index.json";
    expect(refusals(await scan({ "a.safetensors": model, [name]: index(whole) }))).toEqual([]);
    expect(refusals(await scan({ "a.safetensors": model, [name]: index({ x: "b.safetensors" }) }))).toEqual([
      [name, expect.stringContaining('the file "b.safetensors", which is missing')],
    ]);
    expect(refusals(await scan({ "a.safetensors": model, [name]: index({ x: "a.safetensors" }) }))).toEqual([
      [name, expect.stringContaining('"x" is in "a.safetensors", but it is not')],
    ]);
    expect(refusals(await scan({ "a.safetensors": model, [name]: "[" }))).toEqual([
      [name, expect.stringContaining("not JSON")],
    ]);
  });
});

describe("what is never stored", () => {
  const zip = Buffer.concat([Buffer.from("PK\x03\x04"), deflateRawSync(Buffer.alloc(50_000_000))]);
  test.each([
    ["a pickle by its name", "pytorch_model.bin", "anything", /pickle/],
    ["a checkpoint of PyTorch", "model.pt", zip, /pickle/],
    [
      "a pickle under another name",
      "weights.safetensors",
      Buffer.from([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0]),
      /content is a pickle/,
    ],
    ["an archive under another name, however far it would grow", "tokenizer.json", zip, /zip archive/],
    ["an archive", "all.zip", zip, /archive/],
    ["a compressed file", "vocab.txt", Buffer.from([0x1f, 0x8b, 8, 0]), /compressed/],
    ["a program", "modeling.py", "import os", /program/],
    ["a program under another name", "README.md", "#!/bin/sh\nrm -rf /", /program/],
    ["an array that may hold objects", "x.npy", "\x93NUMPY", /pickle/],
    ["a file of a kind nobody knows", "weights.xyz", "?", /not supported/],
    [
      "a GGUF that lies",
      "x.gguf",
      Buffer.from("GGUF\x03\0\0\0\xff\xff\xff\xff\xff\xff\xff\x7f", "latin1"),
      /not a usable GGUF/,
    ],
    ["an ONNX file that is none", "x.onnx", "hello", /ONNX/],
  ])("%s", async (...[, name, content, why]) => {
    const scanned = await scan({ "model.safetensors": model, [name]: content });
    expect(refusals(scanned)).toEqual([[name, expect.stringMatching(why)]]);
    expect(scanned.files.map(({ path }) => path)).toEqual(["model.safetensors"]);
  });

  test("a link, wherever it leads", async () => {
    const at = join(folder, "link.json");
    await symlink("/etc/passwd", at);
    const scanned = await scanFiles(inference, [{ path: "config.json", at, sizeBytes: 1 }]);
    expect(refusals(scanned)).toEqual([["config.json", expect.stringContaining("link")]]);
  });

  test.each(["../x.json", "/etc/passwd", "a//b.json", "a/./b", "a\\b", "C:/x.json", "a\0b", "", "a/..", "x\n.json"])(
    "a name that leads outside: %j",
    (path) => {
      expect(badPathIn([{ path, sizeBytes: 1 }])).toEqual(expect.stringMatching(/name|backslash|path/));
    },
  );

  test("two names that a disk may take for one, and too many files", () => {
    const named = (...paths: string[]) => paths.map((path) => ({ path, sizeBytes: 1 }));
    expect(badPathIn(named("a.json", "A.json"))).toContain("appears twice");
    expect(badPathIn(named(...Array.from({ length: 2_001 }, (_, at) => `${at}.json`)))).toContain("at most 2000");
    expect(badPathIn([])).toContain("no file");
  });
});

describe("a safetensors file", () => {
  async function read(bytes: Buffer) {
    const path = join(folder, `${count++}.safetensors`);
    await writeFile(path, bytes);
    return readSafetensors(path);
  }
  const head = (header: unknown, data = 0) => {
    const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text, Buffer.alloc(data)]);
  };
  const one = (change: object) => ({ t: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...change } });

  test("says its names, weights and main type", async () => {
    expect(await read(model)).toEqual({
      fileBytes: model.length,
      names: ["model.embed.weight", "model.norm.weight"],
      weights: 40,
      mainType: "F32",
    });
  });

  test.each([
    [
      "a header longer than the file",
      Buffer.concat([Buffer.from([255, 255, 255, 255, 255, 255, 255, 127]), Buffer.alloc(8)]),
      /claims/,
    ],
    ["no header", Buffer.alloc(4), /only 4 bytes/],
    ["a header that is no JSON", head("{nonsense"), /not valid JSON/],
    ["a header that is a list", head("[1]      "), /start with/],
    ["no weights", head({ __metadata__: { a: "b" } }), /no weights/],
    ["an unknown type", head(one({ dtype: "OBJECT" }), 8), /unknown type/],
    ["a shape that is none", head(one({ shape: [-1] }), 8), /shape/],
    ["a shape too large", head(one({ shape: [2 ** 40, 2 ** 40] }), 8), /more weights than any file/],
    ["offsets that go back", head(one({ data_offsets: [8, 0] }), 8), /offsets/],
    ["offsets outside the file", head(one({ shape: [4], data_offsets: [0, 16] }), 8), /take 16 bytes, but 8 follow/],
    ["a shape that takes other bytes", head(one({ shape: [3] }), 8), /needs 12/],
    [
      "tensors that overlap",
      head({ ...one({}), u: { dtype: "F32", shape: [2], data_offsets: [4, 12] } }, 12),
      /overlaps/,
    ],
    ["a hole", head({ ...one({}), u: { dtype: "F32", shape: [1], data_offsets: [12, 16] } }, 16), /there is a gap/],
    ["more data than tensors", head(one({}), 80), /80 follow/],
  ])("with %s is refused", async (_, bytes, why) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: "unprocessable", message: expect.stringMatching(why) });
  });

  test("with any of its bytes changed, or cut anywhere, is refused or read as what it still is", async () => {
    const change = fc.tuple(fc.nat(model.length - 1), fc.constantFrom(0, 1, 34, 48, 57, 125, 255));
    const path = join(folder, "changed.safetensors");
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), fc.nat(model.length), async (changes, cut) => {
        const bytes = Buffer.from(model);
        for (const [at, value] of changes) bytes[at] = value;
        await writeFile(path, changes.length === 0 ? bytes.subarray(0, cut) : bytes);
        const outcome = await readSafetensors(path).then(
          ({ fileBytes }) => fileBytes === model.length,
          (error: unknown) => error instanceof AppError && error.code === "unprocessable",
        );
        expect(outcome).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
