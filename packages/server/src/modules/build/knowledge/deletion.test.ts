import { KnowledgeSourceInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { useKnowledgeWorld } from "./testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();

const DOLPHINS = "# Dolphins\n\nDolphins sleep with one half of the brain.\n";
const ZEBRAS = "# Zebras\n\nZebras have stripes against flies.\n";

/** What the folders hold in addition to what they held before. */
async function openTally() {
  const [objects, links] = [new Set(await world.listObjects()), new Set(await world.listLinks())];
  return {
    objects: async () => (await world.listObjects()).filter((name) => !objects.has(name)),
    links: async () => (await world.listLinks()).filter((name) => !links.has(name)),
  };
}
const remove = (baseId: string, documentId: string) =>
  world.server.knowledge.deleteDocument(world.scope, { knowledgeBaseId: baseId, documentId });

test("a deleted document is found in no version immediately, and nothing of it is stored", async () => {
  const baseId = await world.create();
  await world.upload(baseId, { "zebras.md": ZEBRAS });
  await world.index(baseId);
  const tally = await openTally();
  const idOf = await world.upload(baseId, { "dolphins.md": DOLPHINS });
  await world.index(baseId);
  await world.upload(baseId, { "dolphins.md": `${DOLPHINS}\nThey have names.\n` });
  await world.index(baseId);
  expect((await world.search(baseId, "dolphins", { version: 2 })).hits[0]?.uri).toBe("dolphins.md");
  expect(await tally.links()).not.toEqual([]);
  await remove(baseId, idOf("dolphins.md"));
  for (const version of [1, 2, 3]) {
    const { hits } = await world.search(baseId, "dolphins sleep", { version });
    expect(hits.map(({ uri }) => uri)).toEqual(["zebras.md"]);
  }
  const base = await world.index(baseId);
  expect(base).toMatchObject({ documents: 1, latestVersion: 4, liveVersion: 4, states: { indexed: 1 } });
  // What is left are the descriptions of versions 2 to 4; version 4 is described like version 1.
  expect(await tally.objects()).toHaveLength(2);
  expect(await tally.links()).toEqual([]);
  await expect(
    world.server.knowledge.getDocument(world.scope, { knowledgeBaseId: baseId, documentId: idOf("dolphins.md") }),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("equal bytes of another document survive a deletion", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "one.md": DOLPHINS, "two.md": DOLPHINS });
  await world.index(baseId);
  await remove(baseId, idOf("one.md"));
  await world.index(baseId);
  const place = { knowledgeBaseId: baseId, documentId: idOf("two.md") };
  expect((await world.server.knowledge.readFile(world.scope, place)).bytes.toString()).toBe(DOLPHINS);
  expect((await world.server.knowledge.readText(world.scope, place, undefined)).text).toContain("Dolphins sleep");
  expect((await world.search(baseId, "dolphins")).hits.map(({ uri }) => uri)).toEqual(["two.md"]);
  expect((await world.search(baseId, "dolphins", { version: 1 })).hits.map(({ uri }) => uri)).toEqual(["two.md"]);
});

test("a document that is deleted and uploaded again with equal bytes is found again", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "dolphins.md": DOLPHINS });
  await world.index(baseId);
  await remove(baseId, idOf("dolphins.md"));
  await world.upload(baseId, { "dolphins.md": DOLPHINS });
  await world.index(baseId);
  expect((await world.search(baseId, "dolphins")).hits.map(({ uri }) => uri)).toEqual(["dolphins.md"]);
});

for (const moment of [
  "documents.parse",
  "thread.cut",
  "embedding.embed",
  "thread.seal",
  "objects.place",
  "thread.open",
  "thread.probe",
])
  test(`a document that is deleted before ${moment} of a job leaves nothing, and the job ends well`, async () => {
    const baseId = await world.create();
    const idOf = await world.upload(baseId, { "zebras.md": ZEBRAS });
    await world.index(baseId);
    const tally = await openTally();
    const late = await world.upload(baseId, { "dolphins.md": DOLPHINS });
    let calls = 0;
    world.hooks.before = async ({ name }) => {
      if (name === moment && calls++ === 0) await remove(baseId, late("dolphins.md"));
    };
    const base = await world.index(baseId);
    world.hooks.before = async () => {};
    expect(calls).toBeGreaterThan(0);
    expect(base).toMatchObject({ documents: 1, states: { indexed: 1 }, latestVersion: 1, job: null });
    expect((await world.jobOf(baseId))?.failures).toBe(0);
    expect(await tally.objects()).toEqual([]);
    expect(await tally.links()).toEqual([]);
    const { hits } = await world.search(baseId, "zebras");
    expect(hits.map(({ documentId }) => documentId)).toEqual([idOf("zebras.md")]);
  });

test("a deletion that was stopped is completed by the job", async () => {
  const baseId = await world.create();
  const tally = await openTally();
  const idOf = await world.upload(baseId, { "dolphins.md": DOLPHINS });
  await world.index(baseId);
  world.hooks.before = async ({ name }) => {
    if (name === "objects.delete") throw new Error("The server lost power.");
  };
  await expect(remove(baseId, idOf("dolphins.md"))).rejects.toThrow("lost power");
  world.hooks.before = async () => {};
  await world.restart();
  await world.index(baseId);
  expect(await tally.links()).toEqual([]);
  // The descriptions of both versions.
  expect(await tally.objects()).toHaveLength(2);
});

test("a deleted base leaves no objects and no links", async () => {
  const tally = await openTally();
  const baseId = await world.create();
  const idOf = await world.upload(baseId, {
    "dolphins.md": DOLPHINS,
    "zebras.md": ZEBRAS,
    "noise.bin": Buffer.from([0, 1, 0]),
  });
  await world.index(baseId);
  await remove(baseId, idOf("zebras.md"));
  await world.index(baseId);
  await world.search(baseId, "dolphins");
  await world.server.knowledge.delete(world.scope, baseId);
  expect(await tally.objects()).toEqual([]);
  expect(await tally.links()).toEqual([]);
  await expect(world.search(baseId, "dolphins")).rejects.toMatchObject({ code: "not_found" });
});

for (const moment of [
  "documents.parse",
  "thread.cut",
  "embedding.embed",
  "thread.seal",
  "objects.place",
  "thread.open",
  "thread.probe",
])
  test(`a base that is deleted before ${moment} of its job ends the job without retries, and leaves nothing`, async () => {
    const tally = await openTally();
    const baseId = await world.create();
    await world.upload(baseId, { "dolphins.md": DOLPHINS, "zebras.md": ZEBRAS });
    let calls = 0;
    world.hooks.before = async ({ name }) => {
      if (name === moment && calls++ === 0) await world.server.knowledge.delete(world.scope, baseId);
    };
    await world.makeDue(baseId);
    await expect.poll(async () => (await world.jobOf(baseId))?.status).toMatch(/done|failed/);
    const job = await world.jobOf(baseId);
    expect(job?.failures).toBeLessThanOrEqual(1);
    expect(calls).toBeGreaterThan(0);
    expect(await tally.objects()).toEqual([]);
    expect(await tally.links()).toEqual([]);
  });

test("another project finds none of the ids", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "dolphins.md": DOLPHINS });
  await world.index(baseId);
  const other = await world.makeScope();
  const place = { knowledgeBaseId: baseId, documentId: idOf("dolphins.md") };
  const { knowledge } = world.server;
  const file = { query: { name: "a.md" }, bytes: Buffer.from("text"), mediaType: "" };
  const attached = { fileId: "file-1", name: "a.md", bytes: Buffer.from("text"), metadata: {}, chunking: null };
  const window = { limit: 10, order: "desc" } as const;
  const request = { query: "dolphins", limit: 1, explain: false };
  const [uploads] = (await knowledge.listSources(world.scope, baseId)).items;
  const sourcePlace = { knowledgeBaseId: baseId, sourceId: uploads?.sourceId ?? "" };
  const source = { name: "Mine", kind: "folder", folder: "/srv" };
  const calls: (() => Promise<unknown>)[] = [
    () => knowledge.get(other, baseId),
    () => knowledge.update(other, baseId, { name: "Mine" }),
    () => knowledge.delete(other, baseId),
    () => knowledge.listDocuments(other, baseId, { limit: 10 }),
    () => knowledge.upload(other, baseId, file),
    () => knowledge.getDocument(other, place),
    () => knowledge.updateDocument(other, place, { principals: [] }),
    () => knowledge.deleteDocument(other, place),
    () => knowledge.retryDocument(other, place),
    () => knowledge.releaseDocument(other, place),
    () => knowledge.readText(other, place, undefined),
    () => knowledge.previewChunks(other, place, {}),
    () => knowledge.readFile(other, place),
    () => knowledge.attachFile(other, baseId, attached),
    () => knowledge.findFileDocument(other, baseId, place.documentId),
    () => knowledge.listDocumentWindow(other, baseId, window),
    () => knowledge.listDocumentsByIds(other, baseId, [place.documentId]),
    () => knowledge.countFileDocuments(other, baseId, ["file-1"]),
    () => knowledge.listVersions(other, baseId, { limit: 10 }),
    () => knowledge.build(other, baseId),
    () => knowledge.compareVersions(other, baseId, { from: 1, to: 1 }),
    () => knowledge.getVersion(other, { knowledgeBaseId: baseId, version: 1 }),
    () => knowledge.setLive(other, { knowledgeBaseId: baseId, version: 1 }),
    () => knowledge.search(other, baseId, { request, signal: new AbortController().signal }),
    () => knowledge.listSources(other, baseId),
    () => knowledge.createSource(other, baseId, KnowledgeSourceInput.parse(source)),
    () => knowledge.getSource(other, sourcePlace),
    () => knowledge.updateSource(other, sourcePlace, { name: "Mine" }),
    () => knowledge.deleteSource(other, sourcePlace),
    () => knowledge.syncSource(other, sourcePlace),
    () => knowledge.approveSource(other, sourcePlace),
    () => knowledge.discardSource(other, sourcePlace),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "not_found" });
  const notOfOneBase = ["list", "listWindow", "create", "startSchedules"];
  expect(calls).toHaveLength(Object.keys(knowledge).length - notOfOneBase.length);
  expect((await knowledge.list(other, { limit: 10 })).items).toEqual([]);
  expect((await knowledge.listWindow(other, window)).items).toEqual([]);
  expect((await world.search(baseId, "dolphins")).hits).toHaveLength(1);
});

test("a document of another base of the project is not found", async () => {
  const [baseId, otherId] = [await world.create(), await world.create()];
  const idOf = await world.upload(baseId, { "dolphins.md": DOLPHINS });
  const place = { knowledgeBaseId: otherId, documentId: idOf("dolphins.md") };
  for (const name of ["getDocument", "deleteDocument", "retryDocument", "readFile"] as const)
    await expect(world.server.knowledge[name](world.scope, place)).rejects.toMatchObject({ code: "not_found" });
});
