import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { syncFolder, writeAll } from "./write-all.ts";

/** The position of delivery: everything before `offset` of `segment`, and all lower segments, is delivered. */
export type Position = {
  readonly segment: number;
  readonly offset: number;
  /** The end of the batch that was on its way; the same rows go out under the same token after a crash. Null between batches. */
  readonly batchEnd: number | null;
};

const SLOT_BYTES = 4_096;
const USED_BYTES = 28;

/**
 * Stores the position in two slots that are written alternately, each with a generation and a checksum. A torn write
 * leaves the other slot valid. Nothing is allocated, so delivery continues on a full disk.
 */
export async function openPositionFile(path: string) {
  const file = await openOrCreate(path);
  const content = Buffer.alloc(2 * SLOT_BYTES);
  await file.read(content, 0, content.length, 0);
  const slots = [readSlot(content, 0), readSlot(content, SLOT_BYTES)];
  const latest = slots.filter((slot) => slot !== null).sort((a, b) => b.generation - a.generation)[0];
  let generation = latest?.generation ?? 0;

  return {
    /** Null when nothing was ever saved. */
    saved: latest?.position ?? null,
    async save(position: Position): Promise<void> {
      const next = generation + 1;
      await writeAll(file, [writeSlot(next, position)], (next % 2) * SLOT_BYTES);
      await file.datasync();
      generation = next;
    },
    close: () => file.close(),
  };
}
export type PositionFile = Awaited<ReturnType<typeof openPositionFile>>;

async function openOrCreate(path: string): Promise<FileHandle> {
  const file = await open(path, "r+").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return null;
  });
  if (file) return file;
  const created = await open(path, "w+");
  await writeAll(created, [Buffer.alloc(2 * SLOT_BYTES)], 0);
  await created.sync();
  await syncFolder(dirname(path));
  return created;
}

function writeSlot(generation: number, { segment, offset, batchEnd }: Position): Buffer {
  const slot = Buffer.alloc(USED_BYTES);
  slot.writeUIntBE(generation, 4, 6);
  slot.writeUIntBE(segment, 10, 6);
  slot.writeUIntBE(offset, 16, 6);
  slot.writeUIntBE(batchEnd ?? 0, 22, 6);
  slot.writeUInt32BE(crc32(slot.subarray(4)), 0);
  return slot;
}

function readSlot(content: Buffer, at: number): { generation: number; position: Position } | null {
  const slot = content.subarray(at, at + USED_BYTES);
  const generation = slot.readUIntBE(4, 6);
  if (generation === 0 || slot.readUInt32BE(0) !== crc32(slot.subarray(4))) return null;
  const batchEnd = slot.readUIntBE(22, 6);
  return {
    generation,
    position: {
      segment: slot.readUIntBE(10, 6),
      offset: slot.readUIntBE(16, 6),
      batchEnd: batchEnd === 0 ? null : batchEnd,
    },
  };
}
