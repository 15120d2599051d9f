import { endpointsApi, FailureClass } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import type { ResolvedConnection } from "../connections/index.ts";
import { createEndpoints } from "./index.ts";

let postgres: PostgresStore;
let scope: Scope;
let endpoints: ReturnType<typeof createEndpoints>;

async function newProject(): Promise<Scope> {
  const id = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${id}, 'Test', now())`);
  return { projectId: id, actor: "user_1", userId: "user_1", permissions: new Set() };
}
const BODY = endpointsApi["POST /api/v1/endpoints"].body;
const input = (more: object = {}) =>
  BODY.parse({ name: "support", variants: [{ model: "openai/gpt-4o" }], fallbacks: ["smollm2"], ...more });

beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());
beforeEach(async () => {
  scope = await newProject();
  const openai = { slug: "openai", models: ["gpt-4o-mini"] } as unknown as ResolvedConnection;
  endpoints = createEndpoints({
    db: postgres.db,
    audit: createAudit({ db: postgres.db, clock: systemClock }),
    clock: systemClock,
    connections: { resolve: async () => [openai] },
    models: { isLocal: (id) => id === "smollm2" },
    registered: { knows: async (_projectId, name) => name === "bot@production" },
    checkKnowledge: async (_scope, { knowledgeBaseId }) => {
      if (knowledgeBaseId !== "kb_handbook") throw notFound("knowledge base", knowledgeBaseId);
    },
    async checkPrompt(_scope, { name }) {
      if (name !== "support/answer") throw notFound("prompt", name);
    },
  });
});

describe("an endpoint", () => {
  test("is there for the next call when it is made, changed and deleted", async () => {
    const { endpointId: id } = await endpoints.create(scope, input());
    const first = (await endpoints.resolve(scope.projectId)).get("support");
    expect(first).toMatchObject({
      endpointId: id,
      variants: [{ name: "gpt-4o", model: "openai/gpt-4o", weight: 1 }],
      fallbacks: [{ model: "smollm2", on: [...FailureClass.options], priority: 1 }],
    });
    await endpoints.replace(scope, id, input({ variants: [{ model: "gpt-4o-mini", weight: 3 }] }));
    const second = (await endpoints.resolve(scope.projectId)).get("support");
    expect(second?.variants).toMatchObject([{ name: "gpt-4o-mini", model: "gpt-4o-mini", weight: 3 }]);
    expect(second?.configHash).not.toBe(first?.configHash);
    await endpoints.delete(scope, id);
    expect((await endpoints.resolve(scope.projectId)).size).toBe(0);
  });

  test.each([
    [{ variants: [{ model: "nope/x", weight: 1 }] }, "There is no model"],
    [{ variants: [{ model: "openai/", weight: 1 }] }, "There is no model"],
    [{ fallbacks: ["gpt-unknown"] }, "There is no model"],
    [{ variants: [{ model: "support", weight: 1 }] }, "its own model"],
    [{ fallbacks: ["support"] }, "its own model"],
    [{ variants: [{ model: "openai/gpt-4o", weight: 0 }] }, "weight 0"],
    [{ variants: ["smollm2", "openai/x"].map((model) => ({ name: "same", model, weight: 1 })) }, 'named "same"'],
    [{ variants: [{ model: "smollm2", prompt: { name: "gone" } }] }, 'The variant "smollm2" names a prompt'],
    [{ variants: [{ model: "smollm2", knowledge: { knowledgeBaseId: "kb_gone" } }] }, "names a knowledge base"],
  ])("%j is refused with words that say why", async (more, words) => {
    await expect(endpoints.create(scope, input(more))).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(words),
    });
  });

  test("names its variants after their models when no name is given", async () => {
    const variants = [
      { model: "openai/GPT 4o", weight: 1 },
      { model: "openai/GPT 4o", weight: 1 },
      { name: "plain", model: "smollm2", weight: 1 },
    ];
    const created = await endpoints.create(scope, input({ variants }));
    expect(created.variants.map(({ name }) => name)).toEqual(["gpt-4o", "gpt-4o-2", "plain"]);
  });

  test("has a semantic cache with defaults, as part of its version and its hash", async () => {
    const plain = await endpoints.create(scope, input());
    expect(plain.semanticCache).toBeNull();
    const semanticCache = { ttlSeconds: 86_400, threshold: 0.92, falseHitLimit: 0.05, isShared: false };
    const cached = await endpoints.replace(scope, plain.endpointId, input({ semanticCache: {} }));
    expect(cached.semanticCache).toEqual(semanticCache);
    expect(cached.configHash).not.toBe(plain.configHash);
    const restored = await endpoints.restore(scope, plain.endpointId, 1);
    expect(restored).toMatchObject({ semanticCache: null, configHash: plain.configHash });
    expect((await endpoints.restore(scope, plain.endpointId, 2)).semanticCache).toEqual(semanticCache);
  });

  test("keeps each version, and an earlier one can be restored", async () => {
    const { endpointId: id } = await endpoints.create(scope, input());
    await endpoints.replace(scope, id, input({ fallbacks: [] }));
    const restored = await endpoints.restore(scope, id, 1);
    expect(restored).toMatchObject({ version: 3, fallbacks: [{ model: "smollm2" }] });
    const first = await endpoints.listVersions(scope, id, { limit: 2 });
    expect(first.items.map(({ version, restoredFrom, actor }) => [version, restoredFrom, actor])).toEqual([
      [3, 1, "user_1"],
      [2, null, "user_1"],
    ]);
    const rest = await endpoints.listVersions(scope, id, { limit: 2, cursor: first.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ version: 1, configHash: restored.configHash }], nextCursor: null });
    await expect(endpoints.restore(scope, id, 9)).rejects.toMatchObject({ code: "not_found" });
    await expect(endpoints.restore(await newProject(), id, 1)).rejects.toMatchObject({ code: "not_found" });
  });

  test("gets two versions from two changes at the same time", async () => {
    const { endpointId: id } = await endpoints.create(scope, input());
    await Promise.all([endpoints.replace(scope, id, input()), endpoints.replace(scope, id, input({ fallbacks: [] }))]);
    const { items } = await endpoints.listVersions(scope, id, { limit: 10 });
    expect(items.map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  test("has variants with a prompt, parameters and tools, and another prompt is another configuration", async () => {
    const variant = { name: "v", model: "smollm2", parameters: { temperature: 0.2 }, tools: [], cacheTtlSeconds: 60 };
    const withPrompt = (version: number) =>
      input({ variants: [{ ...variant, prompt: { name: "support/answer", version } }] });
    const created = await endpoints.create(scope, withPrompt(3));
    expect(created.variants).toEqual([
      { ...variant, weight: 1, priority: 1, prompt: { name: "support/answer", label: null, version: 3 } },
    ]);
    const changed = await endpoints.replace(scope, created.endpointId, withPrompt(4));
    expect(changed.configHash).not.toBe(created.configHash);
  });

  test.each([
    [{ prompt: { name: "p", label: "a", version: 1 } }, "a label or a version, not both"],
    [{ parameters: { messages: [] } }, "must hold none of model, messages"],
    [{ weight: -1 }, ">=0"],
    [{ weight: 1.5 }, "int"],
    [{ name: "Has Spaces" }, "lower-case"],
    [{ unknown: 1 }, "unknown"],
  ])("a variant with %j is refused", (more, words) => {
    const result = BODY.safeParse({ name: "support", variants: [{ model: "smollm2", ...more }] });
    expect(result.success ? "" : result.error.message).toContain(words);
  });

  test("cannot take a name that another has", async () => {
    await endpoints.create(scope, input());
    const { endpointId: id } = await endpoints.create(scope, input({ name: "other" }));
    await expect(endpoints.create(scope, input())).rejects.toMatchObject({ code: "conflict" });
    await expect(endpoints.replace(scope, id, input())).rejects.toMatchObject({ code: "conflict" });
  });

  test("of another project does not exist", async () => {
    const { endpointId: id } = await endpoints.create(scope, input());
    const other = await newProject();
    await expect(endpoints.get(other, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(endpoints.replace(other, id, input({ name: "mine" }))).rejects.toMatchObject({ code: "not_found" });
    await expect(endpoints.delete(other, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await endpoints.get(scope, id)).toMatchObject({ name: "support" });
  });
});

describe("routing", () => {
  const ALL = [...FailureClass.options];
  const TWO = {
    variants: [
      { name: "small", model: "smollm2" },
      { name: "large", model: "openai/x" },
    ],
  };

  test("a plain fallback answers after any failure, in its place; an object says more", async () => {
    const fallbacks = [
      "smollm2",
      { model: "openai/x", on: ["timeout", "rate-limit"] },
      { model: "openai/y", priority: 2 },
    ];
    const created = await endpoints.create(scope, input({ fallbacks }));
    expect(created.fallbacks).toEqual([
      { model: "smollm2", on: ALL, priority: 1 },
      { model: "openai/x", on: ["rate-limit", "timeout"], priority: 2 },
      { model: "openai/y", on: ALL, priority: 2 },
    ]);
    const again = await endpoints.replace(scope, created.endpointId, input({ fallbacks: created.fallbacks }));
    expect(again).toMatchObject({ fallbacks: created.fallbacks, configHash: created.configHash });
  });

  test.each([
    [{ strategy: "latency" }],
    [{ failover: "variants" }],
    [{ rules: [{ when: [{ fact: "tag", value: "vip" }], variants: ["large"] }] }],
    [{ fallbacks: [{ model: "smollm2", on: ["timeout"] }] }],
    [{ fallbacks: [{ model: "smollm2", priority: 3 }] }],
    [{ failover: "variants", variants: [TWO.variants[0], { ...TWO.variants[1], priority: 2 }] }],
  ])("%j is in the version and in the hash of the configuration", async (more) => {
    const plain = await endpoints.create(scope, input(TWO));
    const changed = await endpoints.replace(scope, plain.endpointId, input({ ...TWO, ...more }));
    expect(changed.configHash).not.toBe(plain.configHash);
    const { items } = await endpoints.listVersions(scope, plain.endpointId, { limit: 1 });
    const { strategy, rules, failover, fallbacks, variants, configHash } = changed;
    expect(items).toMatchObject([{ strategy, rules, failover, fallbacks, variants, configHash }]);
    const restored = await endpoints.restore(scope, plain.endpointId, 1);
    expect(restored).toMatchObject({
      strategy: "weight",
      rules: [],
      failover: "fallbacks",
      configHash: plain.configHash,
    });
  });

  test.each([
    [
      { rules: [{ when: [{ fact: "tag", value: "a" }], variants: ["small", "gone"] }] },
      "body.rules.0.variants",
      'Rule 1 names the variant "gone"',
    ],
    [
      { rules: [{ when: ["en", "de"].map((value) => ({ fact: "language", value })), variants: ["small"] }] },
      "body.rules.0.when",
      "two conditions on the language",
    ],
    [
      { variants: [TWO.variants[0], { ...TWO.variants[1], priority: 2 }] },
      "body.variants.1.priority",
      'The variant "large" has the priority 2',
    ],
  ])("%j is refused at its field", async (more, path, words) => {
    await expect(endpoints.create(scope, input({ ...TWO, ...more }))).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(words),
      details: { issues: [{ path, message: expect.stringContaining(words) }] },
    });
  });

  const ruleOf = (...when: object[]) => ({ when, variants: ["small"] });
  test.each([
    [{ rules: Array.from({ length: 21 }, () => ruleOf({ fact: "tag", value: "a" })) }, "rules", "20"],
    [{ rules: [ruleOf()] }, "rules.0.when", "1"],
    [{ rules: [ruleOf({ fact: "header", name: "Authorization" })] }, "rules.0.when.0.name", "secret"],
    [{ rules: [ruleOf({ fact: "header", name: "no spaces" })] }, "rules.0.when.0.name", "HTTP header"],
    [{ rules: [ruleOf({ fact: "language", value: "German" })] }, "rules.0.when.0.value", "ISO 639"],
    [{ rules: [ruleOf({ fact: "length" })] }, "rules.0.when.0", "a minimum, a maximum or both"],
    [{ rules: [ruleOf({ fact: "length", min: 9, max: 8 })] }, "rules.0.when.0.min", "larger than the maximum"],
    [{ fallbacks: [{ model: "smollm2", on: [] }] }, "fallbacks.0.on", "1"],
    [{ strategy: "fastest" }, "strategy", "latency"],
  ])("%j is refused by the contract", (more, path, words) => {
    const result = BODY.safeParse({ name: "support", ...TWO, ...more });
    const [issue] = result.error?.issues ?? [];
    expect(issue?.path.join(".")).toBe(path);
    expect(issue?.message).toContain(words);
  });
});

describe("a rollout", () => {
  const TWO = {
    variants: [
      { name: "old", model: "smollm2" },
      { name: "new", model: "openai/x", weight: 0 },
    ],
  };
  const rolloutOf = (more: object = {}) => ({
    rolloutId: "rol_1",
    candidate: "new",
    control: "old",
    share: 0.1,
    ...more,
  });
  const set = (endpointId: string, rollout: ReturnType<typeof rolloutOf> | null) =>
    postgres.db.transaction((tx) => endpoints.setRollout(tx, scope, { endpointId, rollout }));

  test("gives the candidate its share, and its promotion makes a version", async () => {
    const { endpointId } = await endpoints.create(scope, input(TWO));
    await set(endpointId, rolloutOf());
    await set(endpointId, rolloutOf({ share: 0.5 }));
    endpoints.forget(scope.projectId);
    expect((await endpoints.resolve(scope.projectId)).get("support")?.rollout).toEqual(rolloutOf({ share: 0.5 }));
    await postgres.db.transaction((tx) =>
      endpoints.promote(tx, scope, { endpointId, candidate: "new", control: "old" }),
    );
    const promoted = await endpoints.get(scope, endpointId);
    expect(promoted).toMatchObject({ version: 2, rollout: null });
    expect(promoted.variants.map(({ name, weight }) => [name, weight])).toEqual([
      ["old", 0],
      ["new", 1],
    ]);
    const { items } = await endpoints.listVersions(scope, endpointId, { limit: 5 });
    expect(items.map(({ version }) => version)).toEqual([2, 1]);
  });

  test("lets nobody change or delete its endpoint until it has ended", async () => {
    const { endpointId } = await endpoints.create(scope, input(TWO));
    await set(endpointId, rolloutOf());
    const words = { code: "conflict", message: expect.stringContaining("in a rollout") };
    await expect(endpoints.replace(scope, endpointId, input())).rejects.toMatchObject(words);
    await expect(endpoints.restore(scope, endpointId, 1)).rejects.toMatchObject(words);
    await expect(endpoints.delete(scope, endpointId)).rejects.toMatchObject(words);
    await expect(set(endpointId, rolloutOf({ rolloutId: "rol_2" }))).rejects.toMatchObject(words);
    await set(endpointId, null);
    await endpoints.delete(scope, endpointId);
  });

  test.each([
    [{ candidate: "gone" }, 'has no variant "gone"'],
    [{ control: "gone" }, 'has no variant "gone"'],
    [{ candidate: "old", control: "new" }, "has the weight 1"],
    [{ control: "new" }, "has the weight 0"],
  ])("with %j is refused", async (more, words) => {
    const { endpointId } = await endpoints.create(scope, input(TWO));
    await expect(set(endpointId, rolloutOf(more))).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(words),
    });
  });
});
