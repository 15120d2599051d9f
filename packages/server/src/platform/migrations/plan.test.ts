import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { MigrationRefusedError, pendingMigrations, readMigrations } from "./plan.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-migrations-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const url = pathToFileURL(`${folder}/`);

const step = (name: string, checksum = name) => ({ name, sql: "", checksum });
const applied = (name: string, checksum = name) => ({ name, checksum, program: "9.9.9" });

test("the files of a folder are read in order, each with the checksum of its bytes", async () => {
  await writeFile(join(folder, "0002-b.sql"), "SELECT 2;");
  await writeFile(join(folder, "0001-a.sql"), "SELECT 1;");
  const migrations = await readMigrations(url);
  expect(migrations.map(({ name, sql }) => [name, sql])).toEqual([
    ["0001-a", "SELECT 1;"],
    ["0002-b", "SELECT 2;"],
  ]);
  expect(migrations[0]?.checksum).toBe("17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a");
});

test("two files with one number, or a badly named one, are refused", async () => {
  await writeFile(join(folder, "0002-c.sql"), "SELECT 3;");
  await expect(readMigrations(url)).rejects.toThrow(/unique number/);
});

test("only what is not applied is pending", () => {
  expect(pendingMigrations("x", [step("0001-a"), step("0002-b")], [applied("0001-a")])).toEqual([step("0002-b")]);
});

test("unknown, changed and out-of-order steps are refused", () => {
  const known = [step("0001-a"), step("0002-b")];
  const cases: [string, Parameters<typeof pendingMigrations>[2]][] = [
    ["Install version 9.9.9 or newer", [applied("0001-a"), applied("0002-b"), applied("0003-c")]],
    ["was changed after", [applied("0001-a", "other")]],
    ["later migrations but not 0001-a", [applied("0002-b")]],
  ];
  for (const [message, steps] of cases) {
    expect(() => pendingMigrations("x", known, steps)).toThrow(MigrationRefusedError);
    expect(() => pendingMigrations("x", known, steps)).toThrow(message);
  }
});
