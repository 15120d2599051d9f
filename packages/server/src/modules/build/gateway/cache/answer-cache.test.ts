import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { type CachedAnswer, createAnswerCache } from "./answer-cache.ts";

let postgres: PostgresStore;
let now = 1_790_000_000_000;
let problems: object[];
const complain = (fields: object) => void problems.push(fields);
const log = { debug: complain, info: complain, warn: complain, error: complain };
const open = () => createAnswerCache({ db: postgres.db, clock: { now: () => now, elapsed: () => now }, log });
const answerOf = (body: string): CachedAnswer => ({
  body,
  response: null,
  name: "openai/m",
  embeddingModel: "m",
  usage: null,
});
const rows = async () =>
  (await postgres.db.execute(sql`SELECT key_hash FROM cached_answers ORDER BY key_hash`)) as unknown as {
    rows: object[];
  };

beforeAll(async () => {
  postgres = await openTestPostgres();
  await postgres.db.execute(
    sql`INSERT INTO projects (id, name, created_at) VALUES ('proj_a', 'A', now()), ('proj_b', 'B', now())`,
  );
});
afterAll(() => postgres.close());
beforeEach(async () => {
  problems = [];
  await postgres.db.execute(sql`DELETE FROM cached_answers`);
});

test("an answer outlives the process, until it expires", async () => {
  await open().save("proj_a", "k", { answer: answerOf('{"a":1}'), ttlSeconds: 60 });
  const next = open();
  expect(next.findInMemory("k")).toBeNull();
  expect(await next.find("proj_a", "k")).toEqual(answerOf('{"a":1}'));
  expect(next.findInMemory("k")).toEqual(answerOf('{"a":1}'));
  now += 60_000;
  expect(next.findInMemory("k")).toBeNull();
  expect(await next.find("proj_a", "k")).toBeNull();
  expect(problems).toEqual([]);
});

test("another project does not find it under any key", async () => {
  await open().save("proj_a", "k", { answer: answerOf("{}"), ttlSeconds: 60 });
  expect(await open().find("proj_b", "k")).toBeNull();
});

test("saving again replaces the answer and its expiry", async () => {
  const cache = open();
  await cache.save("proj_a", "k", { answer: answerOf('{"a":1}'), ttlSeconds: 1 });
  await cache.save("proj_a", "k", { answer: answerOf('{"a":2}'), ttlSeconds: 60 });
  now += 30_000;
  expect(cache.findInMemory("k")?.body).toBe('{"a":2}');
  expect((await open().find("proj_a", "k"))?.body).toBe('{"a":2}');
});

test("memory holds the recent answers up to its limit", async () => {
  const cache = open();
  const large = answerOf(JSON.stringify("x".repeat(3_000_000)));
  for (const key of ["a", "b", "c", "d", "e", "f", "g"])
    await cache.save("nowhere", key, { answer: large, ttlSeconds: 60 });
  cache.findInMemory("a");
  await cache.save("nowhere", "h", { answer: large, ttlSeconds: 60 });
  expect(["a", "b", "h"].map((key) => cache.findInMemory(key) !== null)).toEqual([true, false, true]);
});

test("an answer that is too large or that PostgreSQL cannot store does no harm", async () => {
  const cache = open();
  await cache.save("proj_a", "large", { answer: answerOf("x".repeat(5_000_000)), ttlSeconds: 60 });
  await cache.save("proj_a", "nul", { answer: answerOf('{"a":"\\u0000"}'), ttlSeconds: 60 });
  expect([cache.findInMemory("large"), cache.findInMemory("nul") !== null]).toEqual([null, true]);
  expect((await rows()).rows).toEqual([]);
  expect(problems).toEqual([]);
});

test("a store that fails costs a hit and is logged, but no call fails", async () => {
  const cache = open();
  await cache.save("proj_unknown", "k", { answer: answerOf("{}"), ttlSeconds: 60 });
  expect(problems).toHaveLength(1);
  expect(cache.findInMemory("k")).not.toBeNull();
});

test("an answer in the shape of an older version is not used", async () => {
  await postgres.db.execute(
    sql`INSERT INTO cached_answers VALUES ('old', 'proj_a', '{"text":"?"}', now(), ${new Date(now + 60_000).toISOString()})`,
  );
  expect(await open().find("proj_a", "old")).toBeNull();
});

test("expired answers are deleted periodically", async () => {
  const cache = open();
  await cache.save("proj_a", "old", { answer: answerOf("{}"), ttlSeconds: 1 });
  now += 11 * 60_000;
  await cache.save("proj_a", "new", { answer: answerOf("{}"), ttlSeconds: 60 });
  expect((await rows()).rows).toEqual([{ key_hash: "new" }]);
});
