import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { openTestRegistry } from "../testing/open-registry.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let registry: typeof opened.registry;
let scope: Scope;

beforeAll(async () => {
  opened = await openTestRegistry();
  registry = opened.registry;
});
afterAll(() => opened.close());
beforeEach(async () => {
  scope = await opened.newScope();
  opened.slugs.clear();
  opened.slugs.add("openai");
});

const give = (runId: string, model = "ft:small:acme::abc") =>
  registry.registerVersion({
    scope,
    name: "support",
    runId,
    baseRef: "openai/small",
    baseHash: "",
    folder: "",
    artifacts: [],
    sources: [{ ref: "chats@1", datasetId: "ds_1", version: "1", root: null, rows: 12 }],
    training: { method: "sft", hyperparameters: {}, chatTemplate: "model", versions: {} },
    evalLoss: 1.25,
    remote: { connection: "openai", model },
  });
const place = { name: "support", version: "1" };

test("a model stored at a provider is a version without files, once per run", async () => {
  expect(await give("ftjob_1")).toEqual({ name: "support", version: 1 });
  expect(await give("ftjob_1")).toEqual({ name: "support", version: 1 });
  expect(await registry.versions.whole(scope, place)).toMatchObject({
    format: "remote",
    formats: ["remote"],
    fileCount: 0,
    sizeBytes: 0,
    files: [],
    runId: "ftjob_1",
    base: { ref: "openai/small", hash: null, version: null },
    canServe: true,
    whyNot: null,
    remote: { connection: "openai", model: "ft:small:acme::abc" },
  });
  const card = await registry.versions.card(scope, place);
  expect(card).toContain("| Kept by | the provider of the connection openai, as ft:small:acme::abc |");
  expect(card).not.toContain("| Files |");
  const { nodes } = await registry.versions.lineage(scope, place);
  expect(nodes.find(({ kind }) => kind === "base")).toMatchObject({ detail: "model of a provider" });
});

test("it answers under its names, which move with its aliases", async () => {
  await give("ftjob_1");
  await give("ftjob_2", "ft:small:acme::two");
  const asked = (name: string) => registry.served.resolve(scope.projectId, name);
  expect(await asked("support@v1")).toEqual({ connection: "openai", model: "ft:small:acme::abc", name: "support@v1" });
  expect(await asked("support")).toMatchObject({ model: "ft:small:acme::two", name: "support@v2" });
  await registry.moveAlias(scope, "support", { alias: "production", version: "1", reason: "" });
  expect(await asked("support")).toMatchObject({ name: "support@v1" });
  expect(await registry.served.names(scope.projectId)).toEqual(["support", "support@production"]);
});

test("when its connection is gone it says so, and which one it needs", async () => {
  await give("ftjob_1");
  opened.slugs.clear();
  await give("ftjob_2");
  await expect(registry.served.resolve(scope.projectId, "support@v1")).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining('The connection "openai" to its provider was deleted or is disabled'),
  });
  expect(await registry.versions.get(scope, place)).toMatchObject({ canServe: false });
});

test("it has nothing to export and nothing to train over here", async () => {
  await give("ftjob_1");
  await expect(registry.export(scope, place, "files")).rejects.toMatchObject({ code: "unprocessable" });
  await expect(registry.baseFor(scope, "support@v1")).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("launcher: { type: provider"),
  });
});
