import { write as writeFile, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/** Lines for a file descriptor. Writing never throws, never blocks the event loop, and never holds more than `maxQueuedBytes`. */
export type LineOutput = {
  /** `line` ends with a line feed. */
  write(line: string): void;
  /** Lines dropped since the start. */
  droppedLines(): number;
  /** Writes what still waits, without a retry. For the end of the process. */
  flush(): void;
};

type Write = (bytes: Buffer) => Promise<{ readonly bytesWritten: number }>;
type Options = {
  readonly fd: number;
  /** The line that reports how many lines are missing, once writing works again. */
  readonly report: (droppedLines: number) => string;
  readonly write?: Write;
  readonly retryMs?: number;
  readonly maxQueuedBytes?: number;
};

const RETRY_MS = 1_000;
/** A pipe with a slow reader is retried after this time. */
const BUSY_MS = 50;
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 10;

/**
 * Drops and counts the lines that cannot be written, as on a full disk, and reports the count when writing works again.
 * pino's own destination would buffer them, end the process if its errors have no listener, and then retry forever at
 * the exit.
 */
export function openLineOutput(options: Options): LineOutput {
  const { fd, report, retryMs = RETRY_MS, maxQueuedBytes = MAX_QUEUED_BYTES } = options;
  const write: Write = options.write ?? ((bytes) => promisify(writeFile)(fd, bytes));
  const dropped = { total: 0, unreported: 0 };
  let queue: string[] = [];
  let queuedBytes = 0;
  let isWriting = false;
  let isBlocked = false;
  /** The last write ended within a line. */
  let isTorn = false;

  function drop(lines: number) {
    dropped.total += lines;
    dropped.unreported += lines;
  }

  function takeQueue(): Buffer {
    const bytes = Buffer.from(queue.join(""));
    queue = [];
    queuedBytes = 0;
    return bytes;
  }

  /** Gives what could not be written; empty when all was. */
  async function writeWhole(bytes: Buffer): Promise<Buffer> {
    let rest = isTorn ? Buffer.concat([Buffer.from("\n"), bytes]) : bytes;
    while (rest.length > 0) {
      try {
        const { bytesWritten } = await write(rest);
        if (bytesWritten > 0) isTorn = rest[bytesWritten - 1] !== LINE_FEED;
        rest = rest.subarray(bytesWritten);
      } catch (error) {
        if (!isBusy(error)) return rest.length > bytes.length ? bytes : rest;
        await delay(BUSY_MS);
      }
    }
    return rest;
  }

  async function writeReport(): Promise<boolean> {
    const lines = dropped.unreported;
    if ((await writeWhole(Buffer.from(report(lines)))).length > 0) return false;
    dropped.unreported -= lines;
    return true;
  }

  /** Writes what waits, then the report. False when something could not be written. */
  async function writeQueue(): Promise<boolean> {
    while (queue.length > 0) {
      const rest = await writeWhole(takeQueue());
      drop(countLines(rest));
      if (rest.length > 0) return false;
    }
    if (dropped.unreported === 0) return true;
    return (await writeReport()) && writeQueue();
  }

  async function run() {
    if (isWriting || isBlocked) return;
    isWriting = true;
    isBlocked = !(await writeQueue());
    isWriting = false;
    if (!isBlocked) return;
    drop(countLines(takeQueue()));
    setTimeout(() => {
      isBlocked = false;
      void run();
    }, retryMs).unref();
  }

  return {
    write(line) {
      if (isBlocked || queuedBytes + line.length > maxQueuedBytes) return drop(1);
      queue.push(line);
      queuedBytes += line.length;
      void run();
    },
    droppedLines: () => dropped.total,
    flush() {
      try {
        writeSync(fd, takeQueue());
      } catch {
        // The process ends, and there is no other output.
      }
    },
  };
}

const countLines = (bytes: Buffer) => bytes.reduce((lines, byte) => lines + Number(byte === LINE_FEED), 0);

const isBusy = (error: unknown) => error instanceof Error && "code" in error && error.code === "EAGAIN";
