import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { onnx, protobuf } from "../testing/write-onnx.ts";
import { readOnnx } from "./read-onnx.ts";
import { scanFiles } from "./scan-files.ts";

let folder = "";
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-onnx-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Buffer, path = "onnx/model.onnx") {
  const at = join(folder, `${count++}.onnx`);
  await writeFile(at, bytes);
  return readOnnx(at, path);
}

test("a model says its format, who made it, and how many operators and weights it has", async () => {
  expect(await read(onnx())).toEqual({ irVersion: 8, producer: "a test", nodes: 1, weights: 1, external: [] });
  expect(await read(onnx({ domain: "com.microsoft" }))).toMatchObject({ nodes: 1 });
});

test("external weights are found, also in a nested graph", async () => {
  expect(await read(onnx({ location: "model.onnx_data" }))).toMatchObject({ external: ["onnx/model.onnx_data"] });
  expect(await read(onnx({ location: "./parts/a.data", depth: 3 }), "model.onnx")).toMatchObject({
    external: ["parts/a.data"],
  });
});

test.each(["../secret", "/etc/passwd", "a/../../b", "..", "", "C:\\x", "a\\..\\..\\b"])(
  "weights at %j are refused",
  async (location) => {
    await expect(read(onnx({ location }))).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("outside its folder"),
    });
  },
);

test.each([
  ["operators of a library", onnx({ domain: "my.ops" }), /operators of "my.ops", which come from an extra library/],
  ["no graph", protobuf([[1, 8]]), /without a graph/],
  ["no version", protobuf([[7, [[1, [[4, "Add"]]]]]]), /declares no version/],
  [
    "a field that is longer than the file",
    Buffer.from([0x08, 8, 0x3a, 0xff, 0xff, 0x03, 1]),
    /larger than the field that contains it/,
  ],
  ["a number without an end", Buffer.alloc(12, 0xff), /has no end|unknown type/],
  ["a cut", onnx().subarray(0, 20), /larger than the field that contains it|middle/],
  ["graphs within graphs without an end", onnx({ depth: 60 }), /too deeply/],
])("a model with %s is refused", async (_, bytes, why) => {
  await expect(read(bytes)).rejects.toMatchObject({ code: "unprocessable", message: expect.stringMatching(why) });
});

test("with any of its bytes changed, or cut anywhere, it is refused or read as what it still is", async () => {
  const model = onnx({ location: "w.data", depth: 2 });
  const change = fc.tuple(fc.nat(model.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 4 }), fc.nat(model.length), async (changes, cut) => {
      const bytes = Buffer.from(model);
      for (const [at, value] of changes) bytes[at] = value;
      const outcome = await read(changes.length === 0 ? bytes.subarray(0, cut) : bytes).then(
        ({ external }) => external.every((place) => !place.startsWith("../")),
        (error: unknown) => error instanceof AppError && error.code === "unprocessable",
      );
      expect(outcome).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("a model whose weights did not come with it is not kept as one", async () => {
  const engine = {
    inspect: () => Promise.reject(new Error("no GGUF here")),
    inspectAdapter: () => Promise.reject(new Error("no GGUF here")),
    kindOf: () => Promise.reject(new Error("no GGUF here")),
  };
  const write = async (path: string, content: Buffer) => {
    const at = join(folder, `${count++}`);
    await writeFile(at, content);
    return { path, at, sizeBytes: content.length };
  };
  const model = await write("onnx/model.onnx", onnx({ location: "model.onnx_data" }));
  const weights = await write("onnx/model.onnx_data", Buffer.alloc(8));
  const refused = async (...files: Parameters<typeof scanFiles>[1]) =>
    (await scanFiles(engine, files)).findings.filter(({ level }) => level === "refused").map(({ message }) => message);
  expect(await refused(model)).toEqual(["Its weights are in onnx/model.onnx_data, which is missing."]);
  expect(await refused(model, weights)).toEqual([]);
});
