import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openPostgres } from "./open.ts";
import { runPrepared } from "./port.ts";

test("a prepared statement runs again with other values, with and without a transaction, also after a failure", async () => {
  const store = await openPostgres({ folder: null });
  const double = (db: typeof store.db, value: number) =>
    runPrepared<{ twice: number }>(db, "twice", sql`SELECT 2 * ${value}::integer AS twice`);
  expect((await double(store.db, 2)).rows).toEqual([{ twice: 4 }]);
  await expect(double(store.db, 2_000_000_000)).rejects.toThrow();
  expect(await store.db.transaction(async (tx) => (await double(tx, 3)).rows)).toEqual([{ twice: 6 }]);
  const { rows } = await store.db.execute(sql`SELECT count(*)::int AS count FROM pg_prepared_statements`);
  expect(rows).toEqual([{ count: 1 }]);
  await expect(runPrepared(store.db, "twice", sql`SELECT 1`)).rejects.toMatchObject({
    cause: { message: expect.stringContaining("must be unique") },
  });
  await store.close();
});
