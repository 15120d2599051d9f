import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { readGgufHeader } from "../gguf/header.ts";
import { createInference } from "../open.ts";
import { type PackedParts, packedE5 } from "../testing/write-packed-e5.ts";
import { convertPackedE5 } from "./convert.ts";

const never = new AbortController().signal;
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** Of the tiny file: sizes, vocabulary, normalisation table and directory. */
const HEAD_BYTES = 1_000;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-packed-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function convert(bytes: Buffer) {
  const paths = { from: join(folder, `${count}.bin`), to: join(folder, `${count++}.gguf`) };
  await writeFile(paths.from, bytes);
  await convertPackedE5(paths, { name: "Tiny E5", license: "mit" }, never);
  return paths.to;
}

describe("a whole file", () => {
  test("becomes a GGUF file with its sizes, and always the same one", async () => {
    const path = await convert(packedE5({ layers: 2, positions: 40 }));
    const { architecture, metadata, tensors, mainType } = await readGgufHeader(path);
    expect({ architecture, tensors, mainType }).toEqual({ architecture: "bert", tensors: 37, mainType: "Q4_0" });
    expect(Object.fromEntries(metadata)).toMatchObject({
      "general.name": "Tiny E5",
      "general.license": "mit",
      "bert.context_length": 40,
      "bert.embedding_length": 32,
      "bert.block_count": 2,
      "bert.pooling_type": 1,
      "tokenizer.ggml.model": "t5",
      "tokenizer.ggml.tokens": { items: 31 },
      "tokenizer.ggml.add_bos_token": true,
    });
    const again = await convert(packedE5({ layers: 2, positions: 40 }));
    expect((await readFile(again)).equals(await readFile(path))).toBe(true);
  });

  test("gives vectors of length 1, and its tokens are those of its vocabulary", async () => {
    const path = await convert(
      packedE5({ tokens: ["▁hello", "ß"], normalisation: { ﬁ: "fi", "\u200b": "", "　": " " } }),
    );
    const inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 1, threads: 2, log });
    try {
      const facts = await inference.inspect(path);
      expect(facts).toMatchObject({ kind: "embedding", contextTokens: 64, dimensions: 32, license: "mit" });
      inference.register({ id: "tiny-e5", path, ...facts });
      const embed = async (texts: string[]) => (await inference.embed({ modelId: "tiny-e5", texts }, never)).vectors;
      const tokens = (texts: string[]) => inference.countTexts({ modelId: "tiny-e5", texts }, never);
      // The tokens that begin and end a text, "▁hello", and four tokens of " fig"; "X" is unknown, and "<s>" in a text is no token.
      expect(await tokens(["hello", "hello fig", "hello X", "<s>"])).toEqual([3, 7, 5, 6]);
      expect(await tokens(["hello ﬁg", "he\u200bllo\u3000fig", "hello   fig "])).toEqual([7, 7, 7]);
      const [own, same, other] = await embed(["hello fig", "he\u200bllo ﬁg", "hello cat"]);
      expect(own).toHaveLength(32);
      expect(Math.hypot(...(own ?? []))).toBeCloseTo(1, 6);
      expect(same).toEqual(own);
      expect(other).not.toEqual(own);
      // A batch gives the vectors that single requests give.
      const texts = Array.from({ length: 9 }, (_, index) => `hello ${"abc".repeat(index + 1)}`);
      const alone = [];
      for (const text of texts) alone.push(...(await embed([text])));
      expect(await embed(texts)).toEqual(alone);
      const full = "a".repeat(61);
      expect(await tokens([full])).toEqual([64]);
      expect(await embed([full])).toHaveLength(1);
      await expect(embed([`${full}a`])).rejects.toMatchObject({
        code: "invalid_request",
        message: expect.stringMatching(/64 tokens, but text 0 has 65 tokens/),
      });
    } finally {
      await inference.close();
    }
  });

  test("stops when it is cancelled", async () => {
    const from = join(folder, "cancelled.bin");
    await writeFile(from, packedE5());
    const stopped = convertPackedE5({ from, to: `${from}.gguf` }, { name: "", license: "" }, AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a damaged file is rejected with the reason:", () => {
  const whole = packedE5();
  const with32 = (at: number, value: number, parts: PackedParts = {}) => {
    const bytes = packedE5(parts);
    bytes.writeInt32LE(value, at);
    return bytes;
  };
  test.each([
    ["another format", Buffer.from("GGUF".repeat(20)), /does not begin with "E5S1"/],
    ["another version", with32(4, 2), /its version is 2/],
    ["a width of 33", with32(8, 33), /width 33/],
    ["no layers", with32(12, 0), /number of layers is 0/],
    ["other blocks", with32(40, 64), /blocks do not have 32 weights/],
    ["more tokens than embeddings", with32(44, 99), /99 tokens and 32 embeddings/],
    ["a special token that does not exist", with32(48, 31), /begin token is 31/],
    ["an end after the sizes", whole.subarray(0, 60), /ends at byte 60.*head of the vocabulary/],
    ["an end inside the weights", whole.subarray(0, whole.length - 64), /ends after the end of the file/],
    ["too many layers", with32(12, 2), /no tensor "l1\.q\.w"/],
    ["more positions than embeddings of them", with32(28, 65), /tensor "emb\.pos" has 2048 weights/],
    ["an empty file", Buffer.alloc(0), /ends at byte 0/],
  ])("%s", async (_, bytes, message) => {
    await expect(convert(bytes)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(/^The packed embedding model is damaged.*Pull the model again\.$/),
    });
    await expect(convert(bytes)).rejects.toThrow(message);
  });

  test("whatever byte of the head is changed, the result is an error of ours or a file that can be checked", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(HEAD_BYTES), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(whole);
        bytes.writeUInt8((bytes.readUInt8(at) + change) % 256, at);
        const result = await convert(bytes).catch((error: unknown) => error);
        if (typeof result === "string") await readGgufHeader(result);
        else expect(result).toBeInstanceOf(AppError);
      }),
      { numRuns: 200 },
    );
  });
});
