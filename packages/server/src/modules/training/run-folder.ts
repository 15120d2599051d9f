import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm, stat, statfs } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../kernel/errors.ts";
import type { CheckpointRow } from "./event-store.ts";

export const EVENTS_FILE = "events.jsonl";
export const CONTROL_FILE = "control.json";
/** How many threads a process of the run goes on with; what is told last holds. */
export const THREADS_FILE = "threads.json";
export const JOB_FILE = "job.json";

/** Below this nothing is begun: the first checkpoint would find a full disk. */
const LEAST_FREE = 512 * 1024 * 1024;

/** The folder of a run. Ids are made by us, and hold nothing but letters, digits and `_`. */
export const folderOf = (folder: string, runId: string): string => join(folder, runId);

/** Where the trainer keeps how fast this machine was at runs of each kind. */
export const calibrationsOf = (folder: string): string => join(folder, "calibrations");

/** The place of one try of a run, as the launcher knows it. */
export const placeOf = (folder: string, { id, attempt }: { readonly id: string; readonly attempt: number }) => ({
  folder: folderOf(folder, id),
  name: `attempt-${attempt}`,
});

/** A path that the trainer told, below the folder of its run; null for one that leads out of it. */
export function pathBelow(folder: string, path: string): string | null {
  const below = relative(folder, resolve(folder, path));
  return below === "" || below === ".." || below.startsWith(`..${sep}`) || resolve(below) === below ? null : below;
}

/** The newest checkpoint whose files are all there and are what was told of them. */
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

/** SHA-256 in hexadecimal; null when there is no such file. */
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

/** Throws `insufficient_storage` that says how much is there. */
export async function requireSpace(folder: string, measure: (folder: string) => Promise<number> = freeBytes) {
  const free = await measure(folder);
  if (free >= LEAST_FREE) return;
  throw new AppError("insufficient_storage", {
    message: `Only ${Math.floor(free / 1e6)} MB are free in ${folder}, and a run begins with ${Math.ceil(LEAST_FREE / 1e6)} MB at least. Free some, or delete runs that are not needed.`,
  });
}

/** Removes all checkpoints of a run but some, by their step. */
export async function dropCheckpoints(folder: string, rows: readonly CheckpointRow[], keep: ReadonlySet<number>) {
  for (const { step, path } of rows)
    if (!keep.has(step)) await rm(join(folder, path), { recursive: true, force: true });
}
