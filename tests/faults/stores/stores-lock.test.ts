import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lockDataFolder } from "../../../packages/server/src/platform/data-folder/lock.ts";
import { start } from "./stores-run.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-faults-lock-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a second server on the same data folder is refused, and told which process has it", async () => {
  const path = join(folder, "shared");
  const first = start("hold", path);
  await first.tells("locked");
  await expect(lockDataFolder(path)).rejects.toThrow(
    `The data folder ${path} is in use by process ${first.pid}, since`,
  );
  const second = start("hold", path);
  expect(await second.tells("failed")).toMatchObject({ name: "DataFolderInUseError" });
  await second.ended;
  await first.kill();
});

test("a server that was killed leaves nothing in the way of the next one", async () => {
  const path = join(folder, "killed");
  for (let round = 0; round < 3; round++) {
    const child = start("hold", path);
    await child.tells("locked");
    await child.kill();
  }
  const data = await lockDataFolder(path);
  await data.release();
});

test("a folder that this user may not write to is refused with the reason and the way out", async () => {
  const path = join(folder, "read-only");
  await mkdir(path);
  await chmod(folder, 0o755);
  await chmod(path, 0o555);
  // Root can write anywhere, so the child runs as another user.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = start("hold", path, nobody);
  expect(await child.tells("failed")).toMatchObject({
    name: "DataFolderUnusableError",
    message: `The data folder ${path} cannot be used: this user has no write permission for it. Fix this, or set TREADLE_DATA to a folder that this user can write to.`,
  });
  await child.ended;
});
