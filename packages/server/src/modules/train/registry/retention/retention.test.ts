import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelImportInput, type ModelRetentionChoice } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { ask } from "../../../../platform/inference/testing/ask.ts";
import { writeTinyAdapter } from "../../../../platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../../platform/inference/testing/tiny-model.ts";
import { openTestRegistry } from "../testing/open-registry.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let registry: typeof opened.registry;
let scope: Scope;
let aheadMs = 0;
let seed = 1_000;

beforeAll(async () => {
  const clock = { now: () => Date.now() + aheadMs, elapsed: () => performance.now() };
  opened = await openTestRegistry({ clock });
  registry = opened.registry;
});
afterAll(() => opened.close());
beforeEach(async () => {
  scope = await opened.newScope();
  aheadMs = 0;
});

/** A new version with a content that no other has. Gives the SHA-256 of its file. */
async function bring(name: string, more: object = {}): Promise<string> {
  seed += 1;
  const path = join(opened.folder, `${seed}.gguf`);
  await writeTinyModel(path, { seed });
  return importFile(name, path, more);
}
async function importFile(name: string, path: string, more: object = {}): Promise<string> {
  const { jobId } = await registry.imports.start(scope, ModelImportInput.parse({ name, source: path, ...more }));
  await opened.ended(scope, jobId);
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
const rule = (keepNewest: number, afterDays: number) =>
  registry.settings.update(scope, { retention: { keepNewest, afterDays } });
const choose = (name: string, retention: ModelRetentionChoice) => registry.models.update(scope, name, { retention });
const sweep = async () => opened.ended(scope, (await registry.retention.start(scope)).jobId);
const point = (name: string, alias: string, version: number) =>
  registry.moveAlias(scope, name, { alias, version: String(version), reason: "" });
const planned = async () =>
  (await registry.retention.plan(scope)).items.map(({ name, version, isDue }) => [`${name}@v${version}`, isDue]);
const removedOf = async (name: string) => {
  const { items } = await registry.versions.list(scope, name, { limit: 50 });
  return items.filter(({ filesRemovedAt }) => filesRemovedAt !== null).map(({ version }) => version);
};
const actions = async () =>
  (await opened.audit.list(scope, { limit: 50 })).items.map(({ action, target, details }) => ({
    action,
    target,
    details,
  }));

describe("files of old versions", () => {
  test("are removed after their days, except the newest and those in use; the preview equals the result", async () => {
    const contents: string[] = [];
    for (let version = 1; version <= 8; version++) contents.push(await bring("bot"));
    await point("bot", "production", 1);
    await registry.setStage(scope, { name: "bot", version: "2" }, { stage: "staging", note: "" });
    const adapter = join(opened.folder, "over.gguf");
    await writeTinyAdapter(adapter, { seed: 3 });
    await importFile("tuned", adapter, { base: "bot@v3" });
    opened.endpoints.push({ id: "end_1", name: "support", models: ["bot@v4", "bot@production", "gpt-4o"] });
    expect(await planned()).toEqual([]);
    await rule(2, 30);
    expect(await planned()).toEqual([
      ["bot@v5", false],
      ["bot@v6", false],
    ]);
    expect(await sweep()).toEqual({ versions: 0, bytes: 0 });
    aheadMs = 31 * DAY_MS;
    const plan = await registry.retention.plan(scope);
    expect(plan).toMatchObject({ policy: { keepNewest: 2, afterDays: 30 }, dueVersions: 2 });
    expect(await removedOf("bot")).toEqual([]);
    expect(await sweep()).toEqual({ versions: plan.dueVersions, bytes: plan.dueBytes });
    expect(await removedOf("bot")).toEqual([6, 5]);
    for (const [at, sha256] of contents.entries())
      expect(await opened.objects.has(sha256), `v${at + 1}`).toBe(![5, 6].includes(at + 1));
    const removals = (await actions()).filter(({ action }) => action === "model-version.remove-files");
    expect(removals.map(({ target, details }) => [target, details.version])).toEqual([
      ["bot", 6],
      ["bot", 5],
    ]);
    expect(await sweep()).toEqual({ versions: 0, bytes: 0 });
    opened.endpoints.length = 0;
    expect(await planned()).toEqual([["bot@v4", true]]);
  });

  test("leave a whole record, which says so wherever the files are asked for", async () => {
    await bring("bot", { notes: "The first." });
    await bring("bot");
    await rule(1, 0);
    const before = await registry.versions.whole(scope, { name: "bot", version: "1" });
    await sweep();
    const version = await registry.versions.whole(scope, { name: "bot", version: "1" });
    const whyNot = expect.stringContaining("The retention rule removed its files on");
    expect(version).toEqual({ ...before, canServe: false, whyNot, filesRemovedAt: expect.any(String) });
    expect(await registry.versions.card(scope, { name: "bot", version: "1" })).toContain("The first.");
    const failure = { code: "unprocessable", message: whyNot };
    const place = { name: "bot", version: "1" };
    await expect(registry.versions.openFile(scope, place, before.files[0]?.path ?? "")).rejects.toMatchObject(failure);
    await expect(registry.export(scope, place, "files")).rejects.toMatchObject(failure);
    await expect(registry.baseFor(scope, "bot@v1")).rejects.toMatchObject(failure);
    await expect(point("bot", "production", 1)).rejects.toMatchObject(failure);
    await expect(registry.setStage(scope, place, { stage: "production", note: "" })).rejects.toMatchObject(failure);
    await expect(registry.served.resolve(scope.projectId, "bot@v1")).rejects.toMatchObject(failure);
    expect((await registry.models.get(scope, "bot")).aliases).toEqual([]);
    expect(await registry.served.resolve(scope.projectId, "bot")).toMatchObject({ name: "bot@v2" });
  });

  test("stay while a request is answered by them, and leave the engine after it", async () => {
    const sha256 = await bring("bot");
    await bring("bot");
    await rule(1, 0);
    const served = await registry.served.resolve(scope.projectId, "bot@v1");
    const running = ask(opened.inference, { modelId: served?.model ?? "", maxTokens: 200 });
    await sweep();
    expect((await running).done.completionTokens).toBeGreaterThan(0);
    await expect.poll(() => opened.inference.isRegistered(`gguf-${sha256}`)).toBe(false);
  });

  test("stay for as long again when an alias has left the version: there is a way back", async () => {
    await bring("bot");
    await bring("bot");
    await bring("bot");
    await rule(1, 30);
    await point("bot", "production", 1);
    aheadMs = 40 * DAY_MS;
    await point("bot", "production", 3);
    expect(await planned()).toEqual([
      ["bot@v2", true],
      ["bot@v1", false],
    ]);
    await sweep();
    await registry.rollBackAlias(scope, "bot", { alias: "production", reason: "worse" });
    expect(await removedOf("bot")).toEqual([2]);
  });

  test("that another version has too stay until both are gone", async () => {
    const path = join(opened.folder, "same.gguf");
    await writeTinyModel(path, { seed: 77_777 });
    const sha256 = await importFile("one", path);
    await bring("one");
    await importFile("two", path);
    await rule(1, 0);
    await sweep();
    expect([await removedOf("one"), await removedOf("two")]).toEqual([[1], []]);
    expect(await opened.objects.has(sha256)).toBe(true);
    await registry.versions.delete(scope, { name: "two", version: "1" });
    expect(await opened.objects.has(sha256)).toBe(false);
  });
});

test("what was left when the process died between the record and the files goes at the next try", async () => {
  const sha256 = await bring("bot");
  await bring("bot");
  await rule(1, 0);
  const { objects } = opened;
  const own = objects.delete;
  objects.delete = async () => {
    objects.delete = own;
    throw new Error("the process died");
  };
  await sweep();
  expect(await removedOf("bot")).toEqual([1]);
  expect(await objects.has(sha256)).toBe(false);
});

describe("a rule", () => {
  test("of a model goes before its project's; without any nothing goes", async () => {
    for (const name of ["kept", "own", "plain"]) for (let version = 1; version <= 3; version++) await bring(name);
    await choose("own", { keepNewest: 1, afterDays: 0 });
    await choose("kept", "keep-all");
    expect(await planned()).toEqual([
      ["own@v1", true],
      ["own@v2", true],
    ]);
    await rule(2, 0);
    expect((await planned()).map(([ref]) => ref).sort()).toEqual(["own@v1", "own@v2", "plain@v1"]);
    expect((await registry.retention.plan(scope, "plain")).items).toHaveLength(1);
    await expect(registry.retention.plan(scope, "nobody")).rejects.toMatchObject({ code: "not_found" });
    await choose("own", "project");
    await registry.settings.update(scope, { retention: null });
    expect(await planned()).toEqual([]);
    expect(await registry.settings.get(scope)).toEqual({ needsApproval: false, retention: null });
  });

  test("has one job that runs each day, however often it is changed", async () => {
    await rule(2, 30);
    await rule(3, 30);
    await bring("bot");
    await choose("bot", { keepNewest: 1, afterDays: 1 });
    const { items } = await opened.jobs.list(scope, { kind: "model-retention", limit: 10 });
    expect(items).toMatchObject([{ status: "queued", everySeconds: 86_400 }]);
  });

  test("says nothing of another project's models", async () => {
    await bring("bot");
    await bring("bot");
    await rule(1, 0);
    const stranger = await opened.newScope();
    expect((await registry.retention.plan(stranger)).items).toEqual([]);
    const { jobId } = await registry.retention.start(stranger);
    expect(await opened.ended(stranger, jobId)).toEqual({ versions: 0, bytes: 0 });
    expect(await removedOf("bot")).toEqual([]);
  });
});
