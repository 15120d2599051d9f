import { randomBytes } from "node:crypto";
import { access, constants, mkdir, readFile, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { messageOf } from "../../kernel/message-of.ts";

/** The data folder, held by this process alone until it is released. */
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
/**
 * The holder of the lock, for the error of a second server, and for people. The lock itself belongs to the operating
 * system.
 */
const HOLDER = "server.json";
const Holder = z.object({ pid: z.number(), host: z.string(), startedAt: z.string() });

const SQLITE_BUSY = 5;

/**
 * Locks the data folder for this process, and creates it (readable only by its owner) if it does not exist.
 * The lock is an operating system lock on an open file, so it ends with its process in every case. There is no stale
 * lock to recognize, and it works between containers that share the folder. Node offers none, so SQLite takes it.
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

/** Node's recursive `mkdir` retries forever if a file system contradicts itself about a folder, as /proc does. */
async function makeWithParents(folder: string) {
  const code = await makeOne(folder);
  if (code !== "ENOENT" || dirname(folder) === folder) return;
  await makeWithParents(dirname(folder));
  if ((await makeOne(folder)) === null) return;
  throw Object.assign(new Error("the folder cannot be created"), { code: "ENOENT" });
}

/** Makes a folder if it is not there. "ENOENT" when it cannot be made yet, since what it lies in may be missing. */
async function makeOne(folder: string): Promise<"ENOENT" | null> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return null;
  } catch (error) {
    const stats = await stat(folder).catch(() => null);
    if (stats?.isDirectory()) return null;
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
    `The data folder ${folder} is in use by ${who}. Stop that server, or set TREADLE_DATA to another folder for this one.`,
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
  EACCES: "this user has no write permission for it",
  EPERM: "this user has no write permission for it",
  EROFS: "it is on a read-only file system",
  ENOTDIR: "a part of its path is a file, not a folder",
  EEXIST: "it is a file, not a folder",
  ENOENT: "the folder cannot be created",
  ENOSPC: "the disk is full",
};

function unusable(folder: string, cause: unknown) {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = REASONS[code] ?? messageOf(cause);
  return new DataFolderUnusableError(
    `The data folder ${folder} cannot be used: ${reason}. Fix this, or set TREADLE_DATA to a folder that this user can write to.`,
    { cause },
  );
}
