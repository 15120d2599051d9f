import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { syncFolder } from "./durable-files.ts";

/**
 * An empty cluster from the pinned PGlite, as a tar. `scripts/make-postgres-template.ts` creates it again for another
 * version.
 */
const TEMPLATE = new URL("./template.tar.zst", import.meta.url);
const BLOCK = 512;
const WRITERS = 16;

/** The tar of an empty database cluster; loading it takes a tenth of the time that making one takes. */
export async function readTemplate(): Promise<Buffer> {
  return promisify(zstdDecompress)(await readFile(TEMPLATE));
}

/**
 * Makes sure that the folder contains a database cluster. A new one is written next to it, synced and renamed, so an
 * interrupted start leaves nothing that looks like a database.
 */
export async function installTemplate(folder: string): Promise<void> {
  if (existsSync(join(folder, "PG_VERSION"))) return;
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700, recursive: true });
  const entries = [...entriesOf(await readTemplate())];
  const folders = [unfinished];
  for (const { name, content } of entries) {
    if (content !== null) continue;
    folders.push(join(unfinished, name));
    await mkdir(join(unfinished, name), { mode: 0o700, recursive: true });
  }
  const files = entries.values();
  // A file system syncs many files in one batch hardly slower than one.
  const writers = Array.from({ length: WRITERS }, async () => {
    for (const { name, content } of files) if (content !== null) await writeDurably(join(unfinished, name), content);
  });
  await Promise.all(writers);
  for (const path of folders) syncFolder(path);
  await rename(unfinished, folder);
  syncFolder(dirname(folder));
}

/** The files and folders (`content` null) of a tar, in its order. It is our own, so only what PGlite writes is understood. */
function* entriesOf(tar: Buffer): Generator<{ name: string; content: Buffer | null }> {
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const field = (start: number, length: number) =>
      tar.toString("latin1", at + start, at + start + length).replace(/\0.*$/s, "");
    const sizeBytes = Number.parseInt(field(124, 12), 8) || 0;
    const isFolder = field(156, 1) === "5";
    const content = tar.subarray(at + BLOCK, at + BLOCK + sizeBytes);
    yield { name: field(345, 155) + field(0, 100), content: isFolder ? null : content };
    at += BLOCK + Math.ceil(sizeBytes / BLOCK) * BLOCK;
  }
}

async function writeDurably(path: string, content: Buffer) {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
