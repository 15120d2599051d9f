import { cp, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgres } from "../open.ts";

const root = await mkdtemp(join(tmpdir(), "treadle-control-"));
const whole = join(root, "whole");
beforeAll(async () => (await openPostgres({ folder: whole })).close());
afterAll(() => rm(root, { recursive: true, force: true }));

test.each<[string, string, (folder: string) => Promise<void>]>([
  ["a control file that was cut off", "control file", (folder) => truncate(join(folder, "global/pg_control"), 100)],
  ["an empty control file", "control file", (folder) => truncate(join(folder, "global/pg_control"), 0)],
  ["a missing control file", "control file", (folder) => rm(join(folder, "global/pg_control"))],
  [
    "a control file of other bytes",
    "control file",
    (folder) => writeFile(join(folder, "global/pg_control"), Buffer.alloc(8_192, 7)),
  ],
  ["a missing log", "write-ahead log", (folder) => rm(join(folder, "pg_wal"), { recursive: true })],
])("%s is named, with what to do next", async (name, part, damage) => {
  const folder = join(root, name);
  await cp(whole, folder, { recursive: true });
  await damage(folder);
  const message = await openPostgres({ folder }).then(() => "opened", String);
  expect(message).toContain(`The embedded database in ${folder} cannot be opened: its ${part}`);
  expect(message).toMatch(/restore the data folder from the last backup.*\nPostgreSQL said: (PANIC|FATAL): /);
  expect(message).not.toMatch(/Aborted\(\)|ASSERTIONS/);
});
