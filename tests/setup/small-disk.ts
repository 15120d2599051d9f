import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk in memory that a test can fill. */
export type SmallDisk = {
  readonly path: string;
  /** False where the account cannot mount a disk. */
  readonly isMounted: boolean;
  /** Writes until the disk is full. */
  fill(): void;
  /** Frees the space that `fill` used. */
  free(): void;
  remove(): void;
};

export function mountSmallDisk(sizeMb: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "treadle-disk-"));
  const filler = join(path, "filler");
  const isMounted = mount(path, sizeMb);
  return {
    path,
    isMounted,
    fill: () => writeUntilFull(filler),
    free: () => rmSync(filler, { force: true }),
    remove() {
      if (isMounted) execFileSync("/bin/umount", ["-l", path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function mount(path: string, sizeMb: number): boolean {
  try {
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", `size=${sizeMb}m`, "tmpfs", path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function writeUntilFull(filler: string) {
  const file = openSync(filler, "a");
  try {
    for (const blockBytes of [64 * 1024, 4 * 1024, 1]) writeAll(file, randomBytes(blockBytes));
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, block: Buffer) {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}
