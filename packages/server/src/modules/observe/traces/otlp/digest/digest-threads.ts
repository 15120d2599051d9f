import { availableParallelism } from "node:os";
import { findTraceIds } from "../decode/decode-json.ts";
import { traceBytes } from "../decode/decode-protobuf.ts";
import { placeOfByte, placeOfTrace } from "../decode/shard.ts";
import { createConcurrencyLimit } from "./concurrency.ts";
import type { Digest, Order } from "./decode-request.ts";
import { createDigestThread, type DigestThreadOptions } from "./digest-thread.ts";
import { mergeDigests, type WholeDigest } from "./merge-digests.ts";
import type { NotedCall } from "./nested-calls.ts";
import { overloaded } from "./thread-errors.ts";

const MOST_THREADS = 4;
/** For a shorter request, the trace ids are looked up, so that no thread is woken without a shard. */
const SHORT_BYTES = 32 * 1024;
/** Each thread parses JSON whole before it knows its own shard. A longer request would take too much memory twice. */
const LONG_JSON_BYTES = 8 * 1024 * 1024;

type Options = Omit<DigestThreadOptions, "turns"> & {
  /** The number of reading threads. By default one per core, at most four. */
  readonly threads?: number;
  /** The number that run at a time while at most one request waits. By default, all cores except one. */
  readonly atATime?: number;
  /** Whether other callers are being answered, so that the threads pause during their work. By default, none are. */
  readonly areOthersAnswered?: () => boolean;
};

/**
 * Turns requests into rows, each in several threads at once: a trace is read by the thread it belongs to, whichever request it comes in. A request
 * is done when each has read its share, and refused as a whole when one of them refuses.
 */
export function createDigestThreads({ threads: count = coresFor(), atATime = freeCores(), ...given }: Options) {
  const { areOthersAnswered, ...options } = given;
  const wake = () => {
    for (const thread of threads) thread.wake();
  };
  const isBehind = () => sum((thread) => thread.waitingRequests()) > count;
  const turns = createConcurrencyLimit({
    most: atATime,
    isBehind,
    wake,
    ...(areOthersAnswered && { areOthersAnswered }),
  });
  const threads = Array.from({ length: count }, () => createDigestThread({ ...options, turns }));
  const sum = (of: (thread: (typeof threads)[number]) => number) => threads.reduce((all, each) => all + of(each), 0);

  async function digestBy(places: readonly number[], order: Order): Promise<WholeDigest> {
    const readers = [...threads.entries()].flatMap(([place, thread]) =>
      places.includes(place) ? [{ place, thread }] : [],
    );
    // Before any begins: what some had read would be for nothing.
    if (readers.some(({ thread }) => !thread.hasRoom(order.bytes.byteLength))) throw overloaded();
    const isShared = readers.length > 1;
    const reading = readers.map(({ place, thread }, at) =>
      thread.digest({
        ...order,
        // Each takes its bytes over; the last takes those that were given.
        bytes: at < readers.length - 1 ? new Uint8Array(order.bytes) : order.bytes,
        share: isShared ? { place, of: count } : undefined,
      }),
    );
    if (isBehind()) wake();
    const read = await Promise.allSettled(reading);
    const marks: (Digest["marks"] | null)[] = Array(count).fill(null);
    const digests: Digest[] = [];
    for (const [at, result] of read.entries()) {
      if (result.status === "rejected") continue;
      marks[readers[at]?.place ?? 0] = result.value.marks;
      digests.push(result.value);
    }
    const broken = read.find((result) => result.status === "rejected");
    if (!broken) return mergeDigests(digests, marks);
    forget(marks);
    throw broken.reason;
  }

  function forget(marks: WholeDigest["marks"]): void {
    for (const [place, each] of marks.entries()) if (each) threads[place]?.forget(each);
  }

  return {
    /** Throws `overloaded` while too much waits, and `unavailable` when a thread died over it. The bytes are gone afterwards. */
    digest: (order: Order): Promise<WholeDigest> => digestBy(placesOf(order, count), order),
    /** Removes an order from the threads' memory if it could not be stored. Later orders are read without it. */
    forget,
    /** Reports a call that was recorded elsewhere. */
    note: (call: NotedCall): void => threads[placeOfTrace(call.traceId, count)]?.note(call),
    /** A request counts for each thread that it waits for. */
    waitingRequests: () => sum((thread) => thread.waitingRequests()),
    waitingBytes: () => sum((thread) => thread.waitingBytes()),
    restarts: () => sum((thread) => thread.restarts()),
    async close(): Promise<void> {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
export type DigestThreads = ReturnType<typeof createDigestThreads>;

const freeCores = () => Math.max(1, availableParallelism() - 1);
const coresFor = () => Math.min(MOST_THREADS, Math.max(1, availableParallelism()));

/**
 * The threads that a request concerns. With one thread, it gets the whole request. If unknown, all threads are called,
 * and each reads its own shard.
 */
export function placesOf({ signal, isProtobuf, bytes }: Order, count: number): number[] {
  if (count === 1 || signal === "metrics" || bytes.byteLength === 0) return [0];
  if (signal === "spans") return [firstPlace(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), count)];
  const all = Array.from({ length: count }, (_, place) => place);
  const isLongJson = !isProtobuf && bytes.byteLength > LONG_JSON_BYTES;
  if (bytes.byteLength > SHORT_BYTES && !isLongJson) return all;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isLongJson) return [firstPlace(buffer, count)];
  const places = isProtobuf ? placesInProtobuf(buffer, signal, count) : placesInJson(buffer, count);
  // Not every id is found in JSON: one reader alone reads all there is, but of several each must look for its own.
  return isProtobuf || places.size === 1 ? all.filter((place) => places.has(place)) : all;
}

/** Invalid OTLP has no traces, and any thread reports the error. */
function placesInProtobuf(bytes: Buffer, signal: "traces" | "logs", count: number): Set<number> {
  try {
    const firstBytes = [...traceBytes(bytes, signal)];
    return new Set(firstBytes.length === 0 ? [0] : firstBytes.map((byte) => placeOfByte(byte, count)));
  } catch {
    return new Set([0]);
  }
}

const placesInJson = (bytes: Buffer, count: number): Set<number> =>
  new Set(findTraceIds(bytes).map((traceId) => placeOfTrace(traceId, count)));

/** For a long request and for spans that were checked already: a stable choice for the same request, which is the best possible. */
function firstPlace(bytes: Buffer, count: number): number {
  const [traceId = ""] = findTraceIds(bytes.subarray(0, SHORT_BYTES));
  return placeOfTrace(traceId, count);
}
