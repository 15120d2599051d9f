import { VectorStoreCreation, VectorStoreFileWindow, VectorStoreSearch } from "@treadle/contract";
import { expect, test } from "vitest";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { useKnowledgeWorld } from "../knowledge/testing/use-knowledge-world.ts";
import { createVectorStores } from "./service.ts";
import type { Files } from "./stores/deps.ts";

const world = useKnowledgeWorld();

const FILES: Readonly<Record<string, readonly [name: string, text: string, purpose?: string]>> = {
  "file-zebra": ["zebras.md", "# Zebras\n\nZebras have stripes."],
  "file-lion": ["lions.md", "# Lions\n\nLions sleep all day."],
  "file-other": ["zebras.md", "# More\n\nOther zebras live in the north."],
  "file-broken": ["broken.pdf", "%PDF-1.4 nothing"],
  "file-train": ["train.jsonl", "{}", "fine-tune"],
};

const fileOf = (fileId: string) => {
  const file = FILES[fileId];
  if (!file) throw notFound("file", fileId);
  return file;
};
const files: Files = {
  find: async (_, fileId) => ({ name: fileOf(fileId)[0], purpose: fileOf(fileId)[2] ?? "assistants" }),
  load: async (_, fileId) => Buffer.from(fileOf(fileId)[1]),
};
const clock = { now: () => Date.now(), elapsed: () => performance.now() };
const stores = () => createVectorStores({ db: world.db, knowledge: world.server.knowledge, files, clock });
const create = (request: object = {}) => stores().create(world.scope, VectorStoreCreation.parse(request));
const list = (id: string, window: object = {}) =>
  stores().listFiles(world.scope, id, VectorStoreFileWindow.parse(window));
const idsOf = ({ data }: { readonly data: readonly { readonly id: string }[] }) => data.map(({ id }) => id);
const search = (id: string, query: string | readonly string[], more: object = {}) =>
  stores().search(world.scope, {
    id,
    request: VectorStoreSearch.parse({ query, ...more }),
    signal: new AbortController().signal,
  });

/** A store with the files of two animals, indexed. */
async function makeAnimals() {
  const { id } = await create({ name: "Animals" });
  await stores().addFile(world.scope, id, { file_id: "file-zebra", attributes: { legs: 4, striped: true } });
  await stores().addFile(world.scope, id, { file_id: "file-lion", attributes: { legs: 4, striped: false } });
  await world.index(id);
  return id;
}

test("a store is a knowledge base with the same id, and its files are documents", async () => {
  const store = await create({ name: "Animals", metadata: { team: "zoo" }, file_ids: ["file-zebra"] });
  expect(store).toMatchObject({ object: "vector_store", name: "Animals", metadata: { team: "zoo" } });
  expect(store).toMatchObject({ status: "in_progress", file_counts: { in_progress: 1, total: 1 } });
  await world.index(store.id);
  expect(await stores().get(world.scope, store.id)).toMatchObject({
    status: "completed",
    file_counts: { completed: 1, total: 1 },
    usage_bytes: FILES["file-zebra"]?.[1].length,
  });
  const base = await world.server.knowledge.get(world.scope, store.id);
  expect(base).toMatchObject({ name: "Animals", metadata: { team: "zoo" }, documents: 1 });
  const { items } = await world.server.knowledge.listDocuments(world.scope, store.id, { limit: 10 });
  expect(items).toMatchObject([{ fileId: "file-zebra", title: "Zebras", uri: "file-zebra/zebras.md" }]);
});

test("a document that was uploaded otherwise is listed under its own id", async () => {
  const id = await makeAnimals();
  const idOf = await world.upload(id, { "docs/birds.md": "Birds fly." });
  await world.index(id);
  const documentId = idOf("docs/birds.md");
  expect(idsOf(await list(id))).toEqual([documentId, "file-lion", "file-zebra"]);
  const { data } = await search(id, "birds", { max_num_results: 1 });
  expect(data).toMatchObject([{ file_id: documentId, filename: "docs/birds.md", attributes: {} }]);
  const place = { vectorStoreId: id, fileId: documentId };
  expect((await stores().readFile(world.scope, place)).data).toEqual([{ type: "text", text: "Birds fly." }]);
  await stores().removeFile(world.scope, place);
  expect(idsOf(await list(id))).toEqual(["file-lion", "file-zebra"]);
});

test("two files of one name are two documents", async () => {
  const { id } = await create({ file_ids: ["file-zebra", "file-other"] });
  await world.index(id);
  const { data } = await search(id, "zebras");
  expect(data.map(({ file_id, filename }) => [file_id, filename]).sort()).toEqual([
    ["file-other", "zebras.md"],
    ["file-zebra", "zebras.md"],
  ]);
});

test("a list has pages in both directions and orders, also after a file that was removed", async () => {
  const { id } = await create();
  for (const file_id of ["file-zebra", "file-lion", "file-other"]) await stores().addFile(world.scope, id, { file_id });
  const first = await list(id, { limit: 2 });
  expect(first).toMatchObject({ first_id: "file-other", last_id: "file-lion", has_more: true });
  expect(await list(id, { limit: 2, after: "file-lion" })).toMatchObject({ first_id: "file-zebra", has_more: false });
  expect(idsOf(await list(id, { limit: 1, before: "file-zebra" }))).toEqual(["file-lion"]);
  expect(idsOf(await list(id, { limit: 2, before: "file-zebra" }))).toEqual(["file-other", "file-lion"]);
  expect(idsOf(await list(id, { order: "asc", limit: 1, before: "file-other" }))).toEqual(["file-lion"]);
  expect(idsOf(await list(id, { order: "asc", after: "file-zebra" }))).toEqual(["file-lion", "file-other"]);
  expect(idsOf(await list(id, { after: "file-other", before: "file-zebra" }))).toEqual(["file-lion"]);
  await stores().removeFile(world.scope, { vectorStoreId: id, fileId: "file-lion" });
  expect(idsOf(await list(id, { after: "file-lion" }))).toEqual(["file-zebra"]);
  await expect(list(id, { after: "file-unknown" })).rejects.toMatchObject({ code: "not_found" });
});

test("stores are listed in pages, and a taken name gets a number", async () => {
  const ids: string[] = [];
  for (let at = 0; at < 3; at++) ids.push((await create({ name: "Same" })).id);
  const page = (window: object) => stores().list(world.scope, VectorStoreFileWindow.parse({ limit: 2, ...window }));
  const first = await page({});
  expect(first.data.map(({ name }) => name)).toEqual(["Same (3)", "Same (2)"]);
  expect(idsOf(await page({ after: first.last_id }))).toEqual([ids[0]]);
  expect(idsOf(await page({ before: ids[0] }))).toEqual([ids[2], ids[1]]);
  const renamed = await stores().update(world.scope, ids[0] ?? "", { name: "Other", metadata: null });
  expect(renamed).toMatchObject({ name: "Other", metadata: {} });
  expect(await stores().delete(world.scope, ids[0] ?? "")).toMatchObject({ deleted: true });
  await expect(stores().get(world.scope, ids[0] ?? "")).rejects.toMatchObject({ code: "not_found" });
});

test("a search filters by attributes and by score, from 0 to 1", async () => {
  const id = await makeAnimals();
  const all = await search(id, "zebras stripes");
  expect(all.data.map(({ filename }) => filename)).toEqual(["zebras.md", "lions.md"]);
  expect(all).toMatchObject({ search_query: ["zebras stripes"], has_more: false, next_page: null });
  for (const { score } of all.data) expect(score >= 0 && score <= 1).toBe(true);
  const [best] = all.data;
  expect(best).toMatchObject({ file_id: "file-zebra", score: 1, attributes: { legs: 4, striped: true } });
  expect(best?.content).toEqual([{ type: "text", text: expect.stringContaining("Zebras have stripes.") }]);
  const striped = { type: "eq", key: "striped", value: false };
  expect((await search(id, "zebras", { filters: striped })).data.map(({ file_id }) => file_id)).toEqual(["file-lion"]);
  const least = await search(id, "zebras stripes", { ranking_options: { score_threshold: 0.9 } });
  expect(least.data.map(({ file_id }) => file_id)).toEqual(["file-zebra"]);
  const both = await search(id, ["zebras stripes", "lions sleep"], { max_num_results: 2 });
  expect(both.data.map(({ score }) => score)).toEqual([1, 1]);
  const place = { vectorStoreId: id, fileId: "file-lion" };
  await stores().updateFile(world.scope, place, { striped: true });
  expect((await search(id, "zebras", { filters: striped })).data).toEqual([]);
});

test.each(["words", "meaning", "hybrid"] as const)("scores of the mode %s are from 0 to 1", async (mode) => {
  const id = await makeAnimals();
  for (const fusion of ["ranks", "scores"] as const) {
    const { searching } = await world.server.knowledge.get(world.scope, id);
    await world.server.knowledge.update(world.scope, id, { searching: { ...searching, mode, fusion } });
    const { data } = await search(id, "zebras have stripes");
    expect(data[0]?.file_id).toBe("file-zebra");
    for (const { score } of data) expect(score >= 0 && score <= 1).toBe(true);
  }
});

test("a store without an indexed file finds nothing", async () => {
  expect((await search((await create()).id, "zebra")).data).toEqual([]);
});

test("a file that cannot be read fails with the reason, and the others are completed", async () => {
  const { id } = await create();
  const batch = await stores().createBatch(world.scope, id, { file_ids: ["file-broken", "file-zebra"] });
  expect(batch).toMatchObject({ status: "in_progress", file_counts: { in_progress: 2, total: 2 } });
  await world.index(id);
  const place = { vectorStoreId: id, batchId: batch.id };
  expect(await stores().getBatch(world.scope, place)).toMatchObject({
    status: "completed",
    file_counts: { completed: 1, failed: 1, in_progress: 0, cancelled: 0, total: 2 },
  });
  const failed = await stores().listBatchFiles(world.scope, place, VectorStoreFileWindow.parse({ filter: "failed" }));
  expect(failed.data).toMatchObject([
    { id: "file-broken", status: "failed", last_error: { code: "unsupported_file" } },
  ]);
  expect(failed.data[0]?.last_error?.message).toMatch(/./);
});

test("files fail if their job was stopped, so that nobody waits for them", async () => {
  const { id } = await create({ file_ids: ["file-zebra"] });
  world.hooks.before = async ({ name }) => {
    if (name === "embedding.embed") throw new AppError("unprocessable", { message: "No vector." });
  };
  await world.index(id);
  expect(await stores().getFile(world.scope, { vectorStoreId: id, fileId: "file-zebra" })).toMatchObject({
    status: "failed",
    last_error: { code: "server_error", message: expect.stringContaining("retry") },
  });
  expect(await stores().get(world.scope, id)).toMatchObject({ status: "completed", file_counts: { failed: 1 } });
  expect(idsOf(await list(id, { filter: "failed" }))).toEqual(["file-zebra"]);
  expect(idsOf(await list(id, { filter: "in_progress" }))).toEqual([]);
});

test("a cancelled batch removes the files that are not indexed yet", async () => {
  const id = await makeAnimals();
  const batch = await stores().createBatch(world.scope, id, { file_ids: ["file-lion", "file-other"] });
  const place = { vectorStoreId: id, batchId: batch.id };
  expect(await stores().cancelBatch(world.scope, place)).toMatchObject({
    status: "cancelled",
    file_counts: { completed: 1, cancelled: 1, in_progress: 0, total: 2 },
  });
  expect(idsOf(await list(id))).toEqual(["file-lion", "file-zebra"]);
});

test("a file has its own chunks, and other chunks with another strategy", async () => {
  const text = Array.from({ length: 60 }, (_, at) => `Sentence ${at} is about zebras and their stripes.`).join(" ");
  const long: Files = { ...files, load: async () => Buffer.from(text) };
  const own = () => createVectorStores({ db: world.db, knowledge: world.server.knowledge, files: long, clock });
  const { id } = await create({
    chunking_strategy: { type: "static", static: { max_chunk_size_tokens: 300, chunk_overlap_tokens: 30 } },
  });
  const chunksOf = async (request: object) => {
    const added = await own().addFile(world.scope, id, { file_id: "file-zebra", ...request });
    await world.index(id);
    const { items } = await world.server.knowledge.listDocuments(world.scope, id, { limit: 1 });
    return [added.chunking_strategy.static?.max_chunk_size_tokens, items[0]?.chunks ?? 0] as const;
  };
  const [size, count] = await chunksOf({});
  expect(size).toBe(300);
  const strategy = { type: "static", static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 0 } };
  const [smaller, more] = await chunksOf({ chunking_strategy: strategy });
  expect(smaller).toBe(100);
  expect(more).toBeGreaterThan(count);
  expect(await chunksOf({ chunking_strategy: { type: "auto" } })).toEqual([300, count]);
});

test("an unknown file, a file of another purpose, and a wrong setting are rejected before a store is made", async () => {
  await expect(create({ file_ids: ["file-zebra", "file-unknown"] })).rejects.toMatchObject({ code: "not_found" });
  await expect(create({ file_ids: ["file-train"] })).rejects.toThrow(/purpose fine-tune.* purpose assistants/);
  await expect(create({ treadle: { indexing: { chunkTokens: 5 } } })).rejects.toThrow(/treadle\.indexing\.chunkTokens/);
  expect((await stores().list(world.scope, VectorStoreFileWindow.parse({}))).data).toEqual([]);
  const { id } = await create({ treadle: { indexing: { chunkTokens: 64 } } });
  expect(await world.server.knowledge.get(world.scope, id)).toMatchObject({ indexing: { chunkTokens: 64 } });
});

test("a store of another project is not found", async () => {
  const id = await makeAnimals();
  const stranger = await world.makeScope();
  const signal = new AbortController().signal;
  const place = { vectorStoreId: id, fileId: "file-zebra" };
  const missing = { code: "not_found" };
  await expect(stores().getFile(stranger, place)).rejects.toMatchObject(missing);
  await expect(stores().addFile(stranger, id, { file_id: "file-zebra" })).rejects.toMatchObject(missing);
  await expect(stores().createBatch(stranger, id, { file_ids: ["file-zebra"] })).rejects.toMatchObject(missing);
  const request = VectorStoreSearch.parse({ query: "zebra" });
  await expect(stores().search(stranger, { id, request, signal })).rejects.toMatchObject(missing);
});
