import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { safetensors } from "../../../packages/server/src/modules/train/registry/testing/write-safetensors.ts";
import { writeTinyAdapter } from "../../../packages/server/src/platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

type Import = { name: string; source: string; base?: string; tags?: Record<string, string>; notes?: string };

/** Imports a model from a file on the server, and waits for its version. */
export async function bringModel(client: Client, body: Import): Promise<void> {
  const { jobId } = await client.call("POST /api/v1/registry/imports", { body });
  for (let tries = 0; tries < 600; tries += 1) {
    const job = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (job.status === "done") return;
    if (job.status === "failed") throw new Error(`${body.name} was not brought in: ${job.error?.message}`);
    await delay(100);
  }
  throw new Error(`${body.name} was not brought in in time`);
}

type Measured = { name: string; value: number; spread: number; baseline: number; pValue: number };

/** A score of a version with its interval, for the screenshots. */
const score = ({ spread, ...measured }: Measured) => ({
  ...measured,
  low: measured.value - spread,
  high: measured.value + spread,
  items: 240,
});

const EVALUATIONS = {
  "2": {
    verdict: "unclear" as const,
    summary: "240 items of support-questions@4, test",
    experimentId: null,
    scores: [
      score({ name: "exact match", value: 0.612, spread: 0.06, baseline: 0.588, pValue: 0.31 }),
      score({ name: "token F1", value: 0.701, spread: 0.05, baseline: 0.688, pValue: 0.42 }),
    ],
  },
  "3": {
    verdict: "better" as const,
    summary: "240 items of support-questions@4, test",
    experimentId: null,
    scores: [
      score({ name: "exact match", value: 0.784, spread: 0.05, baseline: 0.588, pValue: 0.0004 }),
      score({ name: "token F1", value: 0.741, spread: 0.05, baseline: 0.688, pValue: 0.03 }),
    ],
  },
};
const NOTES = `Trained on the letters of **March**. Knows the order numbers now.

- Better at refunds
- Still short with angry customers`;

/** Fills the registry: models with versions, tags, notes, aliases and scores, and a stage change that waits for approval. */
export async function furnishRegistry(treadle: RunningTreadle): Promise<void> {
  const client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const folder = await mkdtemp(join(tmpdir(), "treadle-furnish-registry-"));
  try {
    await bringAll(client, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await writeOf(client);
  await release(client);
}

async function bringAll(client: Client, folder: string): Promise<void> {
  const at = (name: string) => join(folder, name);
  await writeTinyModel(at("support.gguf"));
  await writeTinyModel(at("support-2.gguf"), { seed: 5 });
  await writeTinyAdapter(at("letters.gguf"));
  await writeFile(at("embed.safetensors"), safetensors({ "model.embed.weight": ["F16", [256, 64]] }));
  await bringModel(client, { name: "small-base", source: at("support.gguf"), notes: "What the others go over." });
  await bringModel(client, { name: "support-bot", source: at("support.gguf") });
  await bringModel(client, { name: "support-bot", source: at("support-2.gguf"), tags: { data: "march" } });
  const base = "small-base@v1";
  await bringModel(client, {
    name: "support-bot",
    source: at("letters.gguf"),
    base,
    tags: { data: "april" },
    notes: NOTES,
  });
  await bringModel(client, { name: "letters", source: at("letters.gguf"), base });
  await bringModel(client, { name: "embeddings", source: at("embed.safetensors") });
}

async function writeOf(client: Client): Promise<void> {
  const write = (name: string, description: string, tags: Record<string, string>) =>
    client.call("PATCH /api/v1/registry/models/:name", { params: { name }, body: { description, tags } });
  await write("support-bot", "Answers customers who write about their looms.", { team: "support", language: "en" });
  await write("letters", "Writes the letters that customers are sent on paper.", { team: "support" });
  await write("small-base", "", { golden: "" });
  for (const [version, evaluation] of Object.entries(EVALUATIONS))
    await client.call("PATCH /api/v1/registry/models/:name/versions/:version", {
      params: { name: "support-bot", version },
      body: { evaluation, license: "apache-2.0", ...(version === "3" ? { limits: "Not for legal questions." } : {}) },
    });
}

async function release(client: Client): Promise<void> {
  const point = (alias: string, version: string, reason: string) =>
    client.call("PUT /api/v1/registry/models/:name/aliases/:alias", {
      params: { name: "support-bot", alias },
      body: { version, reason },
    });
  const stage = (version: string, wish: "staging" | "production" | "archived", note: string) =>
    client.call("POST /api/v1/registry/models/:name/versions/:version/stage", {
      params: { name: "support-bot", version },
      body: { stage: wish, note },
    });
  await stage("1", "production", "The first that answered well");
  await point("production", "1", "The first");
  await stage("2", "production", "Knows March");
  await point("production", "2", "Knows March");
  await stage("1", "archived", "");
  await point("canary", "3", "A tenth of the traffic");
  await stage("3", "staging", "");
  await client.call("POST /api/v1/endpoints", {
    body: { name: "support-desk", variants: [{ model: "support-bot@production" }] },
  });
  await client.call("PUT /api/v1/registry/settings", { body: { needsApproval: true } });
  await stage("3", "production", "Better by 0.2 on the test set, and nothing got worse.");
}
