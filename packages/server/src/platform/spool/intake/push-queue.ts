import type { Log } from "../../../kernel/log.ts";
import { beginRecord, type OpenRecord, type UnsealedRecord } from "../segments/record.ts";
import { encodeRow } from "./encode-rows.ts";

type Options = {
  readonly delayMs: number;
  readonly hasRoom: () => boolean;
  readonly keep: (records: readonly UnsealedRecord[]) => Promise<void>;
  readonly log: Log;
};

/** A record that is full does not wait for the timer. */
const RECORD_BYTES = 512 * 1024;
/** So many buffers of records that are on disk wait for the next ones. */
const MOST_SPARE = 8;
/** One line of the log stands for all rows dropped within this time. */
const LOG_MS = 10_000;

/** Encodes pushed rows immediately, and passes them on together a moment later. */
export function createPushQueue({ delayMs, hasRoom, keep, log }: Options) {
  const open = new Map<string, OpenRecord>();
  const buffers = createBuffers();
  let droppedRows = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  function drop(count: number, reason: unknown): void {
    droppedRows += count;
    if (performance.now() - loggedAt < LOG_MS) return;
    loggedAt = performance.now();
    log.error({ ...(reason !== null && { error: reason }), droppedRows }, "rows were dropped instead of stored");
  }

  function handOn(records: Iterable<OpenRecord>): void {
    for (const record of records) {
      keep([record.finish()])
        .catch((error: unknown) => drop(record.rows(), error))
        .finally(() => buffers.give(record.bytes));
    }
  }

  function handAllOn(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    handOn(open.values());
    open.clear();
  }

  return {
    droppedRows: () => droppedRows,
    push(table: string, row: object): void {
      if (!hasRoom()) {
        drop(1, null);
        return;
      }
      const line = encodeRow(row, (error) => drop(1, error));
      if (line === null) return;
      timer ??= setTimeout(handAllOn, delayMs).unref();
      const current = open.get(table);
      if (current?.add(line)) return;
      if (current) handOn([current]);
      open.set(table, beginRecord(table, { bytes: buffers.take(), line }));
    },
    /** Hands everything pushed so far on. */
    settle: handAllOn,
  };
}

/** Buffers that are used again: new ones for each record outlive the young generation, and whole collections follow. */
function createBuffers() {
  const spare: Buffer[] = [];
  return {
    take: () => spare.pop() ?? Buffer.allocUnsafeSlow(RECORD_BYTES),
    give(buffer: Buffer): void {
      if (buffer.length === RECORD_BYTES && spare.length < MOST_SPARE) spare.push(buffer);
    },
  };
}
