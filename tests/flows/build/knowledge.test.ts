import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let call: Client["call"];

beforeAll(async () => {
  provider = await startScriptedProvider();
  treadle = await openSharedTreadle({ TREADLE_PROJECT_GRACE_DAYS: "0" });
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "scripted",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["echo-1"],
      maxRetries: 0,
      keys: [{ value: "sk-scripted-secret" }],
    },
  });
});
afterAll(() => provider?.close());

/** A base with a live version of one document, embedded by the scripted provider. */
async function makeBase() {
  const indexing = { embeddingModel: "scripted/embed-1" };
  const { knowledgeBaseId } = await call("POST /api/v1/knowledge", { body: { name: "Handbook", indexing } });
  const params = { knowledgeBaseId };
  await call("POST /api/v1/knowledge/:knowledgeBaseId/documents", {
    params,
    query: { name: "refunds.md" },
    bytes: Buffer.from("# Refunds\n\nA refund takes five working days after the parcel has arrived.\n"),
  });
  await expect
    .poll(async () => (await call("GET /api/v1/knowledge/:knowledgeBaseId", { params })).liveVersion, {
      timeout: 60_000,
    })
    .toBe(1);
  return params;
}

test("a model of a connection embeds documents and queries, and its calls are recorded", async () => {
  const params = await makeBase();
  const { hits } = await call("POST /api/v1/knowledge/:knowledgeBaseId/search", {
    params,
    body: { query: "How long does a refund take?", searching: { mode: "meaning" } },
  });
  expect(hits.map(({ title }) => title)).toEqual(["Refunds"]);
  const inputs = provider.seen.filter(({ path }) => path === "/v1/embeddings").map(({ body }) => body.input);
  expect(inputs).toEqual([[expect.stringContaining("five working days")], ["How long does a refund take?"]]);
  await expect
    .poll(async () => {
      const { items } = await call("GET /api/v1/traces", { query: { filter: "model:embed-1" } });
      return items.length;
    })
    .toBe(2);
});

test("an embedding model that no connection has is refused with the names to use", async () => {
  const body = { name: "Other", indexing: { embeddingModel: "scripted/" } };
  await expect(call("POST /api/v1/knowledge", { body })).rejects.toMatchObject({ status: 400 });
});

test("the files of knowledge bases are removed with a deleted project", async () => {
  const folders = () => readdir(join(treadle.dataFolder, "knowledge"));
  expect(await folders()).toHaveLength(1);
  await treadle.stop();
  await expect.poll(folders, { timeout: 60_000 }).toEqual([]);
});
