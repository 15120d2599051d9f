import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { writeOnnxFolder } from "../../../../platform/inference/testing/write-onnx-folder.ts";
import { openTestRegistry } from "../testing/open-registry.ts";
import { onnx } from "../testing/write-onnx.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let scope: Scope;
beforeAll(async () => {
  opened = await openTestRegistry();
  scope = await opened.newScope();
}, 120_000);
afterAll(() => opened?.close());

async function importFolder(source: string) {
  const input = { name: "graph", source, leaveOut: false, notes: "", tags: {} };
  await opened.ended(scope, (await opened.registry.imports.start(scope, input)).jobId);
}

test("a model in the layout of transformers.js says how it would answer, and one of another layout that it does not", async () => {
  const { registry } = opened;
  const folder = join(opened.folder, "onnx-model");
  await writeOnnxFolder(folder);
  await writeFile(join(folder, "onnx/model.onnx"), onnx());
  await importFolder(folder);
  expect(await registry.versions.get(scope, { name: "graph", version: "1" })).toMatchObject({
    format: "onnx",
    canServe: false,
    whyNot: expect.stringContaining("npm install --ignore-scripts"),
  });
  await expect(registry.served.resolve(scope.projectId, "graph")).rejects.toThrow("npm install --ignore-scripts");
  await rm(join(folder, "tokenizer.json"));
  await importFolder(folder);
  expect(await registry.versions.get(scope, { name: "graph", version: "2" })).toMatchObject({
    canServe: false,
    whyNot: expect.stringContaining("--format gguf"),
  });
}, 120_000);
