import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { importModel } from "../../setup/import-model.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const USERS = 24;
const patient = { timeout: 120_000, interval: 200 };
const production = { name: "bot", alias: "production" };

let treadle: SharedTreadle;
let folder = "";
let call: Client["call"];
let endpointId = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-deploy-"));
  treadle = await openSharedTreadle();
  call = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }).call;
  for (const [place, seed] of [1, 5, 9].entries()) {
    await writeTinyModel(join(folder, `${place + 1}.gguf`), { seed });
    if (place < 2) await importModel(call, { name: "bot", source: join(folder, `${place + 1}.gguf`) });
  }
  await call("PUT /api/v1/registry/models/:name/aliases/:alias", { params: production, body: { version: "1" } });
  const variants = [{ name: "current", model: "bot@production", weight: 1 }];
  ({ endpointId } = await call("POST /api/v1/endpoints", { body: { name: "helper", variants } }));
  const template = {
    stages: [{ share: 0.5, minUnits: 10_000, minMinutes: 600 }],
    guardrails: [{ metric: { kind: "error" as const }, margin: 0.1 }],
  };
  await call("PUT /api/v1/deployment-settings", { body: { rolloutOnAlias: "required", template } });
}, 240_000);
afterAll(async () => {
  await treadle?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One request; gives the variant and the model that answered. */
async function ask(user: string): Promise<string> {
  const response = await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${treadle.apiKey}`,
      "content-type": "application/json",
      "x-treadle-user": user,
    },
    body: JSON.stringify({ model: "helper", max_tokens: 4, messages: [{ role: "user", content: "Hello" }] }),
  });
  const { model } = (await response.json()) as { model: string };
  return `${response.headers.get("x-treadle-variant")} ${model}`;
}

async function askAll(): Promise<ReadonlySet<string>> {
  const answers: string[] = [];
  for (let user = 0; user < USERS; user++) answers.push(await ask(`u${user}`));
  return new Set(answers);
}

const move = (version: string, more: object = {}) =>
  call("PUT /api/v1/registry/models/:name/aliases/:alias", { params: production, body: { version, ...more } });
const numberNow = async () =>
  (await call("GET /api/v1/registry/models/:name", { params: { name: "bot" } })).aliases[0]?.version;
const variantsNow = async () =>
  (await call("GET /api/v1/endpoints/:endpointId", { params: { endpointId } })).variants.map(
    ({ name, model, weight }) => `${name} ${model} ${weight}`,
  );
const end = (rolloutId: string, verb: "promote" | "roll-back") =>
  call(`POST /api/v1/rollouts/:rolloutId/${verb}`, { params: { rolloutId } });

test("an alias moves by a rollout: users are divided, and after the promotion all get the new version", {
  timeout: 300_000,
}, async () => {
  expect(await askAll()).toEqual(new Set(["current bot@v1"]));
  const { deployment, aliases } = await move("2", { reason: "Better tone" });
  expect(aliases[0]?.version).toBe(1);
  const rolloutId = deployment?.rolloutIds[0] ?? "";
  expect(await askAll()).toEqual(new Set(["current bot@v1", "current-v2 bot@v2"]));
  await expect(move("2")).rejects.toThrow("bot@production waits for the rollouts of version 2");

  const { items } = await vi.waitFor(async () => {
    const page = await call("GET /api/v1/spans", { query: { filter: `rollout:${rolloutId} variant:current-v2` } });
    expect(page.items.length).toBeGreaterThan(0);
    return page;
  }, patient);
  const { traceId = "", spanId = "" } = items[0] ?? {};
  const graph = await call("GET /api/v1/lineage/answers/:traceId/:spanId", { params: { traceId, spanId } });
  const kinds = graph.steps.map(({ kind, label }) => `${kind}: ${label}`);
  expect(kinds).toEqual(
    expect.arrayContaining([
      "version: bot v2",
      "variant: current-v2",
      "endpoint-version: helper, version 2",
      "rollout: current-v2 against current",
    ]),
  );
  const shown = graph.steps.find(({ kind }) => kind === "rollout");
  expect(shown?.facts).toContainEqual({ name: "State", value: "running" });

  await end(rolloutId, "promote");
  expect(await numberNow()).toBe(2);
  expect(await variantsNow()).toEqual(["current bot@production 1"]);
  expect(await askAll()).toEqual(new Set(["current bot@v2"]));
  const { items: deployments } = await call("GET /api/v1/deployments", { query: { model: "bot", version: 2 } });
  expect(deployments).toMatchObject([{ state: "deployed", reason: "Better tone", rollouts: [{ rolloutId }] }]);
  const { items: moves } = await call("GET /api/v1/registry/models/:name/alias-moves", { params: { name: "bot" } });
  expect(moves[0]).toMatchObject({ from: 1, to: 2, reason: "Better tone" });

  const after = await vi.waitFor(async () => {
    const page = await call("GET /api/v1/spans", { query: { filter: "endpoint:helper variant:current", limit: 1 } });
    expect(page.items[0]).toMatchObject({ responseModel: "bot@v2", rolloutId: "" });
    return page.items[0];
  }, patient);
  const later = await call("GET /api/v1/lineage/answers/:traceId/:spanId", {
    params: { traceId: after?.traceId ?? "", spanId: after?.spanId ?? "" },
  });
  expect(later.steps.find(({ kind }) => kind === "rollout")?.facts).toContainEqual({
    name: "State",
    value: "promoted",
  });
});

test("a rollback of the rollout leaves the alias, and `force` moves it immediately with a reason", {
  timeout: 300_000,
}, async () => {
  const { deployment } = await call("POST /api/v1/registry/models/:name/aliases/:alias/rollback", {
    params: production,
    body: {},
  });
  expect(await variantsNow()).toEqual(["current bot@v2 1", "current-v1 bot@v1 0"]);
  await end(deployment?.rolloutIds[0] ?? "", "roll-back");
  expect(await numberNow()).toBe(2);
  expect(await variantsNow()).toEqual(["current bot@production 1"]);

  await expect(move("1", { force: true })).rejects.toThrow("A move without a rollout needs a reason");
  const { key } = await call("POST /api/v1/api-keys", {
    body: { name: "deployer", permissions: ["models:read", "models:write"] },
  });
  const deployer = createClient({ baseUrl: treadle.url, apiKey: key });
  const forced = { version: "1", force: true, reason: "Incident 7" };
  await expect(
    deployer.call("PUT /api/v1/registry/models/:name/aliases/:alias", { params: production, body: forced }),
  ).rejects.toThrow("projects:write");
  expect(await move("1", forced)).toMatchObject({ deployment: null, aliases: [{ version: 1 }] });
  expect(await askAll()).toEqual(new Set(["current bot@v1"]));
  const { items } = await call("GET /api/v1/audit-entries", { query: { limit: 20 } });
  const entry = items.find(({ action }) => action === "model-alias.move");
  expect(entry?.details).toMatchObject({ from: 2, to: 1, reason: "Incident 7", force: true });
});

test("an import with an alias creates the version and starts its rollout", { timeout: 300_000 }, async () => {
  const before = await numberNow();
  await importModel(call, { name: "bot", source: join(folder, "3.gguf"), alias: "production" });
  expect(await numberNow()).toBe(before);
  const { items } = await call("GET /api/v1/deployments", { query: { model: "bot", state: "running" } });
  expect(items).toMatchObject([{ toVersion: 3, rollouts: [{ candidate: "current-v3", state: "running" }] }]);
  await end(items[0]?.rollouts[0]?.rolloutId ?? "", "roll-back");
  expect((await call("GET /api/v1/deployments", { query: { state: "running" } })).items).toEqual([]);
});
