import { hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Item } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { type ChunkRecord, createChunkStore } from "../stores/chunk-store.ts";
import { type BuiltChunk, createChunkBuilder } from "./build-chunks.ts";
import { type PackedChunk, packChunk } from "./chunk-files.ts";
import { createIdSet } from "./id-set.ts";
import { decodeLine, type EncodedRow, encodeItem } from "./item-hash.ts";
import { encodeManifest, type Manifest, type ManifestChunk, type Manifests } from "./manifest.ts";
import type { RowBlock } from "./row-blocks.ts";

export type WriterDeps = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly manifests: Manifests;
  readonly clock: Clock;
};

type Packed = ChunkRecord & { readonly packed: Uint8Array };

/** Chunks that are stored together, and how many such batches are on their way at once. */
const BATCH_CHUNKS = 16;
const BATCH_BYTES = 16 * 1024 * 1024;
const MOST_BATCHES = 2;

/**
 * Writes the rows of a new manifest one after another. It is invisible until `finish` has returned the manifest and a
 * draft names it.
 */
export function createManifestWriter({ db, objects, manifests, clock }: WriterDeps, projectId: string) {
  const builder = createChunkBuilder();
  const ids = createIdSet();
  const done: ManifestChunk[] = [];
  let places = 0;
  let waiting: Promise<Packed>[] = [];
  let waitingBytes = 0;
  let running: Promise<void>[] = [];

  async function store(packing: readonly Promise<Packed>[]): Promise<void> {
    const batch = await Promise.all(packing);
    await createChunkStore(db).touchChunks(projectId, distinct(batch), new Date(clock.now()));
    await Promise.all(batch.map(({ packed }) => objects.put(packed)));
  }

  /** Waits while too much is on its way, so that a fast source fills no memory. */
  async function send(): Promise<void> {
    const batch = waiting;
    [waiting, waitingBytes] = [[], 0];
    const oldest = running.length >= MOST_BATCHES ? running.shift() : undefined;
    const sent = store(batch);
    // A failure is met where it is waited for.
    sent.catch(() => {});
    running.push(sent);
    await oldest;
  }

  async function place(packing: Promise<PackedChunk>, at: number): Promise<Packed> {
    const { hash: chunkHash, packed, ...known } = await packing;
    const record = { object: hash("sha256", packed, "hex"), ...known };
    done[at] = { hash: chunkHash, object: record.object, rows: record.rows, bytes: record.bytes };
    return { ...record, packed };
  }

  async function take(packing: Promise<PackedChunk>, bytes: number): Promise<void> {
    const placing = place(packing, places++);
    placing.catch(() => {});
    waiting.push(placing);
    waitingBytes += bytes;
    if (waiting.length >= BATCH_CHUNKS || waitingBytes >= BATCH_BYTES) await send();
    // Lets other work of the process run between two chunks.
    else await setImmediate();
  }

  /** Packing runs in another thread while more rows are added. */
  const end = (chunk: BuiltChunk): Promise<void> =>
    take(
      packChunk(chunk).finally(() => builder.reuse(chunk.lines)),
      chunk.lines.length,
    );

  return {
    /** Throws `invalid_request` when its id was added before. Gives a promise only when there is something to wait for. */
    add(item: Item): Promise<void> | undefined {
      return this.addRow(encodeItem(item));
    },
    /** Adds rows that another thread encoded. Their ids are not checked. */
    async addBlock(block: RowBlock): Promise<void> {
      const isWhole = builder.fits(block);
      const added = isWhole ? [builder.addBlock(block)] : rowsOf(block).map(builder.add);
      for (const ended of added) if (ended !== null) await end(ended);
    },
    addRow(row: EncodedRow): Promise<void> | undefined {
      if (!ids.add(row.item.itemId)) throw isTwice(row.item.itemId);
      const ended = builder.add(row);
      return ended === null ? undefined : end(ended);
    },
    /** Whether the rows before this place end with a chunk, so that a whole chunk can follow. */
    get isAtBoundary() {
      return builder.isEmpty;
    },
    /** Takes a chunk of another manifest as it is. Its ids are not checked. */
    keep(chunk: ManifestChunk): void {
      done[places++] = chunk;
    },
    async finish(): Promise<Manifest> {
      const last = builder.flush();
      if (last) await end(last);
      if (waiting.length > 0) await send();
      await Promise.all(running);
      running = [];
      await createChunkStore(db).touchManifest(projectId, encodeManifest(done).sha, new Date(clock.now()));
      return manifests.save(done);
    },
  };
}

/** The rows of a block, read from its lines. */
export const rowsOf = ({ lines }: Pick<RowBlock, "lines">): EncodedRow[] =>
  Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString().split("\n").map(decodeLine);

/** One statement cannot touch the same object twice. */
const distinct = (batch: readonly Packed[]): ChunkRecord[] => [
  ...new Map(batch.map(({ packed: _, ...record }) => [record.object, record])).values(),
];

const isTwice = (itemId: string) =>
  new AppError("invalid_request", {
    message: `Two items have the id "${itemId}". Give each item a unique id, or leave the ids out.`,
    details: { itemId },
  });
