import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTenants, type Tenants } from "./http-tenants.ts";

let tenants: Tenants;
let owner: Record<string, string>;
beforeAll(async () => {
  tenants = await startTenants();
  owner = await tenants.enter(await tenants.projects.newSignInToken());
});
afterAll(() => tenants.close());

const createKey = (caller: Readonly<Record<string, string>>, idempotencyKey: string, name: string) =>
  tenants.call("POST /api/v1/api-keys", { ...caller, "idempotency-key": idempotencyKey }, { name });
const countOf = async (name: string) => {
  const { answer } = await tenants.call("GET /api/v1/api-keys?limit=200", tenants.key);
  return answer.items.filter((item: { name: string }) => item.name === name).length;
};

test("an API key that is requested twice with one idempotency key is created once, and its secret comes again", async () => {
  const first = await createKey(tenants.key, "once", "ci");
  const second = await createKey(tenants.key, "once", "ci");
  expect([first.status, second.status, second.headers.get("idempotency-replayed")]).toEqual([201, 201, "true"]);
  expect(second.answer).toEqual(first.answer);
  expect(first.answer.key).toMatch(/^tr_/);
  expect(await countOf("ci")).toBe(1);
  const { rows } = await tenants.db.execute(sql`SELECT * FROM idempotency_keys`);
  expect(JSON.stringify(rows)).not.toContain(first.answer.key);
});

test("many requests at the same time create one API key", async () => {
  const results = await Promise.all(Array.from({ length: 12 }, () => createKey(tenants.key, "together", "together")));
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set([201, 409]));
  expect(await countOf("together")).toBe(1);
});

test("a person, another API key and another project do not get the response of the first caller", async () => {
  const { projectId } = (await tenants.call("POST /api/v1/projects", owner, { name: "Other" })).answer;
  const { key } = (await tenants.call("POST /api/v1/api-keys", tenants.key, { name: "second" })).answer;
  const callers: Record<string, string>[] = [
    tenants.key,
    { authorization: `Bearer ${key}` },
    owner,
    { ...owner, "x-treadle-project": projectId },
  ];
  const results = [];
  for (const caller of callers) results.push(await createKey(caller, "shared", "same"));
  expect(results.map(({ status, headers }) => [status, headers.get("idempotency-replayed")])).toEqual(
    callers.map(() => [201, null]),
  );
  expect(new Set(results.map(({ answer }) => answer.key)).size).toBe(callers.length);
});

test("a revoked caller gets no stored response", async () => {
  const { apiKeyId, key } = (await tenants.call("POST /api/v1/api-keys", tenants.key, { name: "revoked" })).answer;
  const caller = { authorization: `Bearer ${key}` };
  expect((await createKey(caller, "before", "made")).status).toBe(201);
  await tenants.call(`DELETE /api/v1/api-keys/${apiKeyId}`, tenants.key);
  expect((await createKey(caller, "before", "made")).status).toBe(401);
});
