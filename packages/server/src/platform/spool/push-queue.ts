import type { Log } from "../../kernel/log.ts";
import { encodeRows } from "./encode-rows.ts";
import type { UnsealedRecord } from "./record.ts";

type Options = {
  readonly delayMs: number;
  readonly hasRoom: () => boolean;
  readonly keep: (records: readonly UnsealedRecord[]) => Promise<void>;
  readonly log: Log;
};

/** So many rows are encoded without waiting for the timer. */
const FULL_ROWS = 500;
/** Above this the encoding does not keep up, and rows are dropped rather than held. */
const MAX_ROWS = 20_000;
/** One line of the log stands for all rows dropped within this time. */
const LOG_MS = 10_000;

/** Holds pushed rows as the objects they are, and encodes them together a moment later, off the path of the request they belong to. */
export function createPushQueue({ delayMs, hasRoom, keep, log }: Options) {
  let rowsByTable = new Map<string, object[]>();
  let waitingRows = 0;
  let droppedRows = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  let encoding: Promise<void> = Promise.resolve();

  function drop(count: number, reason: unknown): void {
    droppedRows += count;
    if (performance.now() - loggedAt < LOG_MS) return;
    loggedAt = performance.now();
    log.error({ ...(reason !== null && { error: reason }), droppedRows }, "rows were dropped instead of kept");
  }

  function start(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    const batch = rowsByTable;
    rowsByTable = new Map();
    encoding = encoding.then(() => encode(batch));
  }

  async function encode(batch: ReadonlyMap<string, readonly object[]>): Promise<void> {
    for (const [table, rows] of batch) {
      const records = await encodeRows(table, rows, (error) => drop(1, error));
      waitingRows -= rows.length;
      if (records.length === 0) continue;
      const encodedRows = records.reduce((sum, record) => sum + record.rows, 0);
      // Not awaited: the next rows are encoded while these are written, and what may pile up is bounded by `keep`.
      keep(records).catch((error: unknown) => drop(encodedRows, error));
    }
  }

  return {
    droppedRows: () => droppedRows,
    push(table: string, row: object): void {
      if (waitingRows >= MAX_ROWS || !hasRoom()) {
        drop(1, null);
        return;
      }
      const rows = rowsByTable.get(table) ?? [];
      if (rows.push(row) === 1) rowsByTable.set(table, rows);
      waitingRows += 1;
      if (rows.length >= FULL_ROWS) start();
      else timer ??= setTimeout(start, delayMs).unref();
    },
    /** Resolves when everything pushed so far is encoded and handed on. */
    async settle(): Promise<void> {
      start();
      await encoding;
    },
  };
}
