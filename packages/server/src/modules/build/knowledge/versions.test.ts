import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { useKnowledgeWorld } from "./testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();

const versionsOf = async (baseId: string) =>
  (await world.server.knowledge.listVersions(world.scope, baseId, { limit: 10 })).items;
const setLive = (knowledgeBaseId: string, version: number) =>
  world.server.knowledge.setLive(world.scope, { knowledgeBaseId, version });
const topOf = async (baseId: string, query: string, more: object = {}) =>
  (await world.search(baseId, query, more)).hits[0]?.text;

/** A base whose versions 1 to 3 hold one, two and two documents. */
async function makeVersions(input: object = {}) {
  const baseId = await world.create(input);
  const first = await world.upload(baseId, { "zebras.md": "Zebras have stripes." });
  await world.index(baseId);
  const second = await world.upload(baseId, { "dolphins.md": "Dolphins sleep at night." });
  await world.index(baseId);
  await world.upload(baseId, { "zebras.md": "Zebras have many stripes." });
  await world.index(baseId);
  return { baseId, zebras: first("zebras.md"), dolphins: second("dolphins.md") };
}

test("versions are numbered from 1, count what changed, and the newest goes live", async () => {
  const { baseId } = await makeVersions();
  const items = await versionsOf(baseId);
  expect(items).toMatchObject([
    { version: 3, isLive: true, documents: 2, added: 0, changed: 1, removed: 0 },
    { version: 2, isLive: false, documents: 2, added: 1, changed: 0, removed: 0 },
    { version: 1, isLive: false, documents: 1, added: 1, changed: 0, removed: 0 },
  ]);
  expect(new Set(items.map(({ contentHash }) => contentHash)).size).toBe(3);
  const page = await world.server.knowledge.listVersions(world.scope, baseId, { limit: 2 });
  const rest = await world.server.knowledge.listVersions(world.scope, baseId, {
    limit: 2,
    cursor: page.nextCursor ?? "",
  });
  expect([...page.items, ...rest.items]).toEqual(items);
});

test("each version is searched as it was built", async () => {
  const { baseId } = await makeVersions();
  expect(await topOf(baseId, "zebras", { version: 1 })).toBe("Zebras have stripes.");
  expect(await topOf(baseId, "zebras", { version: 2 })).toBe("Zebras have stripes.");
  expect(await topOf(baseId, "zebras")).toBe("Zebras have many stripes.");
  expect((await world.search(baseId, "dolphins", { version: 1 })).hits).toHaveLength(1);
  expect(await topOf(baseId, "dolphins", { version: 2 })).toBe("Dolphins sleep at night.");
  await expect(world.search(baseId, "zebras", { version: 9 })).rejects.toMatchObject({ code: "not_found" });
});

test("a roll back is immediate, and the next change goes live again", async () => {
  const { baseId } = await makeVersions();
  expect(await setLive(baseId, 1)).toMatchObject({ version: 1, isLive: true });
  const result = await world.search(baseId, "zebras");
  expect(result.version).toBe(1);
  expect(result.hits[0]?.text).toBe("Zebras have stripes.");
  await world.upload(baseId, { "lions.md": "Lions rest." });
  expect(await world.index(baseId)).toMatchObject({ liveVersion: 4, latestVersion: 4 });
});

test("a base whose versions do not go live serves the first until another is chosen", async () => {
  const { baseId } = await makeVersions({ goesLive: false });
  expect(await world.server.knowledge.get(world.scope, baseId)).toMatchObject({ liveVersion: 1, latestVersion: 3 });
  expect(await topOf(baseId, "zebras")).toBe("Zebras have stripes.");
  await setLive(baseId, 3);
  expect(await topOf(baseId, "zebras")).toBe("Zebras have many stripes.");
});

test("a comparison lists added, changed and removed documents with their chunks", async () => {
  const { baseId, zebras, dolphins } = await makeVersions();
  const forward = await world.server.knowledge.compareVersions(world.scope, baseId, { from: 1, to: 3 });
  expect(forward).toMatchObject({
    from: 1,
    to: 3,
    documentsTotal: 2,
    chunksAdded: 2,
    chunksRemoved: 1,
    chunksShared: 0,
  });
  expect(forward.documents).toContainEqual(
    expect.objectContaining({ documentId: zebras, change: "changed", chunksAdded: 1, chunksRemoved: 1 }),
  );
  expect(forward.documents).toContainEqual(
    expect.objectContaining({ documentId: dolphins, change: "added", chunksAdded: 1, chunksRemoved: 0 }),
  );
  const back = await world.server.knowledge.compareVersions(world.scope, baseId, { from: 2, to: 1 });
  expect(back.documents).toMatchObject([{ documentId: dolphins, change: "removed", chunksRemoved: 1 }]);
  expect(back.chunksShared).toBe(1);
  const same = await world.server.knowledge.compareVersions(world.scope, baseId, { from: 2, to: 2 });
  expect(same).toMatchObject({ documentsTotal: 0, chunksAdded: 0, chunksRemoved: 0, chunksShared: 2 });
});

test("versions with a deleted document are compared", async () => {
  const { baseId, zebras } = await makeVersions();
  await world.server.knowledge.deleteDocument(world.scope, { knowledgeBaseId: baseId, documentId: zebras });
  await world.index(baseId);
  const compared = await world.server.knowledge.compareVersions(world.scope, baseId, { from: 1, to: 4 });
  expect(compared.documents).toContainEqual(expect.objectContaining({ documentId: zebras, change: "removed" }));
});

test("a pruned version is neither searched nor live", async () => {
  const { baseId } = await makeVersions();
  await world.db.execute(sql`UPDATE knowledge_versions SET state = 'pruned' WHERE base_id = ${baseId} AND version = 1`);
  await expect(world.search(baseId, "zebras", { version: 1 })).rejects.toThrow("Version 1 was pruned.");
  await expect(setLive(baseId, 1)).rejects.toMatchObject({ code: "conflict" });
  expect(await world.server.knowledge.get(world.scope, baseId)).toMatchObject({ liveVersion: 3 });
});

test("equal documents of two bases have equal content hashes, in whatever order they came", async () => {
  const files = { "a.md": "# Zebras\n\nStripes.", "b.md": "Dolphins sleep." };
  const [one, other] = [await world.create(), await world.create()];
  await world.upload(one, files);
  await world.upload(other, { "b.md": files["b.md"] });
  await world.index(other);
  await world.upload(other, { "a.md": files["a.md"] });
  await Promise.all([world.index(one), world.index(other)]);
  const [[first], [second]] = [await versionsOf(one), await versionsOf(other)];
  expect(second?.contentHash).toBe(first?.contentHash);
  const different = await world.create({ indexing: { chunkTokens: 64 } });
  await world.upload(different, files);
  await world.index(different);
  expect((await versionsOf(different))[0]?.contentHash).not.toBe(first?.contentHash);
});

test("a change of the chunk size builds a version with other chunks of the same documents", async () => {
  const baseId = await world.create();
  const text = Array.from({ length: 60 }, (_, at) => `Sentence number ${at} is about zebras.`).join(" ");
  await world.upload(baseId, { "zebras.md": text });
  await world.index(baseId);
  const indexing = { embeddingModel: "", chunkTokens: 40, overlap: 0 };
  await world.server.knowledge.update(world.scope, baseId, { indexing });
  await world.server.knowledge.build(world.scope, baseId);
  await world.index(baseId);
  const [after, before] = await versionsOf(baseId);
  expect(after).toMatchObject({ version: 2, indexing, changed: 1 });
  expect(after?.chunks).toBeGreaterThan(2 * (before?.chunks ?? 0));
});

test("a change of the chunk size during a job takes effect with the same job", async () => {
  const baseId = await world.create();
  await world.upload(baseId, { "zebras.md": "Zebras have stripes." });
  const indexing = { embeddingModel: "", chunkTokens: 40, overlap: 0 };
  let calls = 0;
  world.hooks.before = async ({ name }) => {
    if (name !== "thread.probe" || calls++ > 0) return;
    await world.server.knowledge.update(world.scope, baseId, { indexing });
    await world.server.knowledge.build(world.scope, baseId);
  };
  await world.index(baseId);
  expect((await versionsOf(baseId))[0]).toMatchObject({ indexing });
});

test("a build without a change makes no version", async () => {
  const { baseId } = await makeVersions();
  expect((await world.server.knowledge.build(world.scope, baseId)).job).not.toBeNull();
  expect(await world.index(baseId)).toMatchObject({ latestVersion: 3, job: null });
});

test("the text of a document is read as each version has it, with its chunks", async () => {
  const { baseId, zebras, dolphins } = await makeVersions();
  const read = (documentId: string, version?: number) =>
    world.server.knowledge.readText(world.scope, { knowledgeBaseId: baseId, documentId }, version);
  expect(await read(zebras, 1)).toMatchObject({ version: 1, text: expect.stringContaining("have stripes") });
  const newest = await read(zebras);
  expect(newest).toMatchObject({ version: 3, text: expect.stringContaining("many stripes") });
  expect(newest.chunks.map(({ start, end }) => newest.text.slice(start, end))).toEqual(["Zebras have many stripes."]);
  await expect(read(dolphins, 1)).rejects.toThrow("Version 1 does not hold the document");
});
