import { expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { useKnowledgeWorld } from "./testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();

const GUIDE = "# Guide\n\n## Refunds\n\nA refund takes five days.\n\n## Shipping\n\nParcels leave daily.\n";
const FILES = {
  "guide.md": GUIDE,
  "page.html": "<title>Opening hours</title><p>The shop opens at nine.</p><p hidden>secret</p>",
  "prices.csv": "item,price\nlamp,20\nchair,35\n",
};
/** Sections of paragraphs that each fill several chunks. */
const longText = (changed = "") =>
  ["alpha", "beta", "gamma"]
    .map((topic) => {
      const sentences = Array.from({ length: 40 }, (_, at) => `The ${topic} number ${at} has its own sentence here.`);
      return `## ${topic}\n\n${sentences.join(" ")}${topic === "beta" ? changed : ""}\n`;
    })
    .join("\n");

test("Markdown, HTML and CSV files become indexed and are found with their titles and texts", async () => {
  const baseId = await world.create();
  await world.upload(baseId, FILES);
  const base = await world.index(baseId);
  expect(base).toMatchObject({ documents: 3, states: { indexed: 3 }, liveVersion: 1, latestVersion: 1, job: null });
  const { hits } = await world.search(baseId, "How long does a refund take?");
  expect(hits[0]).toMatchObject({ rank: 1, title: "Guide", uri: "guide.md" });
  expect(hits[0]?.text).toContain("A refund takes five days.");
  expect((await world.search(baseId, "when does the shop open")).hits[0]?.title).toBe("Opening hours");
  expect((await world.search(baseId, "chair price")).hits[0]?.uri).toBe("prices.csv");
  expect(JSON.stringify((await world.search(baseId, "secret")).hits)).not.toContain("secret");
});

test("the same upload again makes no version and embeds nothing", async () => {
  const baseId = await world.create();
  const first = await world.upload(baseId, FILES);
  await world.index(baseId);
  const embedded = world.server.embedding.passages.length;
  expect(embedded).toBeGreaterThan(0);
  const again = await world.upload(baseId, FILES);
  expect(again("guide.md")).toBe(first("guide.md"));
  const base = await world.index(baseId);
  expect(base).toMatchObject({ latestVersion: 1, documents: 3, states: { indexed: 3 } });
  expect(world.server.embedding.passages).toHaveLength(embedded);
});

test("a changed paragraph embeds only chunks of its section", async () => {
  const baseId = await world.create({ indexing: { chunkTokens: 64 } });
  await world.upload(baseId, { "long.md": longText() });
  await world.index(baseId);
  const before = world.server.embedding.passages.length;
  await world.upload(baseId, { "long.md": longText(" A new last sentence.") });
  await world.index(baseId);
  const embedded = world.server.embedding.passages.slice(before);
  expect(embedded.length).toBeGreaterThan(0);
  expect(embedded.length).toBeLessThan(before / 3);
  for (const text of embedded) expect(text).toContain("beta");
  const version = await world.server.knowledge.getVersion(world.scope, { knowledgeBaseId: baseId, version: 2 });
  expect(version).toMatchObject({ embeddedChunks: embedded.length, added: 0, changed: 1, removed: 0 });
});

test("a document that cannot be read fails with its reason, and the others go live", async () => {
  const baseId = await world.create();
  const bytes = Buffer.from([0, 1, 2, 3, 0, 255, 254, 0, 9, 9]);
  const idOf = await world.upload(baseId, { "noise.bin": bytes, "guide.md": GUIDE });
  const base = await world.index(baseId);
  expect(base).toMatchObject({ states: { indexed: 1, failed: 1 }, liveVersion: 1, job: null });
  const place = { knowledgeBaseId: baseId, documentId: idOf("noise.bin") };
  const failed = await world.server.knowledge.getDocument(world.scope, place);
  expect(failed.error).toContain("noise.bin");
  expect((await world.search(baseId, "refund")).hits[0]?.uri).toBe("guide.md");
  await expect(world.server.knowledge.readText(world.scope, place, undefined)).rejects.toThrow("could not be parsed");
});

test("a document that failed for a moment is indexed after a retry", async () => {
  const baseId = await world.create();
  world.hooks.before = async ({ name }) => {
    if (name === "documents.parse") throw new AppError("unprocessable", { message: "It needs more than 60 s." });
  };
  const idOf = await world.upload(baseId, { "guide.md": GUIDE });
  const place = { knowledgeBaseId: baseId, documentId: idOf("guide.md") };
  expect(await world.index(baseId)).toMatchObject({ states: { failed: 1 }, latestVersion: null });
  world.hooks.before = async () => {};
  expect(await world.server.knowledge.retryDocument(world.scope, place)).toMatchObject({
    state: "waiting",
    error: null,
  });
  expect(await world.index(baseId)).toMatchObject({ states: { indexed: 1 }, liveVersion: 1 });
});

test("a server that stops while it parses does not mark the document as failed", async () => {
  const baseId = await world.create();
  let stopped = 0;
  world.hooks.before = async ({ name }) => {
    if (name === "documents.parse" && stopped++ === 0)
      throw new AppError("cancelled", { message: "The server stops." });
  };
  const idOf = await world.upload(baseId, { "guide.md": GUIDE });
  await world.index(baseId);
  const place = { knowledgeBaseId: baseId, documentId: idOf("guide.md") };
  expect((await world.server.knowledge.getDocument(world.scope, place)).state).not.toBe("failed");
});

test("an upload during a job is indexed by the same job", async () => {
  const baseId = await world.create();
  await world.upload(baseId, { "guide.md": GUIDE });
  let calls = 0;
  world.hooks.before = async ({ name }) => {
    if (name === "documents.parse" && calls++ === 0)
      await world.upload(baseId, { "late.md": "Late news of dolphins." });
  };
  const base = await world.index(baseId);
  expect(base).toMatchObject({ documents: 2, states: { indexed: 2 } });
  expect((await world.search(baseId, "dolphins")).hits[0]?.uri).toBe("late.md");
});

test("new bytes that arrive while the earlier ones are parsed win", async () => {
  const baseId = await world.create();
  await world.upload(baseId, { "guide.md": "The first text about zebras." });
  let calls = 0;
  world.hooks.before = async ({ name }) => {
    if (name === "thread.seal" && calls++ === 0)
      await world.upload(baseId, { "guide.md": "The second text about dolphins." });
  };
  expect(await world.index(baseId)).toMatchObject({ documents: 1, states: { indexed: 1 } });
  const { hits } = await world.search(baseId, "text about dolphins");
  expect(hits.map(({ text }) => text)).toEqual(["The second text about dolphins."]);
});

test("a document whose newer bytes wait is not missing in a version that is built meanwhile", async () => {
  const baseId = await world.create();
  await world.upload(baseId, { "guide.md": GUIDE });
  await world.index(baseId);
  await world.upload(baseId, { "new.md": "News of dolphins." });
  let calls = 0;
  world.hooks.before = async ({ name }) => {
    // After the last document is parsed, before the version is made.
    if (name === "objects.delete" || name !== "thread.cut" || calls++ > 0) return;
    await world.upload(baseId, { "guide.md": `${GUIDE}\nOne more paragraph.\n` });
  };
  const base = await world.index(baseId);
  const { items } = await world.server.knowledge.listVersions(world.scope, baseId, { limit: 10 });
  expect(items.map(({ documents }) => documents)).not.toContain(0);
  expect(items.every(({ version, documents }) => version === 1 || documents === 2)).toBe(true);
  expect(base.states).toEqual({ indexed: 2 });
  expect((await world.search(baseId, "one more paragraph")).hits[0]?.text).toContain("One more paragraph.");
});

test("a title that is given while the document is parsed stays, and is searched", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "guide.md": GUIDE });
  const place = { knowledgeBaseId: baseId, documentId: idOf("guide.md") };
  let calls = 0;
  world.hooks.before = async ({ name }) => {
    if (name === "documents.parse" && calls++ === 0)
      await world.server.knowledge.updateDocument(world.scope, place, { title: "Handbook of dolphins" });
  };
  await world.index(baseId);
  expect((await world.server.knowledge.getDocument(world.scope, place)).title).toBe("Handbook of dolphins");
  const { hits } = await world.search(baseId, "dolphins", { searching: { mode: "words" } });
  expect(hits[0]?.title).toBe("Handbook of dolphins");
});

test("a title that changes during a job reaches the index with the same job", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "guide.md": GUIDE });
  const place = { knowledgeBaseId: baseId, documentId: idOf("guide.md") };
  let calls = 0;
  world.hooks.before = async ({ name }) => {
    if (name === "thread.probe" && calls++ === 0)
      await world.server.knowledge.updateDocument(world.scope, place, { title: "Handbook of dolphins" });
  };
  await world.index(baseId);
  expect((await world.search(baseId, "dolphins", { searching: { mode: "words" } })).hits).toHaveLength(2);
});

test("two documents with equal titles and texts are both found", async () => {
  const baseId = await world.create();
  await world.upload(
    baseId,
    { "a.md": "Equal news of dolphins.", "b.md": "Equal news of dolphins." },
    { title: "News" },
  );
  await world.index(baseId);
  const { hits } = await world.search(baseId, "dolphins");
  expect(hits.map(({ uri }) => uri).sort()).toEqual(["a.md", "b.md"]);
});

test("a document with only hidden text has no chunks, and a version of it is empty until another comes", async () => {
  const baseId = await world.create();
  await world.upload(baseId, { "hidden.html": "<p hidden>Nobody reads this.</p>" });
  const base = await world.index(baseId);
  expect(base).toMatchObject({ documents: 1, job: null, chunks: 0 });
  await world.upload(baseId, { "guide.md": GUIDE });
  expect(await world.index(baseId)).toMatchObject({ job: null });
  for (const mode of ["hybrid", "words", "meaning"])
    expect((await world.search(baseId, "refund", { searching: { mode } })).hits[0]?.uri).toBe("guide.md");
});

test("an empty file and a search before the first version are rejected with a hint", async () => {
  const baseId = await world.create();
  await expect(world.upload(baseId, { "empty.md": "" })).rejects.toThrow("The file empty.md is empty.");
  await expect(world.search(baseId, "refund")).rejects.toThrow("has no live version yet");
});
