import { PERMISSIONS } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenProjects, openProjects } from "../testing/open-projects.ts";

let world: OpenProjects;
beforeAll(async () => {
  world = await openProjects();
});
afterAll(() => world.close());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

test("a key works in every header that clients use, and acts in its own project only", async () => {
  const { projects, owner, scopeOf, seeded } = world;
  const { key, apiKeyId: id } = await projects.keys.create(owner.scope, { name: "app" });
  const basic = `Basic ${Buffer.from(`anything:${key}`).toString("base64")}`;
  for (const headers of [bearer(key), { "x-api-key": key }, { authorization: basic }]) {
    expect(await scopeOf(headers)).toMatchObject({ projectId: seeded.projectId, actor: id, userId: null });
  }
  const elsewhere = { ...bearer(key), "x-treadle-project": "project_other" };
  expect(() => projects.authenticate(elsewhere, "1.1.1.1")).toThrow(/no access to such a project/);
});

test("only the hash of a key is stored", async () => {
  const { projects, owner, db } = world;
  const { key } = await projects.keys.create(owner.scope, { name: "hashed" });
  const { rows } = (await db.execute(sql`SELECT * FROM api_keys`)) as unknown as { rows: unknown[] };
  expect(JSON.stringify(rows)).not.toContain(key);
  expect(JSON.stringify(await projects.keys.list(owner.scope, { limit: 50 }))).not.toContain(key);
  expect(JSON.stringify(await world.audit.list(owner.scope, { limit: 50 }))).not.toContain(key);
});

test("a revoked key stops working immediately, also if it was just used", async () => {
  const { projects, owner, scopeOf } = world;
  const { key, apiKeyId: id } = await projects.keys.create(owner.scope, { name: "short" });
  await scopeOf(bearer(key));
  await projects.keys.revoke(owner.scope, id);
  expect(await projects.authenticate(bearer(key), "1.1.1.1")).toBeNull();
  await expect(projects.keys.revoke(owner.scope, id)).rejects.toMatchObject({ code: "not_found" });
});

test("over a persistent connection, each key acts for itself, and a revoked key stops working", async () => {
  const { projects, owner } = world;
  const [one, other] = [
    await projects.keys.create(owner.scope, { name: "one" }),
    await projects.keys.create(owner.scope, { name: "other" }),
  ];
  const connection = {};
  const actorOf = async (key: string) => (await projects.authenticate(bearer(key), "1.1.1.1", connection))?.actor;
  for (const { key, apiKeyId: id } of [one, one, other, one]) expect(await actorOf(key)).toBe(id);
  await projects.keys.revoke(owner.scope, one.apiKeyId);
  expect(await actorOf(one.key)).toBeUndefined();
  expect(await actorOf(other.key)).toBe(other.apiKeyId);
  expect(await actorOf(`${other.key}x`)).toBeUndefined();
});

test("a key revoked by another server stops working within ten seconds and a request", async () => {
  const { projects, owner, scopeOf, db, clock } = world;
  const { key, apiKeyId: id } = await projects.keys.create(owner.scope, { name: "elsewhere" });
  await scopeOf(bearer(key));
  await db.execute(sql`DELETE FROM api_keys WHERE id = ${id}`);
  clock.move(10_001);
  await projects.authenticate(bearer(key), "1.1.1.1");
  await expect.poll(() => projects.authenticate(bearer(key), "1.1.1.1")).toBeNull();
});

test("a key made from a key or a role never has more rights than its maker", async () => {
  const { projects, owner, scopeOf } = world;
  const maker = await projects.keys.create(owner.scope, { name: "maker", permissions: ["keys:write", "traces:read"] });
  const scope = await scopeOf(bearer(maker.key));
  const before = await projects.keys.list(owner.scope, { limit: 200 });
  await expect(projects.keys.create(scope, { name: "more", permissions: [...PERMISSIONS] })).rejects.toMatchObject({
    code: "forbidden",
    details: { lacking: expect.arrayContaining(["gateway:use"]) },
  });
  expect(await projects.keys.list(owner.scope, { limit: 200 })).toEqual(before);
  expect((await projects.keys.create(scope, { name: "same" })).permissions).toEqual(["traces:read", "keys:write"]);
});

test("another project's key cannot be seen or revoked", async () => {
  const { projects, owner } = world;
  const { apiKeyId: id } = await projects.keys.create(owner.scope, { name: "mine" });
  const stranger = { ...owner.scope, projectId: "project_other" };
  await expect(projects.keys.revoke(stranger, id)).rejects.toMatchObject({ code: "not_found" });
  expect((await projects.keys.list(stranger, { limit: 50 })).items).toEqual([]);
});

test("the use of a key is noted once a minute", async () => {
  const { projects, owner, scopeOf, clock } = world;
  const { key, apiKeyId: id } = await projects.keys.create(owner.scope, { name: "noted" });
  const lastUsedAt = async () =>
    (await projects.keys.list(owner.scope, { limit: 200 })).items.find((item) => item.apiKeyId === id)?.lastUsedAt;
  expect(await lastUsedAt()).toBeNull();
  await scopeOf(bearer(key));
  const first = new Date(clock.now()).toISOString();
  await expect.poll(lastUsedAt).toBe(first);
  clock.move(59_000);
  await scopeOf(bearer(key));
  expect(await lastUsedAt()).toBe(first);
  clock.move(1_000);
  await scopeOf(bearer(key));
  await expect.poll(lastUsedAt).toBe(new Date(clock.now()).toISOString());
});

test("an address that tries many wrong keys must wait, while right keys from it work", async () => {
  const { projects, owner, scopeOf } = world;
  const { key } = await projects.keys.create(owner.scope, { name: "right" });
  const codes: string[] = [];
  for (let count = 0; count < 40; count++) {
    const wrong = async () => projects.authenticate(bearer(`${key}${count}`), "6.6.6.6");
    codes.push(await wrong().then(String, (error) => error.code));
  }
  expect(codes.slice(0, 30)).toEqual(Array(30).fill("null"));
  expect(codes.slice(30)).toEqual(Array(10).fill("rate_limited"));
  expect(await scopeOf(bearer(key), "6.6.6.6")).toMatchObject({ userId: null });
  expect(await projects.authenticate(bearer("tr_wrong-but-from-elsewhere"), "7.7.7.7")).toBeNull();
});

test("a flood of random keys from one address neither refuses nor delays new right keys from it", async () => {
  const { projects, owner, scopeOf } = world;
  const keys = await Promise.all(
    Array.from({ length: 8 }, (_, index) => projects.keys.create(owner.scope, { name: `new ${index}` })),
  );
  const guess = async (index: number) => projects.authenticate(bearer(`tr_random-key-number-${index}`), "6.6.6.7");
  const flood = Array.from({ length: 5_000 }, (_, index) => guess(index).catch(() => null));
  const scopes = await Promise.all(
    keys.slice(0, 4).map(async ({ key }) => (await scopeOf(bearer(key), "6.6.6.7")).actor),
  );
  expect(scopes).toEqual(keys.slice(0, 4).map(({ apiKeyId }) => apiKeyId));
  await Promise.all(flood);
  for (const { key, apiKeyId: id } of keys.slice(4)) expect((await scopeOf(bearer(key), "6.6.6.7")).actor).toBe(id);
});

test.each([
  ["' OR 1=1--", "quotes"],
  ["x".repeat(1_000_000), "a megabyte"],
  ["tr_\u0000\n", "control characters"],
  ["", "nothing"],
])("a key that cannot be one is refused without asking the database (%#)", async (key) => {
  const asked = world.projects.authenticate(bearer(key), "8.8.8.8");
  expect(asked).toBeNull();
});

test("pages of keys follow each other without a gap, and a made-up cursor is refused", async () => {
  const { projects, owner } = world;
  const all = (await projects.keys.list(owner.scope, { limit: 200 })).items.map(({ apiKeyId }) => apiKeyId);
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await projects.keys.list(owner.scope, { limit: 3, cursor });
    paged.push(...page.items.map(({ apiKeyId }) => apiKeyId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(paged).toEqual(all);
  const forged = Buffer.from(JSON.stringify(["9999999-not-a-time", "x"])).toString("base64url");
  await expect(projects.keys.list(owner.scope, { limit: 3, cursor: forged })).rejects.toMatchObject({
    code: "invalid_request",
  });
});
