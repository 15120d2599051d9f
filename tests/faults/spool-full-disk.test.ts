import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { openTestColumnar } from "../../packages/server/src/platform/columnar/testing/open-test-columnar.ts";
import { openSpool } from "../../packages/server/src/platform/spool/open.ts";
import { countStored, findFaults, newLedger, withFolder } from "./spool-harness.ts";
import { makeRow } from "./spool-rows.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const SIZE_MIB = 24;

/** Mounting needs rights that a person's own account rarely has; then there is nothing to fill up safely. */
function canMount() {
  try {
    const folder = execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder]);
    execFileSync("rmdir", [folder]);
    return true;
  } catch {
    return false;
  }
}

async function withSmallDisk(work: (disk: string) => Promise<void>) {
  await withFolder(async (folder) => {
    const disk = join(folder, "disk");
    await mkdir(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MIB}m`, "tmpfs", disk]);
    try {
      await work(disk);
    } finally {
      execFileSync("umount", ["-l", disk]);
    }
  });
}

let columnar: Awaited<ReturnType<typeof openTestColumnar>>;
beforeAll(async () => {
  columnar = await openTestColumnar();
});
afterAll(() => columnar.close());

const plenty = async () => ({ freeBytes: 1e12, totalBytes: 1e12 });

test.runIf(canMount()).each([
  ["that it sees coming", undefined],
  ["in the middle of a write", plenty],
] as const)(
  "a full disk %s: refused, degraded, nothing lost, and well again without a restart",
  async (title, diskSpace) => {
    await withSmallDisk(async (disk) => {
      const ledger = newLedger();
      let isAway = true;
      const spool = await openSpool({
        folder: join(disk, "spool"),
        capBytes: 1e9,
        log: silent,
        clock: systemClock,
        ...(diskSpace ? { diskSpace } : {}),
        limits: { segmentBytes: 2_000_000 },
        async deliver(table, lines, token) {
          if (isAway) throw new Error("connection refused");
          await columnar.insertLines(table, lines, { token });
        },
      });
      await writeFile(join(disk, "something-else"), Buffer.alloc(8 * 1024 * 1024));
      let count = 0;
      const append = async () => {
        const ids = Array.from({ length: 97 }, (_, index) => `full-${title.length}-${count++}-${index}`);
        for (const id of ids) ledger.sent.add(id);
        await spool.append("spans", ids.map(makeRow));
        for (const id of ids) ledger.acknowledged.add(id);
      };
      const fill = async () => {
        for (;;) await append();
      };
      await expect(fill()).rejects.toMatchObject({
        code: "insufficient_storage",
        retryAfterSeconds: expect.any(Number),
      });
      expect(spool.status()).toMatchObject({ state: "degraded", message: expect.stringContaining("disk is full") });
      spool.push("spans", makeRow("full-dropped"));
      expect(spool.status().droppedRows).toBe(1);
      // Still full: asking again changes nothing, and breaks nothing.
      for (let tries = 0; tries < 20; tries++) await append().catch(() => {});

      await rm(join(disk, "something-else"));
      await expect
        .poll(
          () =>
            append().then(
              () => "kept",
              () => "refused",
            ),
          { timeout: 10_000 },
        )
        .toBe("kept");
      expect(spool.status().state === "ok" || spool.status().message.includes("has taken no rows")).toBe(true);

      // Full again, and this time the store makes the space: delivery must go on although nothing can be written.
      await expect(fill()).rejects.toMatchObject({ code: "insufficient_storage" });
      isAway = false;
      await spool.flush();
      await expect
        .poll(
          () =>
            append().then(
              () => "kept",
              () => "refused",
            ),
          { timeout: 10_000 },
        )
        .toBe("kept");
      await spool.flush();
      const stored = new Map(
        [...(await countStored(columnar))].filter(([id]) => id.startsWith(`full-${title.length}-`)),
      );
      expect(findFaults(ledger, stored)).toEqual({ lost: [], doubled: [], invented: [] });
      expect(spool.status()).toMatchObject({ state: "ok", pendingRows: 0 });
      await spool.close();
    });
  },
);
