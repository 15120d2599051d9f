import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { entry, header, tensorInfo, text, u32, u64, type WriterValue, writeGguf } from "../testing/gguf-writer.ts";
import { writeTinyModel } from "../testing/tiny-model.ts";
import { readGgufHeader } from "./header.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-gguf-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function read(bytes: Buffer) {
  const path = join(folder, `${count++}.gguf`);
  await writeFile(path, bytes);
  return readGgufHeader(path);
}
const architecture = entry("general.architecture", { type: "text", value: "llama" });
const tokens = entry("tokenizer.ggml.tokens", { type: "texts", value: ["a", "b"] });
const key = (name: string, type: number) => Buffer.concat([text(name), u32(type)]);

type Parts = {
  entries?: Buffer[];
  infos?: Buffer[];
  data?: number;
  tensors?: number | bigint;
  count?: number | bigint;
  version?: number;
};
/** A file that is whole but for what a case changes: two entries, one tensor of 8 weights. */
function file({ entries = [], infos = [tensorInfo("t", [8], { offset: 0 })], data = 32, ...given }: Parts) {
  const all = [architecture, tokens, ...entries];
  const head = Buffer.concat([
    header({ tensors: given.tensors ?? infos.length, entries: given.count ?? all.length, version: given.version }),
    ...all,
    ...infos,
  ]);
  const start = Math.ceil(head.length / 32) * 32;
  return Buffer.concat([head, Buffer.alloc(start - head.length + data)]);
}
const whole: Record<string, WriterValue> = {
  "general.architecture": { type: "text", value: "llama" },
  "tokenizer.ggml.tokens": { type: "texts", value: ["a"] },
};

describe("a good file", () => {
  test("is read with its sizes, whatever its version of the format", async () => {
    const path = join(folder, "tiny.gguf");
    await writeTinyModel(path);
    const tiny = await readGgufHeader(path);
    expect(tiny).toMatchObject({ version: 3, architecture: "llama", tensors: 21, weights: 115_392 });
    expect(tiny.metadata.get("llama.context_length")).toBe(2_048);
    expect(tiny.metadata.get("tokenizer.ggml.tokens")).toEqual({ items: 259 });
    await expect(read(file({ version: 2 }))).resolves.toMatchObject({ version: 2, tensors: 1, weights: 8 });
  });

  test("may lack the padding after its last tensor", async () => {
    const bytes = writeGguf(whole, [{ name: "t", dimensions: [3], values: new Float32Array(3) }]);
    await expect(read(bytes.subarray(0, bytes.length - 20))).resolves.toMatchObject({ weights: 3 });
  });

  test("of many megabytes is judged by its head alone", async () => {
    const path = join(folder, "large.gguf");
    const big = entry("x", {
      type: "texts",
      value: Array.from({ length: 50_000 }, (_item, index) => `token ${index}`),
    });
    await writeFile(path, file({ entries: [big], infos: [tensorInfo("t", [1_024, 1_024], { offset: 0 })], data: 0 }));
    await truncate(path, 8 * 1_024 * 1_024);
    await expect(readGgufHeader(path)).resolves.toMatchObject({ weights: 1_048_576 });
  });
});

const BAD: readonly (readonly [what: string, bytes: Buffer, why: RegExp])[] = [
  ["is empty", Buffer.alloc(0), /only 0 bytes/],
  ["is a few bytes", Buffer.from("GGUF"), /only 4 bytes/],
  ["begins with something else", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(100)]), /does not begin/],
  ["is of version 1", file({ version: 1 }), /version is 1/],
  ["is of version 4", file({ version: 4 }), /version is 4/],
  ["is big-endian", file({ version: 0x03000000 }), /version is 50331648/],
  ["claims 2^63 tensors", file({ tensors: 2n ** 63n }), /number of tensors is 9223372036854775808/],
  ["claims 2^64 - 1 metadata entries", file({ count: 2n ** 64n - 1n }), /number of metadata entries/],
  ["claims a million metadata entries", file({ count: 1_000_000 }), /claims 1000000 metadata entries/],
  ["claims more entries than it has", file({ count: 40 }), /metadata key|twice|ends at byte|unknown type/],
  ["claims a million tensors", file({ tensors: 1_000_000 }), /claims 1000000 tensors/],
  ["has no tensor", file({ tensors: 0 }), /no weights/],
  ["has a key without a name", file({ entries: [Buffer.concat([u64(0), u32(4), u32(1)])] }), /key 2 is 0 bytes/],
  [
    "has a key of 2^62 bytes",
    file({ entries: [Buffer.concat([u64(2n ** 62n), u32(4)])] }),
    /key 2 is 4611686018427387904/,
  ],
  ["has a key of a megabyte", file({ entries: [Buffer.concat([u64(1_000_000), u32(4)])] }), /key 2 is 1000000 bytes/],
  ["names a key twice", file({ entries: [architecture] }), /"general.architecture" appears twice/],
  ["has a value of type 13", file({ entries: [key("x", 13)] }), /unknown type 13/],
  ["has a boolean of 2", file({ entries: [Buffer.concat([key("x", 7), Buffer.from([2])])] }), /boolean of 2/],
  [
    "has a text of 2^40 bytes",
    file({ entries: [Buffer.concat([key("x", 8), u64(2n ** 40n)])] }),
    /claims 1099511627776 bytes/,
  ],
  ["has a text past its end", file({ entries: [Buffer.concat([key("x", 8), u64(60_000)])] }), /ends at byte/],
  [
    "has an array of arrays",
    file({ entries: [Buffer.concat([key("x", 9), u32(9), u64(1), u32(9), u64(1)])] }),
    /array of arrays/,
  ],
  [
    "has an array of 2^60 items",
    file({ entries: [Buffer.concat([key("x", 9), u32(4), u64(2n ** 60n)])] }),
    /"x" is 1152921504606846976/,
  ],
  [
    "has an array of a billion items",
    file({ entries: [Buffer.concat([key("x", 9), u32(0), u64(1_000_000_000)])] }),
    /claims 1000000000 items/,
  ],
  [
    "has an array longer than the file",
    file({ entries: [Buffer.concat([key("x", 9), u32(12), u64(100_000)])] }),
    /more than fit in the rest of the file/,
  ],
  [
    "has an array of type 99",
    file({ entries: [Buffer.concat([key("x", 9), u32(99), u64(1)])] }),
    /array of the unknown type 99/,
  ],
  [
    "has a text in an array past its end",
    file({ entries: [Buffer.concat([key("x", 9), u32(8), u64(1), u64(100_000)])] }),
    /ends at byte/,
  ],
  [
    "has a text in an array of 2^63 bytes",
    file({ entries: [Buffer.concat([key("x", 9), u32(8), u64(1), u64(2n ** 63n)])] }),
    /item 0 of "x"/,
  ],
  ["has a tensor with no dimension", file({ infos: [tensorInfo("t", [], { offset: 0 })] }), /0 dimensions/],
  [
    "has a tensor with five dimensions",
    file({ infos: [tensorInfo("t", [1, 1, 1, 1, 1], { offset: 0 })] }),
    /5 dimensions/,
  ],
  [
    "has a tensor with a dimension of 0",
    file({ infos: [tensorInfo("t", [0], { offset: 0 })] }),
    /dimension 0 of the tensor "t" is 0/,
  ],
  [
    "has dimensions that overflow",
    file({ infos: [tensorInfo("t", [2n ** 32n, 2n ** 32n], { offset: 0 })] }),
    /more weights than any file/,
  ],
  [
    "has a tensor larger than the file",
    file({ infos: [tensorInfo("t", [1_000_000], { offset: 0 })] }),
    /need 4000000 bytes/,
  ],
  [
    "has a tensor of type 4, which was retired",
    file({ infos: [tensorInfo("t", [32], { type: 4, offset: 0 })] }),
    /type 4/,
  ],
  ["has a tensor of type 1000", file({ infos: [tensorInfo("t", [32], { type: 1_000, offset: 0 })] }), /type 1000/],
  [
    "has a row that fills no whole block",
    file({ infos: [tensorInfo("t", [33], { type: 8, offset: 0 })] }),
    /not a multiple of 32/,
  ],
  ["has a tensor name of 64 bytes", file({ infos: [tensorInfo("t".repeat(64), [8], { offset: 0 })] }), /64 bytes long/],
  [
    "has a tensor at an offset past its end",
    file({ infos: [tensorInfo("t", [8], { offset: 2n ** 40n })] }),
    /is at offset 1099511627776/,
  ],
  [
    "has a tensor at an offset of 2^64 - 32",
    file({ infos: [tensorInfo("t", [8], { offset: 2n ** 64n - 32n })] }),
    /offset of the tensor "t"/,
  ],
  [
    "has a tensor that is not aligned",
    file({ infos: [tensorInfo("t", [8], { offset: 4 })], data: 64 }),
    /is at offset 4/,
  ],
  [
    "has tensors that overlap",
    file({ infos: [tensorInfo("a", [8], { offset: 0 }), tensorInfo("b", [8], { offset: 0 })], data: 64 }),
    /"b" is at offset 0/,
  ],
  [
    "has two tensors of one name",
    file({ infos: [tensorInfo("a", [8], { offset: 0 }), tensorInfo("a", [8], { offset: 32 })], data: 64 }),
    /"a" appears twice/,
  ],
  [
    "has an alignment of 0",
    file({ entries: [entry("general.alignment", { type: "u32", value: 0 })] }),
    /alignment is 0/,
  ],
  [
    "has an alignment of 33",
    file({ entries: [entry("general.alignment", { type: "u32", value: 33 })] }),
    /alignment is 33/,
  ],
  [
    "has an alignment that is a text",
    file({ entries: [entry("general.alignment", { type: "text", value: "32" })] }),
    /alignment is 32, not/,
  ],
  [
    "names no architecture",
    writeGguf({ x: { type: "u32", value: 1 } }, [{ name: "t", dimensions: [8], values: new Float32Array(8) }]),
    /architecture/,
  ],
  [
    "has a path for an architecture",
    writeGguf({ ...whole, "general.architecture": { type: "text", value: "../llama" } }, []),
    /architecture/,
  ],
  [
    "has no vocabulary",
    writeGguf({ "general.architecture": { type: "text", value: "llama" } }, [
      { name: "t", dimensions: [8], values: new Float32Array(8) },
    ]),
    /no vocabulary/,
  ],
  ["is an adapter", file({ entries: [entry("general.type", { type: "text", value: "adapter" })] }), /adapter/],
  ["is one part of several", file({ entries: [entry("split.count", { type: "u32", value: 3 })] }), /one of 3 parts/],
];

describe("a bad file is refused with its reason, before native code sees it, when it", () => {
  test.each(BAD)("%s", async (_what, bytes, why) => {
    const before = process.memoryUsage().arrayBuffers;
    await expect(read(bytes)).rejects.toMatchObject({ code: "unprocessable", message: expect.stringMatching(why) });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1_024 * 1_024);
  });

  test("is cut off anywhere", async () => {
    const path = join(folder, "cut.gguf");
    await writeTinyModel(path);
    const { fileBytes } = await readGgufHeader(path);
    for (const bytes of [30, 100, 700, 3_000, 6_000, 8_000, 100_000, fileBytes - 33]) {
      await writeTinyModel(path);
      await truncate(path, bytes);
      await expect(readGgufHeader(path), `${bytes} bytes`).rejects.toMatchObject({ code: "unprocessable" });
    }
  });

  test("has any of its bytes changed, or is read as the model it still is", async () => {
    const path = join(folder, "changed.gguf");
    await writeTinyModel(path);
    const good = await readFile(path);
    const headBytes = good.length - 461_568;
    const change = fc.tuple(fc.nat(headBytes - 1), fc.constantFrom(0, 1, 127, 128, 255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        await writeFile(path, bytes);
        const outcome = await readGgufHeader(path).then(
          (head) => head.fileBytes === good.length,
          (error: unknown) => error instanceof AppError && error.code === "unprocessable",
        );
        expect(outcome).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("is a folder", async () => {
    await expect(readGgufHeader(folder)).rejects.toMatchObject({ code: "unprocessable" });
  });
});
