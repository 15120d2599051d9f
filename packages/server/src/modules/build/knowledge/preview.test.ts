import { expect, test } from "vitest";
import { useKnowledgeWorld } from "./testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();

const LONG = `# Lamps\n\n${Array.from({ length: 60 }, (_, at) => `Sentence number ${at} describes a lamp of the shop.`).join(" ")}\n`;

async function uploadLong() {
  const baseId = await world.create({ indexing: { chunkTokens: 200 } });
  const idOf = await world.upload(baseId, { "lamps.md": LONG });
  await world.index(baseId);
  return { knowledgeBaseId: baseId, documentId: idOf("lamps.md") };
}

test("a preview equals the chunks that the next version has with its settings, and stores nothing", async () => {
  const { knowledge } = world.server;
  const place = await uploadLong();
  const before = await knowledge.readText(world.scope, place, undefined);
  const embedded = world.server.embedding.passages.length;
  const settings = { chunkTokens: 64, overlap: 0 };
  const preview = await knowledge.previewChunks(world.scope, place, settings);
  expect(preview.version).toBeNull();
  expect(preview.chunks.length).toBeGreaterThan(before.chunks.length);
  for (const { tokens } of preview.chunks) expect(tokens).toBeLessThanOrEqual(64 * 1.5);
  expect(await knowledge.readText(world.scope, place, undefined)).toEqual(before);
  expect(world.server.embedding.passages).toHaveLength(embedded);

  const { indexing } = await knowledge.get(world.scope, place.knowledgeBaseId);
  await knowledge.update(world.scope, place.knowledgeBaseId, { indexing: { ...indexing, ...settings } });
  await knowledge.build(world.scope, place.knowledgeBaseId);
  await world.index(place.knowledgeBaseId);
  const after = await knowledge.readText(world.scope, place, undefined);
  expect(after).toEqual({ ...preview, version: 2 });
});

test("a preview without settings has the chunks of the base", async () => {
  const { knowledge } = world.server;
  const place = await uploadLong();
  const { chunks } = await knowledge.readText(world.scope, place, undefined);
  expect((await knowledge.previewChunks(world.scope, place, {})).chunks).toEqual(chunks);
});

test("a document that is not parsed yet has no preview", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "lamps.md": LONG });
  const place = { knowledgeBaseId: baseId, documentId: idOf("lamps.md") };
  await expect(world.server.knowledge.previewChunks(world.scope, place, {})).rejects.toMatchObject({
    code: "conflict",
    message: "The document is not parsed yet. Wait for its job.",
  });
});
