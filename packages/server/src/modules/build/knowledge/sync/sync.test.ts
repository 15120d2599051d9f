import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { newId } from "../../../../kernel/ids.ts";
import { createSourceActions } from "../testing/source-actions.ts";
import { useKnowledgeWorld } from "../testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();
let baseId: string;
let folder: string;
const sources = createSourceActions(world, () => baseId);

beforeEach(async () => {
  baseId = await world.create();
  folder = join(world.sourcesFolder, newId("f"));
  await mkdir(folder, { recursive: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
const addFolder = (more: object = {}) => sources.add({ kind: "folder", folder, ...more });
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`page-${index}.md`, `# Page ${index}\n\nZebra.\n`]));
const urisOf = async () => (await sources.documents()).map(({ uri }) => uri);

test("a sync stores the files of a folder, which searches find with their principals", async () => {
  await write({ "zebras.md": "# Zebras\n\nZebras have stripes.\n", "deep/whales.txt": "Whales sing." });
  const source = await addFolder({ principals: ["group:zoo"] });
  expect(source).toMatchObject({ state: "idle", documents: 2, lastSync: { added: 2, failed: 0, error: null } });
  await world.index(baseId);
  expect(await urisOf()).toEqual(["deep/whales.txt", "zebras.md"]);
  expect((await world.search(baseId, "zebras stripes", { principals: ["group:zoo"] })).hits[0]?.uri).toBe("zebras.md");
  expect((await world.search(baseId, "zebras stripes", { principals: ["public"] })).hits).toEqual([]);
});

test("a second sync of equal files uploads nothing, and a touched file with equal bytes is unchanged", async () => {
  await write({ "a.md": "One", "b.md": "Two" });
  const { sourceId } = await addFolder();
  await world.index(baseId);
  const before = await sources.documents();
  await write({ "a.md": "One" });
  const source = await sources.sync(sourceId);
  expect(source.lastSync).toMatchObject({ added: 0, changed: 0, deleted: 0, unchanged: 2, failed: 0 });
  expect(await sources.documents()).toEqual(before);
});

test("a changed file replaces its document, and a deleted file is found no more", async () => {
  await write({ "a.md": "Alpaca", "b.md": "Buffalo", "c.md": "Camel" });
  const { sourceId } = await addFolder();
  await world.index(baseId);
  await write({ "a.md": "Aardvark" });
  await rm(join(folder, "b.md"));
  expect((await sources.sync(sourceId)).lastSync).toMatchObject({ added: 0, changed: 1, deleted: 1, unchanged: 1 });
  expect((await world.search(baseId, "buffalo")).hits.map(({ uri }) => uri)).not.toContain("b.md");
  await world.index(baseId);
  expect(await urisOf()).toEqual(["a.md", "c.md"]);
  expect((await world.search(baseId, "aardvark")).hits[0]?.uri).toBe("a.md");
});

test("a listing that ends with an error deletes nothing and says why", async () => {
  await write(many(3));
  const { sourceId } = await addFolder();
  await rm(folder, { recursive: true });
  const source = await sources.sync(sourceId);
  expect(source).toMatchObject({ state: "failed", documents: 3 });
  expect(source.lastSync?.error).toContain("TREADLE_KNOWLEDGE_FOLDERS");
  await write(many(4));
  expect(await sources.sync(sourceId)).toMatchObject({ state: "idle", documents: 4, lastSync: { error: null } });
});

test("a sync that would delete most documents is held, and stores additions", async () => {
  await write(many(4));
  const { sourceId } = await addFolder();
  for (const name of ["page-0.md", "page-1.md", "page-2.md"]) await rm(join(folder, name));
  await write({ "new.md": "New" });
  const held = await sources.sync(sourceId);
  expect(held).toMatchObject({ state: "held", heldDeletions: 3, documents: 5, lastSync: { added: 1, deleted: 0 } });
  expect(held.lastSync?.warnings[0]).toContain("3 of 4 documents");
  const approved = await world.server.knowledge.approveSource(world.scope, sources.place(sourceId));
  expect(approved).toMatchObject({ state: "idle", heldDeletions: 0, documents: 2 });
  expect(await urisOf()).toEqual(["new.md", "page-3.md"]);
});

test("discarded deletions keep the documents, and files that return end the hold", async () => {
  await write(many(2));
  const { sourceId } = await addFolder();
  await rm(join(folder, "page-0.md"));
  await rm(join(folder, "page-1.md"));
  expect((await sources.sync(sourceId)).state).toBe("held");
  const discarded = await world.server.knowledge.discardSource(world.scope, sources.place(sourceId));
  expect(discarded).toMatchObject({ state: "idle", documents: 2 });
  expect((await sources.sync(sourceId)).state).toBe("held");
  await write(many(2));
  expect(await sources.sync(sourceId)).toMatchObject({ state: "idle", documents: 2, lastSync: { deleted: 0 } });
});

test("one unreadable file does not stop the others, and is read by the next sync", async () => {
  await write({ "a.md": "Alpaca", "secret/outside.txt": "x" });
  const outside = join(world.sourcesFolder, newId("o"));
  await writeFile(outside, "outside");
  await symlink(outside, join(folder, "link.md"));
  const source = await addFolder({ exclude: ["secret/"] });
  expect(source.lastSync).toMatchObject({ added: 1, failed: 1, failures: [{ path: "link.md" }] });
  expect(source.lastSync?.failures[0]?.message).toContain("leaves the folder");
  await rm(join(folder, "link.md"));
  await write({ "link.md": "Inside" });
  expect((await sources.sync(source.sourceId)).lastSync).toMatchObject({ added: 1, unchanged: 1, failed: 0 });
});

test("a folder outside of the operator's list is refused like one that does not exist", async () => {
  for (const path of ["/etc", "/nowhere", join(world.sourcesFolder, ".."), `${world.sourcesFolder}-next`])
    await expect(sources.add({ kind: "folder", folder: path })).rejects.toThrow("that this server may read");
});

test("a stopped sync continues after a restart and counts each document once", async () => {
  await write(many(4));
  let puts = 0;
  const reached = Promise.withResolvers<void>();
  world.hooks.before = async ({ name }) => {
    if (name !== "objects.put" || ++puts !== 3) return;
    reached.resolve();
    await new Promise(() => {});
  };
  const adding = addFolder();
  await reached.promise;
  world.hooks.before = async () => {};
  await world.restart();
  const source = await adding;
  expect(source).toMatchObject({ state: "idle", documents: 4, lastSync: { added: 4, changed: 0, unchanged: 0 } });
});

test("the secret is never returned, and a new host erases it", async () => {
  const web = { kind: "git", repository: "https://git.invalid/team/docs.git", token: "ghp_secret", isEnabled: false };
  const source = await sources.add(web);
  expect(source).toMatchObject({ hasSecret: true, state: "failed" });
  expect(JSON.stringify(source)).not.toContain("ghp_secret");
  const update = (patch: object) =>
    world.server.knowledge.updateSource(world.scope, sources.place(source.sourceId), patch);
  expect(await update({ repository: "https://git.invalid/team/other.git" })).toMatchObject({ hasSecret: true });
  expect(await update({ repository: "https://other.invalid/team/docs.git" })).toMatchObject({ hasSecret: false });
});

test("a setting of another kind is refused with the settings of the kind", async () => {
  await expect(addFolder({ bucket: "docs" })).rejects.toThrow("`bucket` is a setting of another kind");
  await expect(sources.add({ kind: "web" })).rejects.toThrow("needs `addresses`");
});

test("other principals of a source apply immediately, except to documents that were changed one by one", async () => {
  await write({ "a.md": "Alpaca", "b.md": "Buffalo" });
  const { sourceId } = await addFolder();
  const [own] = await sources.documents();
  const place = { knowledgeBaseId: baseId, documentId: own?.documentId ?? "" };
  await world.server.knowledge.updateDocument(world.scope, place, { principals: ["user:ada"] });
  await world.server.knowledge.updateSource(world.scope, sources.place(sourceId), { principals: ["group:zoo"] });
  expect((await sources.documents()).map(({ principals }) => principals)).toEqual([["user:ada"], ["group:zoo"]]);
});

test("a deleted source takes its documents with it, and its name is free again", async () => {
  await write(many(2));
  await world.upload(baseId, { "kept.md": "Kept" });
  const { sourceId } = await addFolder();
  await world.server.knowledge.deleteSource(world.scope, sources.place(sourceId));
  expect(await urisOf()).toEqual(["kept.md"]);
  await expect(sources.get(sourceId)).rejects.toMatchObject({ code: "not_found" });
  expect(await addFolder()).toMatchObject({ documents: 2 });
});

test("a source of another project is not found", async () => {
  const { sourceId } = await addFolder();
  const scope = await world.makeScope();
  await expect(world.server.knowledge.getSource(scope, sources.place(sourceId))).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(world.server.knowledge.syncSource(scope, sources.place(sourceId))).rejects.toMatchObject({
    code: "not_found",
  });
});

test("uploads have a source that cannot be synchronised", async () => {
  await world.upload(baseId, { "a.md": "Alpaca" });
  const { items } = await world.server.knowledge.listSources(world.scope, baseId);
  expect(items).toMatchObject([{ kind: "upload", name: "Uploads", documents: 1, state: "idle" }]);
  const place = sources.place(items[0]?.sourceId ?? "");
  await expect(world.server.knowledge.syncSource(world.scope, place)).rejects.toMatchObject({ code: "conflict" });
});
