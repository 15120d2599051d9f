import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PostgresStore } from "./port.ts";
import { openTestPostgres } from "./testing/open-test-postgres.ts";

let store: PostgresStore;
beforeAll(async () => {
  store = await openTestPostgres();
});
afterAll(() => store.close());

test("statements, errors and transactions work", async () => {
  await store.check();
  expect(await store.sizeBytes()).toBeGreaterThan(0);
  await expect(store.db.execute(sql`select * from nope`)).rejects.toThrow();
  await store.db.transaction(async (tx) => {
    await tx.execute(sql`insert into projects values ('a','b',false,now())`);
  });
  await store.db.execute(sql`create extension if not exists vector`);
});
