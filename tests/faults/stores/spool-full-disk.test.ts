import { execFileSync } from "node:child_process";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../packages/server/src/kernel/clock.ts";
import { openTestColumnar } from "../../../packages/server/src/platform/columnar/testing/open-test-columnar.ts";
import { openSpool } from "../../../packages/server/src/platform/spool/open.ts";
import type { DiskSpace } from "../../../packages/server/src/platform/spool/port.ts";
import { countStored, findFaults, newLedger, withFolder } from "./spool-harness.ts";
import { makeRow } from "./spool-rows.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const SIZE_BYTES = 24 * 1024 * 1024;

type Disk = { readonly folder: string; readonly diskSpace?: DiskSpace };

/** Uses a separate small disk. Mounting it needs rights that few user accounts have. Without them, a folder's size is limited instead. */
async function withSmallDisk(work: (disk: Disk) => Promise<void>) {
  await withFolder(async (parent) => {
    const folder = join(parent, "disk");
    await mkdir(folder);
    if (!mount(folder)) {
      await work({
        folder,
        diskSpace: async () => ({ freeBytes: SIZE_BYTES - (await sizeOf(folder)), totalBytes: SIZE_BYTES }),
      });
      return;
    }
    try {
      await work({ folder });
    } finally {
      execFileSync("/bin/umount", ["-l", folder]);
    }
  });
}

function mount(folder: string): boolean {
  try {
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", `size=${SIZE_BYTES}`, "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

let columnar: Awaited<ReturnType<typeof openTestColumnar>>;
beforeAll(async () => {
  columnar = await openTestColumnar();
});
afterAll(() => columnar.close());

const plenty = async () => ({ freeBytes: 1e12, totalBytes: 1e12 });

test.each([
  ["that it sees coming", undefined],
  ["in the middle of a write", plenty],
] as const)(
  "a full disk %s: refused, degraded, nothing lost, and well again without a restart",
  async (title, diskSpace) => {
    await withSmallDisk(async (disk) => {
      const space = disk.diskSpace ?? diskSpace;
      const ledger = newLedger();
      let isAway = true;
      const spool = await openSpool({
        folder: join(disk.folder, "spool"),
        capBytes: 1e9,
        log: silent,
        clock: systemClock,
        ...(space ? { diskSpace: space } : {}),
        limits: { segmentBytes: 2_000_000 },
        async deliver(table, lines, token) {
          if (isAway) throw new Error("connection refused");
          await columnar.insertLines(table, lines, { token });
        },
      });
      await writeFile(join(disk.folder, "something-else"), Buffer.alloc(8 * 1024 * 1024));
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
      // The disk is still full: repeated requests change and break nothing.
      for (let tries = 0; tries < 20; tries++) await append().catch(() => {});

      await rm(join(disk.folder, "something-else"));
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
      expect(spool.status().state === "ok" || spool.status().message.includes("has accepted no rows")).toBe(true);

      // The disk is full again, and this time the store frees the space: delivery must continue although nothing can be written.
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
