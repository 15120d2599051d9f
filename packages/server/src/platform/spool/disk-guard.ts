import { statfs } from "node:fs/promises";
import type { Log } from "../../kernel/log.ts";

export type DiskSpace = () => Promise<{ freeBytes: number; totalBytes: number }>;

const CHECK_MS = 1_000;
const MIB = 1024 * 1024;

/** What must stay free for the other stores on the disk: 5 % of it, from 1 to 128 MiB. */
const reserveBytes = (totalBytes: number) => Math.min(128 * MIB, Math.max(MIB, totalBytes * 0.05));

export const folderSpace =
  (folder: string): DiskSpace =>
  async () => {
    const { bsize, bavail, blocks } = await statfs(folder);
    return { freeBytes: bsize * bavail, totalBytes: bsize * blocks };
  };

/** Knows whether anything can be written: looks at the free space once a second, and listens to what writes say. */
export function createDiskGuard(diskSpace: DiskSpace, log: Log) {
  let problem: string | null = null;
  let isChecking = false;

  function note(next: string | null): void {
    if (next !== null && problem === null)
      log.error({ problem: next }, "the spool cannot write; new rows are refused until it can");
    if (next === null && problem !== null) log.info({}, "the spool can write again");
    problem = next;
  }

  async function check(): Promise<void> {
    if (isChecking) return;
    isChecking = true;
    try {
      const { freeBytes, totalBytes } = await diskSpace();
      const isFull = freeBytes < reserveBytes(totalBytes);
      note(
        isFull
          ? `The disk is full: ${Math.floor(freeBytes / MIB)} MiB are free of ${Math.floor(totalBytes / MIB)}.`
          : null,
      );
    } catch {
      // Not knowing is no reason to refuse rows: the writes will say whether they can be kept.
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
      const next = isDiskFull(error)
        ? "The disk is full."
        : `The spool cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
      note(next);
      return next;
    },
    close: () => clearInterval(timer),
  };
}
export type DiskGuard = ReturnType<typeof createDiskGuard>;

const isDiskFull = (error: unknown) =>
  error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
