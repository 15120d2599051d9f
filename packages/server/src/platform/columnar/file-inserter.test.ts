import { mkdir, mkdtemp, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openFileInserter } from "./file-inserter.ts";

let folder = "";
const closings: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-inserter-"));
});
/** Closed first, because a merging engine creates new folders in a folder that is being removed. */
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  await rm(folder, { recursive: true, force: true });
});

/** The engine in this folder, with a table, and an inserter into it. */
function openIn(path: string) {
  const session = new Session(path);
  session.query("CREATE TABLE things (name String, count UInt32 DEFAULT 7) ENGINE = MergeTree ORDER BY name");
  const inserter = openFileInserter(path);
  closings.push(async () => {
    await inserter.close();
    session.close();
  });
  return {
    insert: (lines: string) => inserter.insert("things", { input_format_skip_unknown_fields: 0 }, Buffer.from(lines)),
    rows: () => String(session.query("SELECT name, count FROM things ORDER BY name", "CSV")).trim().split("\n"),
  };
}

test("what a batch was is gone once the engine has it or has refused it, and only the owner could have read it", async () => {
  const engine = openIn(folder);
  const file = join(folder, "batch.jsonl");
  await engine.insert('{"name":"a","count":1}\n{"name":"b"}');
  const { size, mode } = await stat(file);
  expect([size, mode & 0o777]).toEqual([0, 0o600]);

  const refused = await engine.insert(`{"name":"c","count":"many"}`).catch((error: unknown) => error);
  expect(refused).toMatchObject({ type: expect.stringMatching(/^CANNOT_PARSE_/) });
  expect(String(refused)).not.toContain(folder);
  expect((await stat(file)).size).toBe(0);
  expect(engine.rows()).toEqual(['"a",1', '"b",7']);
});

test("concurrent batches do not mix, and a shorter batch contains nothing of a longer one before it", async () => {
  const engine = openIn(folder);
  const batches = Array.from({ length: 12 }, (_, batch) =>
    Array.from({ length: batch % 2 === 0 ? 200 : 1 }, (_, row) => JSON.stringify({ name: `${batch}-${row}` })),
  );
  await Promise.all(batches.map((lines) => engine.insert(lines.join("\n"))));
  expect(engine.rows()).toHaveLength(batches.flat().length);
});

test("what a process left that was killed is not there any more", async () => {
  const file = join(folder, "batch.jsonl");
  await writeFile(file, '{"name":"old"}');
  const engine = openIn(folder);
  await expect(stat(file)).rejects.toThrow("ENOENT");
  await engine.insert('{"name":"a"}');
  expect(engine.rows()).toEqual(['"a",7']);
});

test("a file that could not be opened is tried again with the next batch", async () => {
  const engine = openIn(folder);
  const inTheWay = join(folder, "batch.jsonl");
  await mkdir(inTheWay);
  await expect(engine.insert('{"name":"a"}')).rejects.toThrow("EISDIR");
  await rmdir(inTheWay);
  await engine.insert('{"name":"a"}');
  expect(engine.rows()).toEqual(['"a",7']);
});

test("a rejected batch does not block the next", async () => {
  const engine = openIn(folder);
  const [refused, taken] = await Promise.allSettled([engine.insert("{ no"), engine.insert('{"name":"a"}')]);
  expect([refused.status, taken.status]).toEqual(["rejected", "fulfilled"]);
  expect(engine.rows()).toEqual(['"a",7']);
});

test.each(["a{b,c}d", "all*", "it's", "zip::in"])("rows are stored in a folder named %s", async (name) => {
  const path = join(folder, name);
  await mkdir(path);
  const engine = openIn(path);
  await engine.insert('{"name":"a"}');
  expect(engine.rows()).toEqual(['"a",7']);
});
