import { crc32, inflateRawSync } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { ZipLimits } from "../port.ts";

/** The content of the wanted entries, by path. */
export type ZipContent = ReadonlyMap<string, Buffer>;
export type ZipOptions = {
  readonly limits: ZipLimits;
  /** Which entries are unpacked. The limits count all. */
  readonly wants: (path: string) => boolean;
};

/** Small entries of repeated text compress better than any limit, and harm nothing. */
const UNCHECKED_BYTES = 1024 * 1024;
const [STORED, DEFLATED] = [0, 8];
const UNIX_TYPE = 0o170000;
const UNIX_LINK = 0o120000;

/**
 * Unpacks an archive in memory. Throws `payload_too_large` with the figures if it exceeds a limit, and `unprocessable`
 * if it is damaged, encrypted, or has links, absolute paths, paths with "..", or two entries of one name. Archives in
 * it are not unpacked.
 */
export async function readZip(bytes: Uint8Array, { limits, wants }: ZipOptions): Promise<ZipContent> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const file = await fromBufferPromise(buffer);
    const entries = await listEntries(file, { limits, fileBytes: bytes.byteLength });
    const content = new Map<string, Buffer>();
    for (const entry of entries)
      if (wants(entry.fileName)) content.set(entry.fileName, await unpack(buffer, file, entry));
    return content;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw damaged(`The archive of the document cannot be read: ${messageOf(cause)}. Send the file again.`, cause);
  }
}

async function listEntries(file: ZipFile, { limits, fileBytes }: { limits: ZipLimits; fileBytes: number }) {
  if (file.entryCount > limits.entries)
    throw tooLarge(`The archive has ${file.entryCount} entries; at most ${limits.entries} are allowed.`);
  const entries = new Map<string, Entry>();
  let total = 0;
  for await (const entry of file.eachEntry()) {
    checkEntry(entry, limits);
    if (entries.has(entry.fileName)) throw damaged(`The archive has two entries with the name "${entry.fileName}".`);
    entries.set(entry.fileName, entry);
    total += entry.uncompressedSize;
    if (total > limits.totalBytes)
      throw tooLarge(`The archive unpacks to more than ${Math.round(limits.totalBytes / UNCHECKED_BYTES)} MB.`);
  }
  if (total > UNCHECKED_BYTES && total > fileBytes * limits.ratio)
    throw tooLarge(
      `The archive of ${fileBytes} bytes unpacks to ${total} bytes; at most ${limits.ratio} times its size is allowed.`,
    );
  return entries.values();
}

function checkEntry(entry: Entry, { ratio }: ZipLimits): void {
  const { fileName, compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw damaged("The document is protected by a password. Save it without one.");
  if (((entry.externalFileAttributes >>> 16) & UNIX_TYPE) === UNIX_LINK)
    throw damaged(`The archive has a link, "${fileName}". Links are not allowed.`);
  if (uncompressedSize > UNCHECKED_BYTES && uncompressedSize > compressedSize * ratio)
    throw tooLarge(
      `"${fileName}" of the archive unpacks from ${compressedSize} to ${uncompressedSize} bytes; at most ${ratio} times its size is allowed.`,
    );
}

async function unpack(buffer: Buffer, file: ZipFile, entry: Entry): Promise<Buffer> {
  const { fileName, compressedSize, compressionMethod, uncompressedSize } = entry;
  const { fileDataStart } = await file.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = buffer.subarray(fileDataStart, fileDataStart + compressedSize);
  if (packed.length < compressedSize) throw damaged(`"${fileName}" of the archive is incomplete. Send the file again.`);
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw damaged(`"${fileName}" of the archive is compressed with method ${compressionMethod}, which is unknown.`);
  const content =
    compressionMethod === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, uncompressedSize) });
  if (content.length !== uncompressedSize || crc32(content) !== entry.crc32)
    throw damaged(`"${fileName}" of the archive is damaged. Send the file again.`);
  return content;
}

const tooLarge = (reason: string) =>
  new AppError("payload_too_large", { message: `The document is rejected as a possible zip bomb. ${reason}` });
const damaged = (message: string, cause?: unknown) => new AppError("unprocessable", { message, cause });
