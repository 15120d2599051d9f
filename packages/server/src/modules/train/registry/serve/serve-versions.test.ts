import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ModelImportInput } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { ask } from "../../../../platform/inference/testing/ask.ts";
import { writeTinyAdapter } from "../../../../platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../../platform/inference/testing/tiny-model.ts";
import { openTestRegistry } from "../testing/open-registry.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let registry: typeof opened.registry;
let scope: Scope;

beforeAll(async () => {
  opened = await openTestRegistry();
  registry = opened.registry;
  scope = await opened.newScope();
});
afterAll(() => opened.close());

async function bring(name: string, source: string, more: object = {}) {
  const { jobId } = await registry.imports.start(scope, ModelImportInput.parse({ name, source, ...more }));
  await opened.ended(scope, jobId);
}
const idOf = async (name: string) => (await registry.served.resolve(scope.projectId, name))?.model ?? "";
const answerOf = async (modelId: string) => (await ask(opened.inference, { modelId, maxTokens: 16 })).text;
const drop = (name: string) => registry.versions.delete(scope, { name, version: "1" });
const isGone = (id: string) => expect.poll(() => opened.inference.isRegistered(id)).toBe(false);

test("adapters that are deleted leave the memory one by one, and those that stay answer as before", async () => {
  await writeTinyModel(join(opened.folder, "base.gguf"));
  await bring("base", join(opened.folder, "base.gguf"));
  const names = ["red", "green", "blue"];
  const texts = new Map<string, string>();
  for (const [at, name] of names.entries()) {
    const path = join(opened.folder, `${name}.gguf`);
    await writeTinyAdapter(path, { seed: 40 + at });
    await bring(name, path, { base: "base@v1" });
    texts.set(name, await answerOf(await idOf(name)));
  }
  expect(new Set(texts.values()).size).toBe(3);
  const used = opened.inference.memory().usedBytes;
  const ids = new Map(await Promise.all(names.map(async (name) => [name, await idOf(name)] as const)));

  const running = answerOf(ids.get("red") ?? "");
  await drop("red");
  expect(await running).toBe(texts.get("red"));
  await isGone(ids.get("red") ?? "");
  expect(opened.inference.memory().usedBytes).toBeLessThan(used);
  expect(await idOf("red").catch(({ code }) => code)).toBe("");
  for (const name of ["green", "blue"]) expect(await answerOf(ids.get(name) ?? "")).toBe(texts.get(name));

  const base = await idOf("base");
  for (const name of ["green", "blue", "base"]) await drop(name);
  await isGone(base);
  await expect.poll(() => opened.inference.memory().usedBytes).toBe(0);
  const placed = async () => (await readdir(join(opened.folder, "registry"))).filter((name) => name.endsWith(".gguf"));
  await expect.poll(placed).toEqual([]);
});

test("a file that two versions have stays in memory until both are gone", async () => {
  const path = join(opened.folder, "shared.gguf");
  await writeTinyModel(path, { seed: 9 });
  await bring("one", path);
  await bring("two", path);
  const id = await idOf("one");
  expect(await idOf("two")).toBe(id);
  const text = await answerOf(id);
  await drop("one");
  expect(await answerOf(await idOf("two"))).toBe(text);
  await drop("two");
  await isGone(id);
});
