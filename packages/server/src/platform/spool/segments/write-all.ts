import { type FileHandle, open } from "node:fs/promises";

/** Writes every byte of every buffer. After a short write, as on a nearly full disk, it continues until it fails. */
export async function writeAll(file: FileHandle, buffers: readonly Uint8Array[], start: number): Promise<number> {
  let rest = [...buffers];
  let position = start;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, position);
    position += bytesWritten;
    rest = skip(rest, bytesWritten);
  }
  return position;
}

function skip(buffers: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  const rest: Uint8Array[] = [];
  for (const buffer of buffers) {
    if (left < buffer.length) rest.push(left === 0 ? buffer : buffer.subarray(left));
    left = Math.max(0, left - buffer.length);
  }
  return rest;
}

/** Makes a created, renamed or removed name survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
