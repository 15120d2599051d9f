import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { type Audit, createAudit } from "./service.ts";

let store: PostgresStore;
let audit: Audit;
let now = Date.parse("2026-01-01T00:00:00Z");
const scope: Scope = { projectId: "project_1", actor: "user_1", userId: "user_1", permissions: new Set() };

beforeAll(async () => {
  store = await openTestPostgres();
  audit = createAudit({ db: store.db, clock: { now: () => now, elapsed: () => now } });
});
afterAll(() => store.close());

test("entries are listed newest first, in pages, each once, also with equal times", async () => {
  for (let count = 0; count < 7; count++) {
    if (count > 3) now += 1_000;
    await audit.record(scope, { action: "thing.make", target: `thing_${count}`, details: { count } });
  }
  const all = (await audit.list(scope, { limit: 50 })).items;
  expect(all[0]).toMatchObject({
    actor: "user_1",
    action: "thing.make",
    target: "thing_6",
    details: { count: 6 },
    createdAt: new Date(now).toISOString(),
  });
  const paged = [];
  let cursor: string | undefined;
  do {
    const page = await audit.list(scope, { limit: 2, cursor });
    paged.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(paged).toEqual(all);
});

test("another project's entries are not shown", async () => {
  expect((await audit.list({ ...scope, projectId: "project_2" }, { limit: 50 })).items).toEqual([]);
});

test("an entry goes with its transaction when that fails", async () => {
  const before = await audit.list(scope, { limit: 200 });
  const failing = store.db.transaction(async (tx) => {
    await audit.record(scope, { action: "thing.break", target: "thing" }, tx);
    throw new Error("undone");
  });
  await expect(failing).rejects.toThrow("undone");
  expect(await audit.list(scope, { limit: 200 })).toEqual(before);
});
