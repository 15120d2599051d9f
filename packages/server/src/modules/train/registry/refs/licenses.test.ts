import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelImportInput } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { writeTinyAdapter } from "../../../../platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../../platform/inference/testing/tiny-model.ts";
import { openTestRegistry } from "../testing/open-registry.ts";
import { safetensors } from "../testing/write-safetensors.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let registry: typeof opened.registry;
let scope: Scope;
let licensed = "";
let silent = "";

beforeAll(async () => {
  opened = await openTestRegistry();
  registry = opened.registry;
  licensed = join(opened.folder, "licensed.gguf");
  silent = join(opened.folder, "silent.gguf");
  await writeTinyModel(licensed, { license: "llama3.2" });
  await writeTinyModel(silent, { license: null, seed: 5 });
});
afterAll(() => opened.close());
beforeEach(async () => {
  scope = await opened.newScope();
});

const bring = async (name: string, source: string, more: object = {}) => {
  const { jobId } = await registry.imports.start(scope, ModelImportInput.parse({ name, source, ...more }));
  await opened.ended(scope, jobId);
};
const place = (name: string) => ({ name, version: "1" });
const write = (name: string, license: string | null) => registry.versions.update(scope, place(name), { license });
const sayOf = async (name: string) => {
  const { license, licenseFrom } = await registry.versions.get(scope, place(name));
  return [license, licenseFrom?.said, licenseFrom?.base];
};
const cardOf = (name: string) => registry.versions.card(scope, place(name));

/** A whole model that a run made over a base, as its GGUF repeats what the base's file says. */
async function tune(name: string, baseRef: string, path = licensed) {
  const { hash } = await registry.baseFor(scope, baseRef);
  const files = { [path.split("/").at(-1) ?? ""]: "" };
  return registry.registerVersion({
    scope,
    name,
    runId: `run_${name}`,
    baseRef,
    baseHash: hash,
    sources: [],
    folder: opened.folder,
    artifacts: [{ kind: "gguf", path: path.slice(opened.folder.length + 1), files }],
    training: { method: "sft", hyperparameters: {}, chatTemplate: "model", versions: {} },
    evalLoss: null,
  });
}

describe("a version that a training run made", () => {
  test("has the license of its base and names the base, also on its card", async () => {
    await bring("base", licensed);
    await tune("tuned", "base@v1");
    expect(await sayOf("base")).toEqual(["llama3.2", "files", null]);
    expect(await sayOf("tuned")).toEqual(["llama3.2", "base", "base@v1"]);
    const card = await cardOf("tuned");
    expect(card).toContain('license: "llama3.2"\n');
    expect(card).toContain("## License\n\nllama3.2, from the base base@v1");
  });

  test("names the base that has it, over as many as there are between", async () => {
    await bring("base", silent, { license: "mit" });
    await tune("first", "base@v1", silent);
    await tune("second", "first@v1", silent);
    expect(await sayOf("second")).toEqual(["mit", "base", "base@v1"]);
  });

  test("follows what a person writes of the base, and what one writes of itself wins", async () => {
    await bring("base", licensed);
    await tune("tuned", "base@v1");
    await write("base", "llama3.2, with our contract");
    expect(await sayOf("tuned")).toEqual(["llama3.2, with our contract", "base", "base@v1"]);
    await write("tuned", "proprietary");
    expect(await sayOf("tuned")).toEqual(["proprietary", "person", null]);
    expect(await cardOf("tuned")).toContain("## License\n\nproprietary\n");
    await write("tuned", null);
    expect(await sayOf("tuned")).toEqual(["llama3.2, with our contract", "base", "base@v1"]);
  });

  test("retains the license of a pulled base after the base is deleted", async () => {
    const sha256 = createHash("sha256")
      .update(await readFile(silent))
      .digest("hex");
    opened.pulled.set("small", { path: silent, sha256, license: "apache-2.0" });
    await tune("tuned", "local:small", silent);
    await bring("copy", "local:small");
    opened.pulled.clear();
    expect(await sayOf("tuned")).toEqual(["apache-2.0", "base", "local:small"]);
    expect(await sayOf("copy")).toEqual(["apache-2.0", "files", null]);
  });

  test("reports that the license is unknown", async () => {
    await bring("base", silent);
    await tune("tuned", "base@v1", silent);
    expect(await sayOf("tuned")).toEqual([null, undefined, undefined]);
    expect(await cardOf("tuned")).toContain(
      "## License\n\nUnknown. The license of the base base@v1 is unknown too. Find out before you use the model.",
    );
    expect(await cardOf("base")).toContain("## License\n\nUnknown. Find out before you use the model.");
  });
});

test("an imported adapter has its own license, or its base's license if it has none", async () => {
  await bring("base", licensed);
  const folder = join(opened.folder, "adapter");
  await mkdir(folder, { recursive: true });
  await writeTinyAdapter(join(folder, "adapter.gguf"));
  await writeFile(join(folder, "adapter_model.safetensors"), safetensors({ "q.lora_A.weight": ["F32", [2, 4]] }));
  await bring("quiet", folder, { base: "base@v1" });
  await writeFile(join(folder, "README.md"), "---\nlicense: mit\n---\n# An adapter\n");
  await bring("own", folder, { base: "base@v1" });
  expect(await sayOf("quiet")).toEqual(["llama3.2", "base", "base@v1"]);
  expect(await sayOf("own")).toEqual(["mit", "files", null]);
});
