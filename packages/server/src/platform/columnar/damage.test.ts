import { mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { storeFault } from "./damage.ts";
import { openColumnar } from "./open.ts";
import type { Columnar } from "./port.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-damage-"));
let columnar: Columnar;
beforeAll(async () => {
  columnar = await openColumnar({ folder });
  await columnar.command(
    "CREATE TABLE notes (id UInt64, words String) ENGINE = MergeTree ORDER BY id SETTINGS min_bytes_for_wide_part = 0",
  );
  await columnar.command("SYSTEM STOP MERGES notes");
  for (const from of [0, 1_000])
    await columnar.insert(
      "notes",
      Array.from({ length: 1_000 }, (_, index) => ({ id: from + index, words: `${Math.random()}` })),
    );
});
afterAll(async () => {
  await columnar.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = () =>
  columnar.select({ sql: "SELECT max(words) AS max FROM notes", params: {}, row: z.object({ max: z.string() }) });
const parts = () =>
  columnar.select({
    sql: "SELECT name, path FROM system.parts WHERE active AND table = 'notes' ORDER BY name",
    params: {},
    row: z.object({ name: z.string(), path: z.string() }),
  });

/** Writes over the middle of each column. */
async function damage(path: string) {
  for (const name of (await readdir(path)).filter((file) => file.endsWith(".bin"))) {
    const { size } = await stat(join(path, name));
    const file = await open(join(path, name), "r+");
    await file.write(Buffer.alloc(32, 7), 0, 32, Math.floor(size / 2));
    await file.close();
  }
}

test("a query that reads a damaged part names the part, and the store lists it until it is removed", async () => {
  await ask();
  expect(await columnar.damagedParts()).toEqual([]);
  const [first] = await parts();
  await damage(first?.path ?? "");
  await columnar.command("SYSTEM DROP MARK CACHE");
  await expect(ask()).rejects.toMatchObject({
    code: "damaged_data",
    message: expect.stringMatching(new RegExp(`The part "${first?.name}" of the trace store is damaged.*backup`)),
  });
  const listed = { table: "notes", part: first?.name, isSetAside: false };
  await expect.poll(() => columnar.damagedParts(), { timeout: 20_000 }).toEqual([listed]);
  await columnar.command(`ALTER TABLE notes DROP PART '${first?.name}'`);
  expect(await columnar.damagedParts()).toEqual([]);
  await ask();
});

test("a statement whose own text looks like a damaged part does not make the store damaged", async () => {
  const [whole] = await parts();
  const lie = `(while reading from part /x/${whole?.name}/ in table default.notes`;
  const asked = columnar.select({
    sql: "SELECT CAST({lie:String} AS Array(String)) AS x",
    params: { lie },
    row: z.object({}),
  });
  await expect(asked).rejects.toThrow();
  expect(await columnar.damagedParts()).toEqual([]);
});

test("a disk without space is named as what it is", () => {
  const error = Object.assign(new Error("Cannot write to file: , errno: 28, strerror: No space left on device"), {
    type: "CANNOT_WRITE_TO_FILE_DESCRIPTOR",
  });
  expect(storeFault(error)).toMatchObject({
    code: "insufficient_storage",
    message: expect.stringContaining("disk is full"),
  });
  expect(storeFault(Object.assign(new Error("Unknown identifier"), { type: "UNKNOWN_IDENTIFIER" }))).toBeNull();
});
