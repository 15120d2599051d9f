import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_EMBEDDINGS, openWorld, type World } from "./world.ts";

const python = join(import.meta.dirname, ".venv/bin/python");

let world: World;
let client: OpenAI;
beforeAll(async () => {
  world = await openWorld();
  client = new OpenAI({ baseURL: `${world.treadle.url}/v1`, apiKey: world.treadle.apiKey, maxRetries: 0 });
}, 300_000);
afterAll(() => world?.close());

const textFile = (name: string, text: string) => toFile(Buffer.from(text), name);
/** With the embedding model that ships with the program, so that none is downloaded. */
const createStore = (more: OpenAI.VectorStoreCreateParams = {}) => {
  const body = { name: "Handbook", ...more, treadle: { indexing: { embeddingModel: LOCAL_EMBEDDINGS } } };
  return client.vectorStores.create(body);
};

describe("npm openai on vector stores", () => {
  test("creates, fills, searches, changes and deletes a store", async () => {
    const store = await createStore({ metadata: { team: "support" } });
    expect(store).toMatchObject({ object: "vector_store", name: "Handbook", status: "completed" });
    const refunds = await client.vectorStores.files.uploadAndPoll(
      store.id,
      await textFile("refunds.md", "# Refunds\n\nA refund takes five working days."),
    );
    expect(refunds).toMatchObject({ object: "vector_store.file", status: "completed", last_error: null });
    const uploaded = await client.files.create({
      file: await textFile("parking.md", "# Parking\n\nGuests park behind the house."),
      purpose: "assistants",
    });
    const parking = await client.vectorStores.files.createAndPoll(store.id, {
      file_id: uploaded.id,
      attributes: { year: 2026, isPublic: true },
    });
    expect(parking).toMatchObject({ id: uploaded.id, status: "completed", attributes: { year: 2026, isPublic: true } });
    expect(await client.vectorStores.retrieve(store.id)).toMatchObject({
      status: "completed",
      file_counts: { completed: 2, total: 2 },
      metadata: { team: "support" },
    });

    const found = await client.vectorStores.search(store.id, {
      query: "How long does a refund take?",
      max_num_results: 1,
      rewrite_query: true,
    });
    expect(found.data).toMatchObject([{ file_id: refunds.id, filename: "refunds.md", score: 1 }]);
    expect(found.data[0]?.content[0]?.text).toContain("five working days");
    const filters: OpenAI.CompoundFilter = {
      type: "and",
      filters: [
        { type: "gte", key: "year", value: 2026 },
        { type: "eq", key: "isPublic", value: true },
      ],
    };
    const filtered = await client.vectorStores.search(store.id, { query: "refund", filters });
    expect(filtered.data.map(({ file_id }) => file_id)).toEqual([parking.id]);

    const place = { vector_store_id: store.id };
    const changed = await client.vectorStores.files.update(parking.id, { ...place, attributes: { year: 2020 } });
    expect(changed.attributes).toEqual({ year: 2020 });
    expect((await client.vectorStores.search(store.id, { query: "refund", filters })).data).toEqual([]);
    const content = await client.vectorStores.files.content(parking.id, place);
    expect(content.data[0]?.text).toContain("Guests park behind the house.");
    const listed = await Array.fromAsync(client.vectorStores.files.list(store.id, { limit: 1 }));
    expect(listed.map(({ id }) => id)).toEqual([parking.id, refunds.id]);
    expect(await client.vectorStores.files.delete(parking.id, place)).toMatchObject({ deleted: true });
    await expect(client.vectorStores.files.retrieve(parking.id, place)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    expect(await client.files.retrieve(uploaded.id)).toMatchObject({ id: uploaded.id });

    expect(await client.vectorStores.update(store.id, { name: "Manual" })).toMatchObject({ name: "Manual" });
    const stores = await Array.fromAsync(client.vectorStores.list({ limit: 1 }));
    expect(stores.map(({ id }) => id)).toContain(store.id);
    expect(await client.vectorStores.delete(store.id)).toMatchObject({ id: store.id, deleted: true });
    await expect(client.vectorStores.retrieve(store.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  }, 120_000);

  test("adds a batch of files and waits for it, also with one that cannot be read", async () => {
    const store = await createStore();
    const batch = await client.vectorStores.fileBatches.uploadAndPoll(store.id, {
      files: await Promise.all([
        textFile("lions.md", "Lions sleep all day."),
        textFile("zebras.md", "Zebras have stripes."),
        textFile("broken.pdf", "%PDF-1.4 nothing"),
      ]),
    });
    expect(batch).toMatchObject({ status: "completed", file_counts: { completed: 2, failed: 1, total: 3 } });
    const failed = await Array.fromAsync(
      client.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store.id, filter: "failed" }),
    );
    expect(failed).toMatchObject([{ status: "failed", last_error: { message: expect.any(String) } }]);
    const cancelled = await client.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: store.id });
    expect(cancelled.status).toBe("cancelled");
  }, 120_000);

  test("gets errors of its own kinds, with the parameter", async () => {
    const store = await createStore();
    const bad = { status: 400 };
    await expect(
      createStore({ expires_after: { anchor: "last_active_at", days: 7 } } as OpenAI.VectorStoreCreateParams),
    ).rejects.toThrow(/expires_after.*do not expire/);
    await expect(client.vectorStores.files.create(store.id, { file_id: "file-unknown" })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    const filters = { type: "eq", key: "year", value: [2026] } as unknown as OpenAI.ComparisonFilter;
    await expect(client.vectorStores.search(store.id, { query: "x", filters })).rejects.toMatchObject({
      ...bad,
      message: expect.stringContaining("filters.value"),
    });
    const weak = client.withOptions({ apiKey: world.weakKey });
    await expect(weak.vectorStores.list()).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
  });
});

describe.runIf(existsSync(python))("Python's openai client on vector stores", () => {
  test("creates, fills, searches, changes and deletes a store", async () => {
    const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, "vector_stores.py")], {
      env: {
        PATH: process.env.PATH,
        BASE_URL: world.treadle.url,
        API_KEY: world.treadle.apiKey,
        EMBEDDINGS: LOCAL_EMBEDDINGS,
      },
      timeout: 110_000,
    });
    expect(stdout.trim().split("\n")).toEqual(
      ["create", "upload", "search", "attributes", "batch", "pages", "delete"].map((name) => `ok ${name}`),
    );
  }, 120_000);
});
