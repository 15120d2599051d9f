import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { AppError, notFound } from "../../kernel/errors.ts";
import type { Objects } from "./port.ts";

const HASH = /^[0-9a-f]{64}$/;
const UNFINISHED = "unfinished";
/** The bytes per read of a range, which can be long. */
const PIECE_BYTES = 512 * 1024;

/** Objects as files named by the SHA-256 of their content, spread over 256 folders. What a crash left half-written is removed. */
export async function openFolderObjects(folder: string): Promise<Objects> {
  const unfinished = join(folder, UNFINISHED);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const pathOf = (sha256: string) => {
    // Only a hash reaches the file system, for every caller.
    if (!HASH.test(sha256)) throw notFound("object", sha256.slice(0, 100));
    return join(folder, sha256.slice(0, 2), sha256);
  };
  const parents = createParents(folder);
  return {
    engine: "folder",
    async put(content) {
      const path = join(unfinished, randomBytes(12).toString("hex"));
      try {
        const stored = await write(path, content instanceof Uint8Array ? [content] : content);
        const parent = await parents.make(stored.sha256.slice(0, 2));
        await rename(path, pathOf(stored.sha256));
        await syncFolder(parent);
        return stored;
      } catch (error) {
        parents.forget();
        await rm(path, { force: true });
        throw isFull(error) ? new AppError("insufficient_storage", { cause: error }) : error;
      }
    },
    async get(sha256, range) {
      const file = await openThere(pathOf(sha256), sha256);
      if (range === undefined) return file.createReadStream();
      const highWaterMark = Math.min(range.end - range.start, PIECE_BYTES);
      if (highWaterMark > 0) return file.createReadStream({ start: range.start, end: range.end - 1, highWaterMark });
      await file.close();
      return Readable.from([]);
    },
    async *lend(sha256, range) {
      const file = await openThere(pathOf(sha256), sha256);
      try {
        yield* readPieces(file, range);
      } finally {
        await file.close();
      }
    },
    async place(sha256, path) {
      const from = pathOf(sha256);
      if ((await sizeOf(from)) === null) throw notFound("object", sha256);
      const near = `${path}.${randomBytes(6).toString("hex")}`;
      // Another disk, or a file system without links, takes a copy.
      await link(from, near).catch(() => copyFile(from, near, constants.COPYFILE_FICLONE));
      await rename(near, path);
      // Where the same content is there already, a rename of one link over another leaves both.
      await rm(near, { force: true });
    },
    async has(sha256) {
      return HASH.test(sha256) && (await sizeOf(pathOf(sha256))) !== null;
    },
    async delete(sha256) {
      await rm(pathOf(sha256), { force: true });
    },
    async sizeBytes() {
      const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      let total = 0;
      for (const { parentPath, name } of files) total += (await sizeOf(join(parentPath, name))) ?? 0;
      return total;
    },
  };
}

/** The folders in between, each created and synced into its parent once per process, unless an error occurred. */
function createParents(folder: string) {
  const made = new Set<string>();
  return {
    async make(name: string): Promise<string> {
      const path = join(folder, name);
      if (made.has(name)) return path;
      await mkdir(path, { recursive: true, mode: 0o700 });
      await syncFolder(folder);
      made.add(name);
      return path;
    },
    forget: () => made.clear(),
  };
}

const openThere = (path: string, sha256: string): Promise<FileHandle> =>
  open(path).catch((error: unknown) => {
    throw isMissing(error) ? notFound("object", sha256) : error;
  });

/** Where pieces are read to, in turn. Each that is allotted counts for the engine as a reason to tidy up all memory. */
const lent: Buffer[] = [];

/** The next piece is read while the one before it is used. */
async function* readPieces(file: FileHandle, { start, end }: { start: number; end: number }) {
  const pair = [0, 1].map(() => lent.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES));
  const readAt = (place: number, at: number) => {
    const into = pair[place % 2] ?? Buffer.alloc(0);
    return file.read(into, 0, Math.min(PIECE_BYTES, end - at), at);
  };
  let next: ReturnType<typeof readAt> | null = start < end ? readAt(0, start) : null;
  try {
    for (let place = 1, at = start; next !== null; place++) {
      const { buffer, bytesRead } = await next;
      at += bytesRead;
      next = bytesRead > 0 && at < end ? readAt(place, at) : null;
      // A failure is met where it is waited for.
      next?.catch(() => {});
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await next?.catch(() => {});
    lent.push(...pair);
  }
}

async function write(path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of content) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      hash.update(bytes);
      sizeBytes += bytes.length;
      await writeAll(file, bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), sizeBytes };
}

async function writeAll(file: FileHandle, bytes: Buffer) {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

async function syncFolder(path: string) {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);
const isMissing = (error: unknown) => codeOf(error) === "ENOENT";
/** A full disk, a full quota, or a file at the largest size the system lets this process write. */
const isFull = (error: unknown) => ["ENOSPC", "EDQUOT", "EFBIG"].includes(String(codeOf(error)));

/** Bytes of a file, or null when it is not there; another may remove it at any time. */
const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    (error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    },
  );
