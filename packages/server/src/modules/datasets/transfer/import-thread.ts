// Reads a file into chunks of rows in a thread of its own, so that the server answers meanwhile as quickly as ever.
import { parentPort, workerData } from "node:worker_threads";
import type { DatasetSchema } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { type BuiltChunk, createChunkBuilder } from "../build-chunks.ts";
import { createItemCheck } from "../check-schema.ts";
import type { ThreadAnswer } from "../files/ask-thread.ts";
import type { Content } from "../files/row.ts";
import { createRowEncoder } from "../item-hash.ts";
import { importItems, type Tally } from "./import-items.ts";
import type { ResolvedReading } from "./inspect-file.ts";

export type ImportSettings = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly reading: ResolvedReading;
  readonly keepGoodRows: boolean;
  readonly schema: DatasetSchema;
};
export type ImportAsk =
  | { readonly kind: "read"; readonly start: number; readonly end: number }
  | { readonly kind: "chunk"; readonly chunk: BuiltChunk; readonly rowsRead: number }
  | { readonly kind: "end"; readonly tally: Tally }
  | { readonly kind: "refused"; readonly message: string; readonly details: unknown }
  | { readonly kind: "failed"; readonly message: string };

/** Bytes that are asked for at once. */
const PIECE_BYTES = 256 * 1024;

const settings: ImportSettings = workerData;
const waiting: ((answer: ThreadAnswer) => void)[] = [];
parentPort?.on("message", (answer: ThreadAnswer) => waiting.shift()?.(answer));

/** Asks, and waits for the answer. Answers come in the order of the questions. */
function ask(question: ImportAsk, transfer: ArrayBuffer[] = []): Promise<ThreadAnswer> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    parentPort?.postMessage(question, transfer);
  });
}

const content: Content = {
  sizeBytes: settings.sizeBytes,
  async *read({ start, end } = { start: 0, end: settings.sizeBytes }) {
    const askAt = (at: number) =>
      at < end ? ask({ kind: "read", start: at, end: Math.min(at + PIECE_BYTES, end) }) : null;
    // The next piece is on its way while this one is read.
    let next = askAt(start);
    for (let at = start; next !== null; at += PIECE_BYTES) {
      const { bytes } = await next;
      next = askAt(at + PIECE_BYTES);
      if (bytes) yield bytes;
    }
  },
};

/** The builder writes its next chunk into the same bytes, so the lines go as a copy. */
function give({ lines, ...chunk }: BuiltChunk, rowsRead: number) {
  const own = new Uint8Array(lines);
  return ask({ kind: "chunk", chunk: { ...chunk, lines: own }, rowsRead }, [own.buffer]);
}

async function readAll(): Promise<Tally> {
  const { name, reading, keepGoodRows, schema } = settings;
  const { signal } = new AbortController();
  const check = createItemCheck(schema);
  const encoder = createRowEncoder();
  const { rows, tally } = importItems({ file: { name, content }, reading, encoder, keepGoodRows, check, signal });
  const builder = createChunkBuilder();
  for await (const batch of rows)
    for (const row of batch) {
      const chunk = builder.add(row);
      if (chunk) await give(chunk, tally.rowsRead);
    }
  const last = builder.flush();
  if (last) await give(last, tally.rowsRead);
  return tally;
}

readAll().then(
  (tally) => parentPort?.postMessage({ kind: "end", tally } satisfies ImportAsk),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const said: ImportAsk =
      error instanceof AppError ? { kind: "refused", message, details: error.details } : { kind: "failed", message };
    parentPort?.postMessage(said);
  },
);
