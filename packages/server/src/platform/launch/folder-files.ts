import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { AppError } from "../../kernel/errors.ts";

/** A process's output, in its folder. */
export const LOG_FILE = "worker.log";
const TAIL_BYTES = 4 * 1024 * 1024;

const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
const isFull = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOSPC";

/** Writes a small file, whole or not at all. Throws `insufficient_storage` when the disk is full. */
export async function writeWhole(path: string, content: string): Promise<void> {
  try {
    await writeFile(`${path}.part`, content);
    await rename(`${path}.part`, path);
  } catch (error) {
    await rm(`${path}.part`, { force: true });
    throw isFull(error) ? new AppError("insufficient_storage", { cause: error }) : error;
  }
}

/** A file's text, or `fallback` if there is no such file. */
export async function readOr(path: string, fallback: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return fallback;
    throw error;
  }
}

/** The whole lines of a file behind a place in bytes, and the place behind the last of them. */
export async function readLines(path: string, cursor: number): Promise<{ lines: string[]; cursor: number }> {
  const file = await open(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (file === null) return { lines: [], cursor };
  try {
    const { size } = await file.stat();
    // A shorter file is a new file. It is read from its start, and the reader drops known lines.
    const from = size < cursor ? 0 : cursor;
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(TAIL_BYTES, size - from)),
      position: from,
    });
    const bytes = buffer.subarray(0, bytesRead);
    const isEndless = bytesRead === TAIL_BYTES && !bytes.includes(0x0a);
    const end = isEndless ? bytesRead : bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.toString("utf8", 0, end).split("\n");
    return { lines: lines.filter((line) => line.trim() !== ""), cursor: from + end };
  } finally {
    await file.close();
  }
}

/** The end of a file, and whether it is complete. Empty if there is no file. */
export async function readEndOf(path: string, bytes: number): Promise<{ text: string; isWhole: boolean }> {
  const size = await sizeOf(path);
  if (size === 0) return { text: "", isWhole: true };
  const file = await open(path);
  try {
    const length = Math.min(bytes, size);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position: size - length });
    return { text: buffer.toString("utf8", 0, bytesRead), isWhole: length === size };
  } finally {
    await file.close();
  }
}

/** The size of a file. 0 if there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
