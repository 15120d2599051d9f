import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelImportInput } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { writeTinyModel } from "../../../../platform/inference/testing/tiny-model.ts";
import { openTestRegistry } from "../testing/open-registry.ts";
import { safetensors } from "../testing/write-safetensors.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let registry: typeof opened.registry;
let scope: Scope;
let baseHash: string;

beforeAll(async () => {
  opened = await openTestRegistry();
  registry = opened.registry;
  scope = await opened.newScope();
  const source = join(opened.folder, "base.gguf");
  await writeTinyModel(source);
  const { jobId } = await registry.imports.start(scope, ModelImportInput.parse({ name: "base", source }));
  await opened.ended(scope, jobId);
  ({ hash: baseHash } = await registry.baseFor(scope, "base@v1"));
});
afterAll(() => opened.close());

const FILES = {
  model: { "config.json": '{"model_type":"llama"}', "model.safetensors": { "score.weight": [1, 4] } },
  adapter: { "adapter_config.json": "{}", "adapter_model.safetensors": { "q.lora_A.weight": [2, 4] } },
} as const;

let runs = 0;
/** The result of a training run. */
async function train(name: string, kind: keyof typeof FILES, method = "reward") {
  const runId = `run_${++runs}`;
  const folder = join(opened.folder, runId);
  await mkdir(join(folder, "final"), { recursive: true });
  for (const [file, content] of Object.entries(FILES[kind])) {
    const tensors = (shapes: object) =>
      Object.fromEntries(Object.entries(shapes).map(([tensor, shape]) => [tensor, ["F32", shape] as const]));
    const bytes = typeof content === "string" ? content : safetensors(tensors(content), runs);
    await writeFile(join(folder, "final", file), bytes);
  }
  const files = Object.fromEntries(Object.keys(FILES[kind]).map((file) => [file, ""]));
  return registry.registerVersion({
    scope,
    name,
    runId,
    folder,
    baseRef: "base@v1",
    baseHash,
    sources: [],
    evalLoss: null,
    training: { method, hyperparameters: {}, chatTemplate: "model", versions: {} },
    artifacts: [{ kind, path: "final", files }],
  });
}
const nameOf = async (ref: string) => (await registry.rewards.find(scope, ref)).name;

test("a reference names a version, an alias, or without either the production alias and else the newest version", async () => {
  await train("helpful", "model");
  await train("helpful", "model");
  expect(await nameOf("helpful")).toBe("helpful@v2");
  expect(await nameOf("helpful@v1")).toBe("helpful@v1");
  await registry.moveAlias(scope, "helpful", { alias: "production", version: "1", reason: "" });
  expect(await nameOf("helpful")).toBe("helpful@v1");
  expect(await nameOf("helpful@production")).toBe("helpful@v1");
});

test("the files of a whole model lie in a folder, and an adapter comes with its base", async () => {
  await train("whole", "model");
  const whole = await registry.rewards.open(scope, "whole@v1");
  expect(whole.base).toBeNull();
  expect(await readFile(join(whole.folder, "config.json"), "utf8")).toBe(FILES.model["config.json"]);
  await train("small", "adapter");
  const small = await registry.rewards.open(scope, "small@v1");
  expect(small.base).toEqual({ ref: "base@v1", hash: baseHash });
  expect(await readFile(join(small.folder, "adapter_config.json"), "utf8")).toBe("{}");
});

test("a version of another method, a model that is missing and one of another project are refused with the reason", async () => {
  await train("chatty", "adapter", "sft");
  await expect(nameOf("chatty@v1")).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining('chatty@v1 is not a reward model: its method is "sft"'),
  });
  await expect(nameOf("base@v1")).rejects.toThrow("no training run made it");
  await train("ours", "model");
  for (const ref of ["nobody@v1", "@", "ours@v9"])
    await expect(nameOf(ref)).rejects.toMatchObject({ code: "not_found" });
  const other = await opened.newScope();
  await expect(registry.rewards.find(other, "ours@v1")).rejects.toMatchObject({ code: "not_found" });
});

test("a reward model does not answer, and its page says what it is for", async () => {
  await train("scoring", "adapter");
  const version = await registry.versions.get(scope, { name: "scoring", version: "1" });
  expect(version).toMatchObject({
    canServe: false,
    whyNot: expect.stringContaining("scorer of the kind Reward model"),
  });
});
