import type { Readable } from "node:stream";

/** A file of an archive: its bytes, or where they come from. */
export type TarEntry = {
  readonly path: string;
  readonly sizeBytes: number;
  readonly read: () => Promise<Readable> | Uint8Array;
};

const BLOCK = 512;

/** Bytes of the whole archive, known before anything is read. */
export const tarBytes = (entries: readonly TarEntry[]): number =>
  entries.reduce((sum, entry) => sum + headers(entry).length + padded(entry.sizeBytes), 0) + 2 * BLOCK;

/**
 * A POSIX tar archive (ustar, with pax headers for long names and large files). No times and no owners: the same files are the same
 * bytes.
 */
export async function* writeTar(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    yield headers(entry);
    const content = await entry.read();
    if (content instanceof Uint8Array) yield content;
    else for await (const chunk of content) yield chunk;
    const gap = padded(entry.sizeBytes) - entry.sizeBytes;
    if (gap > 0) yield Buffer.alloc(gap);
  }
  yield Buffer.alloc(2 * BLOCK);
}

const padded = (bytes: number) => Math.ceil(bytes / BLOCK) * BLOCK;
/** The largest number that eleven octal digits hold. */
const MAX_OCTAL = 8 ** 11 - 1;

function headers({ path, sizeBytes }: TarEntry): Buffer {
  const isPlain = Buffer.byteLength(path) <= 100 && sizeBytes <= MAX_OCTAL;
  if (isPlain) return header({ path, sizeBytes, type: "0" });
  const record = Buffer.concat([pax("path", path), pax("size", String(sizeBytes))]);
  return Buffer.concat([
    header({ path: "pax", sizeBytes: record.length, type: "x" }),
    record,
    Buffer.alloc(padded(record.length) - record.length),
    header({ path: "long", sizeBytes: Math.min(sizeBytes, MAX_OCTAL), type: "0" }),
  ]);
}

/** A line of a pax header begins with its own length. */
function pax(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes + 1;
  while (String(length).length + restBytes !== length) length = String(length).length + restBytes;
  return Buffer.from(`${length}${rest}`);
}

type Head = { readonly path: string; readonly sizeBytes: number; readonly type: string };

function header({ path, sizeBytes, type }: Head): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100, "utf8");
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "ascii");
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(sizeBytes, 124, 12);
  octal(0, 136, 12);
  block.write("        ", 148, "ascii");
  block.write(type, 156, "ascii");
  block.write("ustar\x0000", 257, "ascii");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return block;
}
