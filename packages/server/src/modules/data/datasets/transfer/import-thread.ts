// Converts rows of a file to encoded rows in a separate thread, so that the server stays responsive.
import { parentPort } from "node:worker_threads";
import type { DatasetSchema } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import { unpackLines } from "../chunks/chunk-files.ts";
import { createIdSet, putIdPair } from "../chunks/id-set.ts";
import { createRowEncoder, decodeLine, idOfLine } from "../chunks/item-hash.ts";
import { type BlockBatch, createBlockBatch } from "../chunks/row-blocks.ts";
import type { ThreadAnswer } from "../files/ask-thread.ts";
import { withoutMark } from "../files/detect-format.ts";
import { openRows } from "../files/open-rows.ts";
import type { Content } from "../files/row.ts";
import { asBuffer } from "../files/split-lines.ts";
import { createItemCheck, hasSchema } from "../items/check-schema.ts";
import { createItemReader, emptyTally, type Tally } from "./import-items.ts";
import type { ResolvedReading } from "./inspect-file.ts";
import { createLineReader, type LineSink } from "./read-lines.ts";

export type ImportSettings = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly reading: ResolvedReading;
  readonly schema: DatasetSchema;
};
/** The thread's orders. Each is answered before the next starts. */
export type ImportTask =
  | { readonly kind: "begin"; readonly settings: ImportSettings }
  /** Whole lines of JSONL, of which the first is line `firstLine` of the file. `spare`: bytes to write into. */
  | {
      readonly kind: "lines";
      readonly bytes: Uint8Array;
      readonly firstLine: number;
      readonly spare: Uint8Array | null;
    }
  /** A chunk that is stored: its ids, or its rows. */
  | { readonly kind: "ids" | "rows"; readonly packed: Uint8Array<ArrayBuffer> }
  /** The whole file, which is then requested. */
  | { readonly kind: "file" };
export type ImportAsk =
  | { readonly kind: "read"; readonly start: number; readonly end: number }
  | { readonly kind: "ids"; readonly ids: Uint32Array<ArrayBuffer> }
  /** `spent`: the bytes that were read. */
  | { readonly kind: "rows"; readonly batch: BlockBatch; readonly tally: Tally; readonly spent: Uint8Array | null }
  | { readonly kind: "end" }
  | { readonly kind: "refused"; readonly message: string; readonly details: unknown }
  | { readonly kind: "failed"; readonly message: string };

/** Bytes per read and per handover. */
const PIECE_BYTES = 1024 * 1024;
const BATCH_BYTES = 1024 * 1024;
const FIRST_BYTES = 2 * BATCH_BYTES;
const SLICE_BYTES = 32 * 1024;
const NEWLINE = 0x0a;
/** Ids of one piece of the file. */
const FEW_SLOTS = 1 << 13;

const batch = createBlockBatch(FIRST_BYTES);
const waiting: ((answer: ThreadAnswer) => void)[] = [];

const say = (said: ImportAsk, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(said, transfer);

/** Asks, and waits for the answer. Answers come in the order of the questions. */
function ask(question: ImportAsk, transfer?: ArrayBuffer[]): Promise<ThreadAnswer> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    say(question, transfer);
  });
}

const contentOf = (sizeBytes: number): Content => ({
  sizeBytes,
  async *read({ start, end } = { start: 0, end: sizeBytes }) {
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
});

type Emitted = { readonly tally: Tally; readonly spent?: Uint8Array; readonly spare?: Uint8Array | null };
function take({ tally, spent, spare }: Emitted): [ImportAsk, ArrayBuffer[]] {
  const rows = batch.take(spare ? Buffer.from(spare.buffer) : undefined);
  return [{ kind: "rows", batch: rows, tally, spent: spent ?? null }, [rows.ids.buffer, rows.ownLines.buffer]];
}

/** The number of lines per batch. Objects of larger batches live long enough to reach the old generation. */
function* slicesOf(bytes: Buffer): Generator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at + SLICE_BYTES);
    const end = newline === -1 ? bytes.length : newline + 1;
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** Reads the rows of one file. */
function createSession({ name, sizeBytes, reading, schema }: ImportSettings) {
  const check = createItemCheck(schema);
  const readLines = createLineReader(name, { reading, isChecked: hasSchema(schema) });
  function sinkOf(slots?: number): LineSink {
    const encoder = createRowEncoder(createIdSet(slots));
    const readInto = createItemReader({ fileName: name, reading, check, encoder, add: batch.add });
    return { encoder, readInto, add: batch.add, tally: emptyTally() };
  }
  return {
    /** Ids are compared only within this piece. The joining thread checks the rest. */
    async readLines({ bytes, firstLine, spare }: ImportTask & { kind: "lines" }): Promise<void> {
      const sink = sinkOf(FEW_SLOTS);
      let line = firstLine;
      const text = firstLine === 1 ? withoutMark(asBuffer(bytes)) : asBuffer(bytes);
      for (const slice of slicesOf(text)) line = await readLines(slice, line, sink);
      say(...take({ tally: sink.tally, spent: bytes, spare }));
    },
    async readFile(): Promise<void> {
      const { readInto } = sinkOf();
      let tally = emptyTally();
      const { rows } = await openRows(contentOf(sizeBytes), { name, ...reading });
      for await (const some of rows) {
        readInto(some, tally);
        if (batch.bytes < BATCH_BYTES) continue;
        await ask(...take({ tally }));
        tally = emptyTally();
      }
      await ask(...take({ tally }));
      say({ kind: "end" });
    },
  };
}
let session: ReturnType<typeof createSession> | null = null;

function readStored({ kind, packed }: ImportTask & { kind: "ids" | "rows" }): void {
  const lines = unpackLines(packed);
  if (kind === "ids") {
    const ids = new Uint32Array(lines.length * 2);
    for (const [place, line] of lines.entries()) putIdPair(idOfLine(line), ids, place);
    say({ kind, ids }, [ids.buffer]);
    return;
  }
  for (const line of lines) batch.add(decodeLine(line), 0);
  say(...take({ tally: emptyTally() }));
}

async function run(task: ImportTask): Promise<void> {
  if (task.kind === "begin") session = createSession(task.settings);
  else if (task.kind === "lines") await session?.readLines(task);
  else if (task.kind === "file") await session?.readFile();
  else readStored(task);
}

let turn: Promise<void> = Promise.resolve();
parentPort?.on("message", (message: ImportTask | ThreadAnswer) => {
  if (!("kind" in message)) return void waiting.shift()?.(message);
  turn = turn.then(() => run(message)).catch(explain);
});

function explain(error: unknown): void {
  const message = messageOf(error);
  if (error instanceof AppError) say({ kind: "refused", message, details: error.details });
  else say({ kind: "failed", message });
}
