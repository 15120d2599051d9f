import { randomBytes } from "node:crypto";
import { access, constants, mkdir, readFile, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/** The one folder that everything is kept in, held by this process alone until it is released. */
export type DataFolder = {
  /** Absolute. */
  readonly path: string;
  resolve(...names: string[]): string;
  diskSpace(): Promise<{ freeBytes: number; totalBytes: number }>;
  release(): Promise<void>;
};

/** Another server has the folder. */
export class DataFolderInUseError extends Error {
  override readonly name = "DataFolderInUseError";
}

/** The folder cannot be made or written to. */
export class DataFolderUnusableError extends Error {
  override readonly name = "DataFolderUnusableError";
}

const LOCK = "lock";
/** Who holds the lock: for the sentence that a second server gets, and for people. The lock itself is the system's. */
const HOLDER = "server.json";
const Holder = z.object({ pid: z.number(), host: z.string(), startedAt: z.string() });

const SQLITE_BUSY = 5;

/**
 * Takes the data folder for this process, making it (readable by its owner only) when it does not exist.
 *
 * The lock is one of the operating system's on an open file, so it ends with its process however that ends: there is no
 * stale lock to recognise, and it holds between containers that share the folder. Node offers none; SQLite takes one.
 */
export async function lockDataFolder(path: string): Promise<DataFolder> {
  const folder = resolve(path);
  await makeFolder(folder);
  const lock = await takeLock(folder);
  try {
    await writeHolder(folder);
  } catch (error) {
    lock.close();
    throw unusable(folder, error);
  }
  return {
    path: folder,
    resolve: (...names) => join(folder, ...names),
    async diskSpace() {
      const { bavail, blocks, bsize } = await statfs(folder);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    async release() {
      await rm(join(folder, HOLDER), { force: true });
      lock.close();
    },
  };
}

async function makeFolder(folder: string) {
  try {
    await makeWithParents(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Node's own recursive `mkdir` tries for ever where a file system says of a folder in a folder that is there that it is not, as /proc does. */
async function makeWithParents(folder: string) {
  const code = await makeOne(folder);
  if (code !== "ENOENT" || dirname(folder) === folder) return;
  await makeWithParents(dirname(folder));
  if ((await makeOne(folder)) === null) return;
  throw Object.assign(new Error("no folder can be made there"), { code: "ENOENT" });
}

/** Makes a folder if it is not there. "ENOENT" when it cannot be made yet, since what it lies in may be missing. */
async function makeOne(folder: string): Promise<"ENOENT" | null> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return null;
  } catch (error) {
    const found = await stat(folder).catch(() => null);
    if (found?.isDirectory()) return null;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "ENOENT";
    throw error;
  }
}

async function takeLock(folder: string): Promise<DatabaseSync> {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(folder, LOCK), { timeout: 0 });
    // Without a journal file there is nothing but the lock; it is never committed and so never written to.
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    const isHeld = error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
    throw isHeld ? await inUse(folder) : unusable(folder, error);
  }
}

async function inUse(folder: string) {
  const holder = await readHolder(folder);
  const who = holder
    ? `process ${holder.pid}${holder.host === hostname() ? "" : ` on ${holder.host}`}, since ${holder.startedAt}`
    : "another process";
  return new DataFolderInUseError(
    `The data folder ${folder} is in use by ${who}. Stop that server, or give this one a folder of its own with TREADLE_DATA.`,
  );
}

async function readHolder(folder: string) {
  try {
    return Holder.parse(JSON.parse(await readFile(join(folder, HOLDER), "utf8")));
  } catch {
    // It is being written, or is unreadable to this user: the lock counts, not the note.
    return null;
  }
}

async function writeHolder(folder: string) {
  const unfinished = join(folder, `${HOLDER}.${randomBytes(6).toString("hex")}`);
  const holder = { pid: process.pid, host: hostname(), startedAt: new Date().toISOString() };
  await writeFile(unfinished, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  await rename(unfinished, join(folder, HOLDER));
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "it is on a read-only file system",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "it is a file",
  ENOENT: "no folder can be made there",
  ENOSPC: "the disk is full",
};

function unusable(folder: string, cause: unknown) {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new DataFolderUnusableError(
    `The data folder ${folder} cannot be used: ${reason}. Mend that, or set TREADLE_DATA to a folder that this user can write to.`,
    { cause },
  );
}
