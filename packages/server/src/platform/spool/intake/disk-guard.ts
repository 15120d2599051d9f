import { statfs } from "node:fs/promises";
import type { Log } from "../../../kernel/log.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import { type DiskSpace, isDiskFull } from "../port.ts";

const CHECK_MS = 1_000;
const MIB = 1024 * 1024;

export const folderSpace =
  (folder: string): DiskSpace =>
  async () => {
    const { bsize, bavail, blocks } = await statfs(folder);
    return { freeBytes: bsize * bavail, totalBytes: bsize * blocks };
  };

/** Knows whether writes can succeed: checks the free space once per second, and the results of writes. */
export function createDiskGuard(diskSpace: DiskSpace, log: Log) {
  let problem: string | null = null;
  let isChecking = false;

  function note(next: string | null): void {
    if (next !== null && problem === null)
      log.error({ problem: next }, "the spool cannot write; new rows are rejected until it can");
    if (next === null && problem !== null) log.info({}, "the spool can write again");
    problem = next;
  }

  async function check(): Promise<void> {
    if (isChecking) return;
    isChecking = true;
    try {
      const { freeBytes, totalBytes } = await diskSpace();
      note(
        isDiskFull({ freeBytes, totalBytes })
          ? `The disk is full: ${Math.floor(freeBytes / MIB)} MiB of ${Math.floor(totalBytes / MIB)} MiB are free.`
          : null,
      );
    } catch {
      // An unknown disk space is no reason to reject rows: the writes show whether they succeed.
      note(null);
    } finally {
      isChecking = false;
    }
  }

  const timer = setInterval(() => void check(), CHECK_MS);
  timer.unref();
  return {
    /** Why nothing can be written at present, or null. */
    problem: () => problem,
    check,
    /** A write has failed: gives the problem in words. The next look at the disk, within a second, may lift it again. */
    failed(error: unknown): string {
      const next = isAboutSpace(error) ? "The disk is full." : `The spool cannot be written: ${messageOf(error)}.`;
      note(next);
      return next;
    },
    close: () => clearInterval(timer),
  };
}
export type DiskGuard = ReturnType<typeof createDiskGuard>;

const isAboutSpace = (error: unknown) =>
  error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
