import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres } from "./open.ts";
import type { PostgresStore } from "./port.ts";
import { startPostgresServer } from "./testing/start-postgres-server.ts";

const server = await startPostgresServer();
const folder = await mkdtemp(join(tmpdir(), "treadle-postgres-"));
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const notes = pgTable("contract_notes", {
  id: text().primaryKey(),
  count: integer().notNull(),
  words: text().array().notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
});

type Adapter = { name: string; open(): Promise<PostgresStore> };
const embedded: Adapter = { name: "PGlite", open: () => openPostgres({ folder: join(folder, "postgres") }) };
const adapters: Adapter[] = [embedded];
if (server) {
  const url = await server.createDatabase();
  adapters.push({ name: "PostgreSQL", open: () => openPostgres({ url, folder }) });
}

describe.each(adapters)("$name", ({ name, open }) => {
  let store: PostgresStore;
  beforeAll(async () => {
    store = await open();
    await store.db.execute(sql`CREATE TABLE contract_notes (
      id text PRIMARY KEY, count integer NOT NULL, words text[] NOT NULL, created_at timestamptz NOT NULL)`);
  });
  afterAll(() => store.close());

  const note = (id: string) => ({ id, count: 1, words: ["a", 'b"c', "ü,{}"], createdAt: new Date(1_790_000_000_123) });
  const countNotes = () => store.db.$count(notes);

  test("names its engine, answers a check and knows its size", async () => {
    expect(store.engine).toMatch(name === "PGlite" ? /^PGlite [\d.]+ \(PostgreSQL 1\d/ : /^PostgreSQL 1\d/);
    await store.check();
    expect(await store.sizeBytes()).toBeGreaterThan(1_000_000);
  });

  test("rows come back as they were written, times to the millisecond", async () => {
    await store.db.insert(notes).values(note("whole"));
    expect(await store.db.select().from(notes)).toEqual([note("whole")]);
  });

  test("a value is never part of the statement", async () => {
    const id = "'); DROP TABLE contract_notes; --";
    await store.db.insert(notes).values(note(id));
    expect(await store.db.select({ id: notes.id }).from(notes).where(sql`${notes.id} = ${id}`)).toEqual([{ id }]);
  });

  test("a transaction that throws leaves nothing, and the next statement works", async () => {
    const before = await countNotes();
    const failed = store.db.transaction(async (tx) => {
      await tx.insert(notes).values(note("half"));
      throw new Error("stop");
    });
    await expect(failed).rejects.toThrow("stop");
    expect(await countNotes()).toBe(before);
  });

  test("a duplicate row is reported with PostgreSQL's own code", async () => {
    await store.db.insert(notes).values(note("twice"));
    await expect(store.db.insert(notes).values(note("twice"))).rejects.toMatchObject({ cause: { code: "23505" } });
  });

  test("many callers at once all get their answer", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const id = `many-${index}`;
        await store.db.transaction(async (tx) => {
          await tx.insert(notes).values({ ...note(id), count: index });
        });
        return store.db.select({ count: notes.count }).from(notes).where(sql`${notes.id} = ${id}`);
      }),
    );
    expect(answers.map(([row]) => row?.count)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  test("a value of several megabytes goes in and comes out", async () => {
    const words = ["x".repeat(3_000_000), "ü".repeat(1_000_000)];
    await store.db.insert(notes).values({ ...note("large"), words });
    expect(await store.db.select({ words: notes.words }).from(notes).where(sql`${notes.id} = 'large'`)).toEqual([
      { words },
    ]);
  });

  test("what was written is there after closing and opening again", async () => {
    const before = await countNotes();
    await store.close();
    store = await open();
    expect(await countNotes()).toBe(before);
  });
});

test("the embedded engine stores vectors", async () => {
  const store = await openPostgres({ folder: null });
  await store.db.execute(sql`CREATE EXTENSION vector`);
  const { rows } = await store.db.execute(sql`SELECT '[1,2,3]'::vector <-> '[1,2,5]'::vector AS distance`);
  expect(rows).toEqual([{ distance: 2 }]);
  await store.close();
});

test("a server that cannot be reached is named without its password", async () => {
  const failed = openPostgres({ url: "postgres://reader:secret@127.0.0.1:9/x", folder: null }).catch(String);
  expect(await failed).toMatch(/127\.0\.0\.1:9 \(TREADLE_POSTGRES_URL\) cannot be opened: .*ECONNREFUSED/);
  expect(await failed).not.toContain("secret");
});
