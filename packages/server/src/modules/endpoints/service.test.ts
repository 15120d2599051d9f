import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { PostgresStore } from "../../platform/postgres/port.ts";
import { openTestPostgres } from "../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../audit/index.ts";
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
const input = (more: object = {}) => ({
  name: "support",
  description: "",
  targets: [{ model: "openai/gpt-4o", weight: 1 }],
  fallbacks: ["smollm2"],
  cacheTtlSeconds: 0,
  ...more,
});

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
  });
});

describe("an endpoint", () => {
  test("is there for the next call when it is made, changed and deleted", async () => {
    const { id } = await endpoints.create(scope, input());
    const first = (await endpoints.resolve(scope.projectId)).get("support");
    expect(first).toMatchObject({ id, targets: [{ model: "openai/gpt-4o", weight: 1 }], fallbacks: ["smollm2"] });
    await endpoints.replace(scope, id, input({ targets: [{ model: "gpt-4o-mini", weight: 3 }] }));
    const second = (await endpoints.resolve(scope.projectId)).get("support");
    expect(second?.targets).toEqual([{ model: "gpt-4o-mini", weight: 3 }]);
    expect(second?.configHash).not.toBe(first?.configHash);
    await endpoints.delete(scope, id);
    expect((await endpoints.resolve(scope.projectId)).size).toBe(0);
  });

  test.each([
    [{ targets: [{ model: "nope/x", weight: 1 }] }, "There is no model"],
    [{ targets: [{ model: "openai/", weight: 1 }] }, "There is no model"],
    [{ fallbacks: ["gpt-unknown"] }, "There is no model"],
    [{ targets: [{ model: "support", weight: 1 }] }, "target of itself"],
    [{ fallbacks: ["support"] }, "target of itself"],
    [{ targets: [{ model: "openai/gpt-4o", weight: 0 }] }, "weight 0"],
  ])("%j is refused with words that say why", async (more, words) => {
    await expect(endpoints.create(scope, input(more))).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(words),
    });
  });

  test("cannot take a name that another has", async () => {
    await endpoints.create(scope, input());
    const { id } = await endpoints.create(scope, input({ name: "other" }));
    await expect(endpoints.create(scope, input())).rejects.toMatchObject({ code: "conflict" });
    await expect(endpoints.replace(scope, id, input())).rejects.toMatchObject({ code: "conflict" });
  });

  test("of another project does not exist", async () => {
    const { id } = await endpoints.create(scope, input());
    const other = await newProject();
    await expect(endpoints.get(other, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(endpoints.replace(other, id, input({ name: "mine" }))).rejects.toMatchObject({ code: "not_found" });
    await expect(endpoints.delete(other, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await endpoints.get(scope, id)).toMatchObject({ name: "support" });
  });
});
