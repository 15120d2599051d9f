import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Inference } from "../../../../../platform/inference/port.ts";
import type { PostgresStore } from "../../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../../platform/postgres/testing/open-test-postgres.ts";
import { connectionTo, endpointOf, openTestGateway, SCOPE, type TestGateway } from "../../testing/open-gateway.ts";
import { chatAnswer, type ScriptedUpstream, sendJson, startUpstream } from "../../testing/scripted-upstream.ts";
import { CHECKS_NEEDED } from "./next-state.ts";

const SETTINGS = { ttlSeconds: 3_600, threshold: 0.92, falseHitLimit: 0.05, isShared: false };
/** Every text is near every other, except for those about zebras: the second gate decides. */
const embed: Inference["embed"] = async ({ texts }) => ({
  vectors: texts.map((text) => (text.includes("zebra") ? [0, 1] : [1, 0])),
  tokens: 1,
});
const options = {
  inference: { embed } as Inference,
  // Above the share of hits that are checked.
  random: () => 0.5,
  texts: { hasPrivate: (text: string) => text.includes("@"), languageOf: async () => "en" },
};

let postgres: PostgresStore;
let open: TestGateway;
let upstream: ScriptedUpstream;
let count = 0;
let name = "";
/** Answers like the question, so that each question has another answer. */
const answerOf = (received: { body: string }) => {
  const question = JSON.parse(received.body).messages.at(-1).content;
  return chatAnswer(`The answer about ${String(question).replaceAll(/\W+/g, " ").toLowerCase()}`);
};

beforeAll(async () => {
  postgres = await openTestPostgres();
  open = await openTestGateway(options, postgres);
  for (const id of [SCOPE.projectId, "proj_other"])
    await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${id}, 'A', now())`);
});
afterAll(async () => {
  await open.close();
  await postgres.close();
});
beforeEach(async () => {
  upstream = await startUpstream((response, received) => sendJson(response, 200, answerOf(received)));
  open.connect(connectionTo(upstream.url));
  name = `bot-${++count}`;
  await use();
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

const endpointId = () => `end_${name}`;
async function use(settings: object = {}, more: object = {}) {
  await postgres.db.execute(sql`
    INSERT INTO endpoints (id, project_id, name, description, variants, strategy, rules, assign_by, failover, fallbacks,
      cache_ttl_seconds, version, created_at, updated_at)
    VALUES (${endpointId()}, ${SCOPE.projectId}, ${name}, '', '[]', 'weight', '[]', 'auto', 'fallbacks', '[]', 0, 1, now(), now())
    ON CONFLICT DO NOTHING`);
  open.name(endpointOf(name, { semanticCache: { ...SETTINGS, ...settings }, ...more }));
}
const status = () => open.gateway.semanticCache.status(SCOPE, endpointId());
/** Waits until what follows an answer is done. */
const settled = (expected: object) => vi.waitFor(async () => expect(await status()).toMatchObject(expected), 10_000);

type More = { body?: object; headers?: Record<string, string>; scope?: typeof SCOPE };
async function ask(content: string, { body = {}, ...rest }: More = {}) {
  const request = { model: name, temperature: 0, messages: [{ role: "user", content }], ...body };
  const { state } = await open.ask("chat", request, rest);
  return state.headers;
}
const cacheOf = async (content: string, more?: More) => (await ask(content, more))["x-treadle-cache"];

/** A cache that passed its measurement, as the tables show it. */
async function startServing() {
  await open.gateway.semanticCache.restart(SCOPE, endpointId());
  await postgres.db.execute(sql`
    UPDATE semantic_caches SET state = 'serving', checks = ${CHECKS_NEEDED} WHERE endpoint_id = ${endpointId()}`);
  await reopen();
}
/** Another process on the same store. */
async function reopen() {
  await open.spans();
  await open.close();
  open = await openTestGateway(options, postgres);
  open.connect(connectionTo(upstream.url));
  await use();
}

describe("the semantic cache", () => {
  test("is off unless the endpoint turns it on", async () => {
    await use({}, { semanticCache: null });
    expect([await cacheOf("Where is Rome?"), await cacheOf("Where is Rome?")]).toEqual([undefined, undefined]);
    expect(await status()).toMatchObject({ state: "off", entries: 0 });
  });

  test("lets the model answer the first matches, and serves when they are right", async () => {
    const question = "What is the capital of France?";
    expect(await cacheOf(question)).toBe("miss");
    await settled({ state: "measuring", entries: 1, checks: 0 });
    for (let checks = 1; checks <= CHECKS_NEEDED; checks++) {
      expect(await cacheOf(question)).toBe("miss");
      await settled({ checks });
    }
    expect((await open.span()).attributes).toMatchObject({ "treadle.cache.checked": true });
    await settled({ state: "serving", checks: CHECKS_NEEDED, falseHits: 0, hits: 0 });
    expect(upstream.received).toHaveLength(CHECKS_NEEDED + 1);
    expect(await ask("what is the capital of france")).toMatchObject({
      "x-treadle-cache": "hit",
      "x-treadle-cache-kind": "normalized",
    });
    expect(upstream.received).toHaveLength(CHECKS_NEEDED + 1);
    await settled({ hits: 1 });
  });

  test("stops when too many matches have another answer, and measures again on request", async () => {
    expect(await cacheOf("Tell me a joke about cats")).toBe("miss");
    await settled({ entries: 1 });
    for (let checks = 1; checks <= CHECKS_NEEDED; checks++) {
      upstream.next.push((response) => sendJson(response, 200, chatAnswer(`Joke number ${checks}`)));
      await ask("Tell me a joke about cats");
      await settled({ checks });
    }
    const stopped = await status();
    expect(stopped).toMatchObject({ state: "stopped", falseHits: CHECKS_NEEDED, falseHitRate: { value: 1 } });
    expect(stopped.reason).toContain("20 of 20 checked hits had another answer");
    expect(stopped.recentFalseHits[0]).toMatchObject({ kind: "normalized", similarity: 1 });
    expect(await cacheOf("Tell me a joke about cats")).toBeUndefined();
    const again = await open.gateway.semanticCache.restart(SCOPE, endpointId());
    expect(again).toMatchObject({ state: "measuring", checks: 0, falseHits: 0, reason: null, recentFalseHits: [] });
  });

  test("a changed endpoint is measured again", async () => {
    await startServing();
    expect(await status()).toMatchObject({ state: "serving", checks: CHECKS_NEEDED });
    await use({}, { configHash: "another" });
    expect(await status()).toMatchObject({ state: "measuring", checks: 0 });
  });
});

describe("a cache that serves", () => {
  beforeEach(startServing);

  test("answers a reworded question with the source on its span, at no cost", async () => {
    await ask("What is the capital of France?");
    await settled({ entries: 1 });
    const source = await open.span();
    const headers = await ask("Please tell me what the capital of France is");
    expect(headers).toMatchObject({ "x-treadle-cache-kind": "semantic", "x-treadle-cache-source": source.traceId });
    expect(await open.span()).toMatchObject({
      isCacheHit: true,
      costUsd: 0,
      attributes: {
        "treadle.cache.kind": "semantic",
        "treadle.cache.similarity": 1,
        "treadle.cache.source_trace_id": source.traceId,
        "treadle.cache.source_span_id": source.spanId,
      },
    });
  });

  test("asks the model about another question, near or far", async () => {
    await ask("How do I turn on sync?");
    await settled({ entries: 1 });
    expect(await cacheOf("How do I turn off sync?")).toBe("miss");
    expect(await cacheOf("How do I turn on zebra sync?")).toBe("miss");
  });

  test("its answers survive a restart", async () => {
    await ask("Where is Rome?");
    await settled({ entries: 1 });
    await reopen();
    expect(await cacheOf("where is rome")).toBe("hit");
    expect(await cacheOf("Hi, where is Rome?")).toBe("hit");
  });

  test("distinguishes users, projects, system messages, histories and tools", async () => {
    const question = "Where is Rome?";
    const user = (id: string) => ({ headers: { "x-treadle-user": id } });
    await ask(question, user("ada"));
    await settled({ entries: 1 });
    expect(await cacheOf(question, user("ada"))).toBe("hit");
    const turn = { role: "user", content: question };
    const others: More[] = [
      user("bob"),
      { scope: { ...SCOPE, actor: "key_other" } },
      { scope: { ...SCOPE, projectId: "proj_other" } },
      { ...user("ada"), body: { messages: [{ role: "system", content: "Be brief." }, turn] } },
      { ...user("ada"), body: { messages: [turn, { role: "assistant", content: "Italy" }, turn] } },
      { ...user("ada"), body: { tools: [{ type: "function", function: { name: "map" } }] } },
      { ...user("ada"), body: { response_format: { type: "json_object" } } },
      { ...user("ada"), body: { temperature: 0.1 } },
    ];
    for (const other of others) expect(await cacheOf(question, other)).toBe("miss");
  });

  test("shares answers between users if the endpoint says so", async () => {
    await use({ isShared: true });
    await ask("Where is Rome?", { headers: { "x-treadle-user": "ada" } });
    await settled({ entries: 1 });
    expect(await cacheOf("Where is Rome?", { headers: { "x-treadle-user": "bob" } })).toBe("hit");
  });

  test("takes no part in calls whose answers vary or that turn caches off", async () => {
    const others: More[] = [
      { body: { temperature: 0.7 } },
      { body: { temperature: undefined } },
      { body: { n: 2 } },
      { body: { logprobs: true } },
      { body: { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] }] } },
      { headers: { "x-treadle-cache": "0" } },
    ];
    for (const other of others) expect(await cacheOf("Where is Rome?", other)).toBeUndefined();
  });

  test("stores no personal data, no refusal and no cut answer", async () => {
    expect(await cacheOf("Who is ada@example.com?")).toBeUndefined();
    for (const content of ["Write to ada@example.com.", "I'm sorry, but I can't help with that."]) {
      upstream.next.push((response) => sendJson(response, 200, chatAnswer(content)));
      await ask("Whom do I ask?");
    }
    const cut = chatAnswer("It is");
    const choices = cut.choices.map((choice) => ({ ...choice, finish_reason: "length" }));
    upstream.next.push((response) => sendJson(response, 200, { ...cut, choices }));
    await ask("Whom do I ask?");
    await ask("Where is Rome?");
    await settled({ entries: 1 });
  });

  test("a thumbs down on a hit or on its source deletes the answer", async () => {
    const bad = async () => {
      const { traceId, spanId } = await open.span();
      await open.gateway.semanticCache.evict(SCOPE.projectId, { traceId, spanId, responseId: "" });
    };
    for (const rated of ["source", "hit"]) {
      await ask("Where is Rome?");
      await settled({ entries: 1 });
      if (rated === "hit") {
        const { hits } = await status();
        expect(await cacheOf("Where is Rome?")).toBe("hit");
        await settled({ hits: hits + 1 });
      }
      await bad();
      await settled({ entries: 0 });
      expect(await cacheOf("Where is Rome?")).toBe("miss");
      await settled({ entries: 1 });
      await open.gateway.semanticCache.clear(SCOPE, endpointId());
    }
  });

  test("is cleared by a person, and another project sees nothing of it", async () => {
    await ask("Where is Rome?");
    await settled({ entries: 1 });
    await open.gateway.semanticCache.clear(SCOPE, endpointId());
    expect(await status()).toMatchObject({ entries: 0, state: "serving" });
    expect(await cacheOf("Where is Rome?")).toBe("miss");
    open.name();
    await expect(status()).rejects.toMatchObject({ code: "not_found" });
  });

  test("a slow embedder delays no call for long, and its vector is stored later", { timeout: 60_000 }, async () => {
    await ask("Where is Rome?");
    await settled({ entries: 1 });
    const late = Promise.withResolvers<void>();
    const slow: Inference["embed"] = (request, signal) => late.promise.then(() => embed(request, signal));
    const other = await openTestGateway({ ...options, inference: { embed: slow } as Inference }, postgres);
    other.connect(connectionTo(upstream.url));
    other.name(endpointOf(name, { semanticCache: SETTINGS }));
    const request = { model: name, temperature: 0, messages: [{ role: "user", content: "Please, where is Rome?" }] };
    const { state } = await other.ask("chat", request);
    expect(state.headers["x-treadle-cache"]).toBe("miss");
    expect(await status()).toMatchObject({ entries: 1 });
    late.resolve();
    await settled({ entries: 2 });
    await other.close();
  });

  test("a failing embedder costs hits, and no call fails", async () => {
    const failing = {
      ...options,
      inference: { embed: () => Promise.reject(new Error("down")) } as unknown as Inference,
    };
    const other = await openTestGateway(failing, postgres);
    other.connect(connectionTo(upstream.url));
    other.name(endpointOf(name, { semanticCache: SETTINGS }));
    const request = { model: name, temperature: 0, messages: [{ role: "user", content: "Where is Rome?" }] };
    for (let asked = 0; asked < 2; asked++) expect((await other.ask("chat", request)).state.status).toBe(200);
    await vi.waitFor(() => expect(other.problems.length).toBeGreaterThan(0));
    await other.close();
  });
});
