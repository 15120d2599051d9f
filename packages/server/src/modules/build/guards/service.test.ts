import { guardsApi } from "@treadle/contract";
import type { Detector } from "@treadle/guards";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createGuards } from "./index.ts";

const numbers: Detector<unknown> = {
  name: "numbers",
  version: 1,
  isDeterministic: true,
  need: { upTo: 20 },
  find: ({ text }) =>
    [...text.matchAll(/\d+/g)].map(({ 0: value, index }) => ({
      detector: "numbers",
      kind: "number",
      start: index,
      end: index + value.length,
      score: 1,
      view: "text",
    })),
};
const registry = {
  detectors: new Map([["numbers", numbers]]),
  prepare: (text: string) => ({
    text,
    normalized: { view: "normalized" as const, text, toOriginal: (span: { start: number; end: number }) => span },
    hidden: [],
  }),
  thresholdOf: () => 0.5,
  readOptions(_detector: string, options: Readonly<Record<string, unknown>>) {
    if ("wrong" in options) throw new Error("`wrong` is no option");
    return options;
  },
};
/** Not encryption, but enough to see that values are sealed and bound to their place. */
const secrets = {
  seal: (plain: string, context: string) => Buffer.from(JSON.stringify([context, plain])).toString("hex"),
  open(sealed: string, context: string) {
    const [own, plain] = JSON.parse(Buffer.from(sealed, "hex").toString());
    if (own !== context) throw new Error("sealed for another place");
    return plain;
  },
};

let postgres: PostgresStore;
let scope: Scope;
let open: () => ReturnType<typeof createGuards>;
let guards: ReturnType<typeof createGuards>;

const BODY = guardsApi["POST /api/v1/guard-policies"].body;
const input = (more: object = {}) => BODY.parse({ name: "Numbers", rules: [{ detector: "numbers" }], ...more });
const callOf = (more: object = {}) => ({
  projectId: scope.projectId,
  keyId: null,
  endpointId: null,
  variant: null,
  ...more,
});

beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());
beforeEach(async () => {
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set() };
  const { db } = postgres;
  open = () =>
    createGuards({
      db,
      secrets,
      audit: createAudit({ db, clock: systemClock }),
      clock: systemClock,
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      registry,
      hasModel: async (_scope, name) => name === "safe",
      listVariants: async (_scope, id) => (id === "end_1" ? ["a", "b"] : undefined),
    });
  guards = open();
});

describe("a policy", () => {
  test("is there for the next call when it is made, changed, turned off and deleted", async () => {
    expect(await guards.find(callOf())).toBeNull();
    const { policyId } = await guards.create(scope, input());
    expect(await guards.find(callOf())).toMatchObject({ policyId, version: 1, hasMasks: false });
    await guards.replace(scope, { policyId, content: input({ rules: [{ detector: "numbers", action: "mask" }] }) });
    expect(await guards.find(callOf())).toMatchObject({ version: 2, hasMasks: true });
    // In memory, it is found without waiting.
    expect(guards.find(callOf())).not.toBeInstanceOf(Promise);
    await guards.replace(scope, { policyId, content: input({ isEnabled: false }) });
    expect(await guards.find(callOf())).toBeNull();
    await guards.restore(scope, policyId, 1);
    expect(await guards.find(callOf())).toMatchObject({ version: 4 });
    await guards.delete(scope, policyId);
    expect(await guards.find(callOf())).toBeNull();
    await expect(guards.get(scope, policyId)).rejects.toMatchObject({ code: "not_found" });
  });

  test("has versions and audit entries", async () => {
    const { policyId } = await guards.create(scope, input());
    await guards.replace(scope, { policyId, content: input({ description: "more" }) });
    await guards.restore(scope, policyId, 1);
    const page = await guards.listVersions(scope, policyId, { limit: 2 });
    expect(page.items).toMatchObject([
      { version: 3, description: "", restoredFrom: 1, actor: "user_1" },
      { version: 2, description: "more", restoredFrom: null },
    ]);
    const rest = await guards.listVersions(scope, policyId, { limit: 2, cursor: page.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
    const { items } = await createAudit({ db: postgres.db, clock: systemClock }).list(scope, { limit: 10 });
    expect(items.map(({ action }) => action)).toEqual([
      "guard-policy.update",
      "guard-policy.update",
      "guard-policy.create",
    ]);
  });

  test("is not replaced by a change that is based on an older version", async () => {
    const { policyId } = await guards.create(scope, input());
    await guards.replace(scope, { policyId, content: input({ description: "first" }), expectedVersion: 1 });
    await expect(
      guards.replace(scope, { policyId, content: input({ description: "second" }), expectedVersion: 1 }),
    ).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Version 2 of the policy was saved in the meantime"),
      details: { version: 2, expectedVersion: 1 },
    });
    expect(await guards.get(scope, policyId)).toMatchObject({ description: "first", version: 2 });
  });

  test("has a refusal in its versions, and versions from before refusals have none", async () => {
    const refusal = { text: "No.", texts: { de: "Nein." } };
    const { policyId } = await guards.create(scope, input({ refusal }));
    expect(await guards.find(callOf())).toMatchObject({ refusal });
    await guards.replace(scope, { policyId, content: input() });
    expect(await guards.find(callOf())).toMatchObject({ refusal: null });
    await postgres.db.execute(
      sql`UPDATE guard_policy_versions SET content = content - 'refusal' WHERE policy_id = ${policyId} AND version = 1`,
    );
    expect(await guards.restore(scope, policyId, 1)).toMatchObject({ refusal: null, version: 3 });
    const { items } = await guards.listVersions(scope, policyId, { limit: 5 });
    expect(items.map((version) => version.refusal)).toEqual([null, null, null]);
  });

  test("of another project is not found", async () => {
    const { policyId } = await guards.create(scope, input());
    const other = { ...scope, projectId: "proj_other" };
    await expect(guards.get(other, policyId)).rejects.toMatchObject({ code: "not_found" });
    await expect(guards.replace(other, { policyId, content: input() })).rejects.toMatchObject({ code: "not_found" });
    await expect(guards.delete(other, policyId)).rejects.toMatchObject({ code: "not_found" });
    await expect(guards.restore(other, policyId, 1)).rejects.toMatchObject({ code: "not_found" });
  });

  test("shares neither its name nor its calls with another one", async () => {
    await guards.create(scope, input());
    await expect(guards.create(scope, input())).rejects.toMatchObject({ code: "conflict", details: { param: "name" } });
    await expect(guards.create(scope, input({ name: "Others" }))).rejects.toMatchObject({
      code: "conflict",
      details: { param: "appliesTo" },
    });
  });

  test.each([
    [{ rules: [{ detector: "nothing" }] }, "rules.0.detector"],
    [{ rules: [{ detector: "numbers", options: { wrong: 1 } }] }, "rules.0.options"],
    [{ rules: [{ detector: "numbers", action: "reroute" }] }, "rules.0.target"],
    [{ rules: [{ detector: "numbers", action: "reroute", target: "missing" }] }, "rules.0.target"],
    [{ rules: [{ detector: "numbers", action: "block", target: "safe" }] }, "rules.0.target"],
    [{ appliesTo: { endpointId: "end_2" } }, "appliesTo.endpointId"],
    [{ appliesTo: { endpointId: "end_1", variant: "c" } }, "appliesTo.variant"],
    [{ appliesTo: { variant: "a" } }, "appliesTo.variant"],
  ])("is rejected with what does not exist: %j", async (more, param) => {
    await expect(guards.create(scope, input(more))).rejects.toMatchObject({
      code: "unprocessable",
      details: { param },
    });
  });

  test("can send requests to a model of the project", async () => {
    await guards.create(scope, input({ rules: [{ detector: "numbers", action: "reroute", target: "safe" }] }));
    const found = await guards.find(callOf());
    expect(found?.policy.rules).toMatchObject([{ action: "reroute", target: "safe", fallback: "block" }]);
  });

  test("applies to a call if it is the most specific one", async () => {
    const names = new Map<string, string>();
    for (const [name, appliesTo] of Object.entries({
      project: {},
      endpoint: { endpointId: "end_1" },
      variant: { endpointId: "end_1", variant: "a" },
      key: { keyId: "key_1" },
    }))
      names.set((await guards.create(scope, input({ name, appliesTo }))).policyId, name);
    const nameOf = async (more: object) => names.get((await guards.find(callOf(more)))?.policyId ?? "");
    expect(await nameOf({})).toBe("project");
    expect(await nameOf({ endpointId: "end_9", variant: "a", keyId: "key_2" })).toBe("project");
    expect(await nameOf({ endpointId: "end_1", variant: "b" })).toBe("endpoint");
    expect(await nameOf({ endpointId: "end_1", variant: "a" })).toBe("variant");
    expect(await nameOf({ endpointId: "end_1", variant: "a", keyId: "key_1" })).toBe("key");
  });

  test("blocks what it could not scan if its action protects, and pictures only if it says so", async () => {
    await guards.create(
      scope,
      input({
        rules: [
          { detector: "numbers" },
          { detector: "numbers", action: "block" },
          { detector: "numbers", action: "block", failure: { failed: "open", "unknown-content": "closed" } },
        ],
      }),
    );
    const found = await guards.find(callOf());
    expect(found?.policy.rules.map(({ failure }) => Object.values(failure))).toEqual([
      ["open", "open", "open", "open"],
      ["closed", "closed", "closed", "open"],
      ["closed", "open", "closed", "closed"],
    ]);
  });
});

describe("a check", () => {
  const CHECK = guardsApi["POST /api/v1/guards/check"].body;
  const rules = [{ detector: "numbers", action: "mask", scopes: ["user", "tool-result"] }];

  test("judges a text or messages under rules or a stored policy, without the values", async () => {
    const verdict = await guards.check(scope, CHECK.parse({ text: "call 123 or 45", rules }));
    expect(verdict).toMatchObject({
      action: "mask",
      texts: [{ path: "text", text: "call <NUMBER_1> or <NUMBER_2>", findings: [{ start: 5, end: 8 }, { start: 12 }] }],
    });
    const { policyId } = await guards.create(scope, input({ rules }));
    const messages = [
      { role: "system", content: "123" },
      { role: "tool", content: "123" },
    ];
    expect(await guards.check(scope, CHECK.parse({ messages, policyId }))).toMatchObject({
      texts: [
        { trust: "system", action: "allow", text: null },
        { trust: "tool-result", path: "messages.1.content", action: "mask", text: "<NUMBER_1>" },
      ],
    });
  });

  test("returns no text that is blocked", async () => {
    const blocking = [{ detector: "numbers", action: "block" }];
    expect(await guards.check(scope, CHECK.parse({ text: "call 123", rules: blocking }))).toMatchObject({
      action: "block",
      texts: [{ action: "block", text: null, findings: [{ kind: "number" }] }],
    });
  });

  test.each([
    [{}, "policyId", { text: "a" }],
    [{ rules, policyId: "gpol_1" }, "policyId", { text: "a" }],
    [{ rules }, "text", {}],
    [{ rules }, "text", { text: "a", messages: [{ role: "user", content: "a" }] }],
  ])("needs one content and one policy: %j %s", async (policy, param, content) => {
    await expect(guards.check(scope, CHECK.parse({ ...policy, ...content }))).rejects.toMatchObject({
      code: "invalid_request",
      details: { param },
    });
  });
});

describe("the placeholders", () => {
  const session = () => ({ projectId: scope.projectId, userId: "ann", sessionId: "s1" });

  test("of a session stay the same, also on another server, and are stored sealed", async () => {
    const first = await guards.openMasks(session(), 600);
    expect(first.masks.placeholderOf("email", "ann@example.com")).toBe("<EMAIL_1>");
    first.save();
    const again = await guards.openMasks(session(), 600);
    expect(again.masks.restore("<EMAIL_1>")).toBe("ann@example.com");
    await vi.waitFor(async () => {
      const other = await open().openMasks(session(), 600);
      expect(other.masks.restore("<EMAIL_1>")).toBe("ann@example.com");
    });
    const { rows } = await postgres.db.execute(sql`SELECT * FROM guard_masks WHERE project_id = ${scope.projectId}`);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/ann/);
  });

  test("of another session, user or project, and without a session, are others", async () => {
    (await guards.openMasks(session(), 600)).masks.placeholderOf("email", "ann@example.com");
    for (const other of [{ sessionId: "s2" }, { userId: "bob" }, { projectId: "proj_other" }]) {
      const { masks } = await guards.openMasks({ ...session(), ...other }, 600);
      expect(masks.restore("<EMAIL_1>")).toBe("<EMAIL_1>");
    }
    const { masks } = await guards.openMasks(null, 600);
    masks.placeholderOf("email", "ann@example.com");
    expect((await guards.openMasks(null, 600)).masks.size()).toBe(0);
  });

  test("expire", async () => {
    const { masks, save } = await guards.openMasks(session(), -1);
    masks.placeholderOf("email", "ann@example.com");
    save();
    await vi.waitFor(async () => {
      const { rows } = await postgres.db.execute(sql`SELECT * FROM guard_masks WHERE project_id = ${scope.projectId}`);
      expect(rows).toHaveLength(1);
    });
    expect((await open().openMasks(session(), 600)).masks.size()).toBe(0);
  });
});
