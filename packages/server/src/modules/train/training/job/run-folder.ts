import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm, stat, statfs } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../../../kernel/errors.ts";
import type { CheckpointRow } from "../stores/event-store.ts";

export const EVENTS_FILE = "events.jsonl";
export const CONTROL_FILE = "control.json";
/** The number of threads for a process of the run. The last value applies. */
export const THREADS_FILE = "threads.json";
export const JOB_FILE = "job.json";

/** Below this nothing is begun: the first checkpoint would find a full disk. */
const LEAST_FREE = 512 * 1024 * 1024;

/** The folder of a run. Ids are made by us, and hold nothing but letters, digits and `_`. */
export const folderOf = (folder: string, runId: string): string => join(folder, runId);

/** The trainer's file with the speed of this machine for each kind of run. */
export const calibrationsOf = (folder: string): string => join(folder, "calibrations");

/** The place of one try of a run, as the launcher knows it. */
export const placeOf = (folder: string, { id, attempt }: { readonly id: string; readonly attempt: number }) => ({
  folder: folderOf(folder, id),
  name: `attempt-${attempt}`,
});

/** A reported path, below the run's folder. Null for a path outside it. */
export function pathBelow(folder: string, path: string): string | null {
  const below = relative(folder, resolve(folder, path));
  return below === "" || below === ".." || below.startsWith(`..${sep}`) || resolve(below) === below ? null : below;
}

/** The newest checkpoint whose files all exist and match the report. */
export async function findWholeCheckpoint(folder: string, rows: readonly CheckpointRow[]): Promise<string | null> {
  for (const { path, files } of rows) if (await isWhole(join(folder, path), files)) return join(folder, path);
  return null;
}

async function isWhole(folder: string, files: Readonly<Record<string, string>>): Promise<boolean> {
  const names = Object.keys(files);
  if (names.length === 0) return false;
  for (const name of names) {
    const below = pathBelow(folder, name);
    if (below === null || (await hashOfFile(join(folder, below))) !== files[name]) return false;
  }
  return true;
}

/** SHA-256 in hexadecimal. Null if there is no such file. */
async function hashOfFile(path: string): Promise<string | null> {
  const sha = createHash("sha256");
  try {
    await pipeline(createReadStream(path), sha);
    return sha.digest("hex");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Bytes of a folder and all below; 0 when it is gone. */
export async function sizeOfFolder(folder: string): Promise<number> {
  let sum = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isFile())
      sum += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      );
  return sum;
}

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Throws `insufficient_storage` with the available space. */
export async function requireSpace(folder: string, measure: (folder: string) => Promise<number> = freeBytes) {
  const free = await measure(folder);
  if (free >= LEAST_FREE) return;
  throw new AppError("insufficient_storage", {
    message: `Only ${Math.floor(free / 1e6)} MB are free in ${folder}, but a run needs at least ${Math.ceil(LEAST_FREE / 1e6)} MB to start. Free some disk space, or delete old runs.`,
  });
}

/** Removes all checkpoints of a run but some, by their step. */
export async function dropCheckpoints(folder: string, rows: readonly CheckpointRow[], keep: ReadonlySet<number>) {
  for (const { step, path } of rows)
    if (!keep.has(step)) await rm(join(folder, path), { recursive: true, force: true });
}
