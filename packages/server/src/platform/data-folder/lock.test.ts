import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DataFolderInUseError, DataFolderUnusableError, lockDataFolder } from "./lock.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-lock-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the folder is made, for its owner only, and given out by name", async () => {
  const data = await lockDataFolder(join(folder, "a", "data"));
  expect((await stat(data.path)).mode & 0o777).toBe(0o700);
  expect(data.resolve("x", "y")).toBe(join(folder, "a", "data", "x", "y"));
  const { freeBytes, totalBytes } = await data.diskSpace();
  expect(freeBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
  await data.release();
});

test("a folder that is held is refused, and free again once it is released", async () => {
  const path = join(folder, "held");
  const first = await lockDataFolder(path);
  await expect(lockDataFolder(path)).rejects.toThrow(DataFolderInUseError);
  await expect(lockDataFolder(path)).rejects.toThrow(`${path} is in use by process ${process.pid}, since 20`);
  await first.release();
  await (await lockDataFolder(path)).release();
  expect(await readdir(path)).toEqual(["lock"]);
});

test("of many that start at once exactly one gets the folder", async () => {
  const path = join(folder, "raced");
  const starts = await Promise.allSettled(Array.from({ length: 12 }, () => lockDataFolder(path)));
  const winners = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  expect(winners).toHaveLength(1);
  await winners[0]?.release();
});

test("a path that is a file, or lies under one, is refused with the reason", async () => {
  await writeFile(join(folder, "file"), "");
  for (const path of [join(folder, "file"), join(folder, "file", "below")]) {
    const failed = lockDataFolder(path).catch((error: unknown) => error);
    expect(await failed).toBeInstanceOf(DataFolderUnusableError);
    expect(String(await failed)).toMatch(/is a file.*TREADLE_DATA/);
  }
});

test.runIf(process.platform === "linux")(
  "a path at which a folder cannot be created is rejected immediately",
  async () => {
    for (const path of ["/proc/nope", "/proc/nope/below"]) {
      const failed = lockDataFolder(path).catch((error: unknown) => error);
      expect(await failed).toBeInstanceOf(DataFolderUnusableError);
      expect(String(await failed)).toMatch(/the folder cannot be created.*TREADLE_DATA/);
    }
  },
);

test("a note that cannot be read does not hide that the folder is held", async () => {
  const path = join(folder, "noted");
  const first = await lockDataFolder(path);
  await writeFile(join(path, "server.json"), "{");
  await expect(lockDataFolder(path)).rejects.toThrow("in use by another process");
  await first.release();
});
