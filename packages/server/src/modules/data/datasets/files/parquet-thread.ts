import { messageOf } from "../../../../kernel/message-of.ts";
// Decodes a Parquet file in a thread: asks for ranges of its bytes, and hands its rows over as lines of JSON.

import { parentPort, workerData } from "node:worker_threads";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  snappyUncompress,
} from "hyparquet";
import type { ThreadAnswer } from "./ask-thread.ts";
import type { FileLimits } from "./limits.ts";
import { toJsonValue } from "./parquet-values.ts";

export type ParquetSettings = { readonly sizeBytes: number; readonly limits: FileLimits["parquet"] };
export type ParquetAsk =
  | { readonly kind: "read"; readonly start: number; readonly end: number }
  | { readonly kind: "rows"; readonly lines: Uint8Array }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly message: string };
const ROWS_AT_ONCE = 500;

const settings: ParquetSettings = workerData;
const waiting: ((answer: ThreadAnswer) => void)[] = [];
parentPort?.on("message", (answer: ThreadAnswer) => waiting.shift()?.(answer));

/** Asks, and waits for the answer. Answers come in the order of the questions. */
function ask(question: ParquetAsk): Promise<ThreadAnswer> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    parentPort?.postMessage(question);
  });
}

const file: AsyncBuffer = {
  byteLength: settings.sizeBytes,
  async slice(start, end = settings.sizeBytes) {
    const [from, to] = [Math.max(0, start), Math.min(end, settings.sizeBytes)];
    if (to - from > settings.limits.groupBytes) throw new Error(`a column of ${to - from} bytes is too large`);
    const { bytes } = await ask({ kind: "read", start: from, end: Math.max(from, to) });
    return new Uint8Array(bytes ?? []).buffer;
  },
};

type Unpack = (input: Uint8Array, length: number) => Uint8Array;
const bounded =
  (unpack: Unpack): Unpack =>
  (input, length) => {
    if (length > settings.limits.pageBytes) throw new Error(`a page of ${length} bytes is too large`);
    return unpack(input, length);
  };
const compressors = {
  SNAPPY: bounded((input, length) => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  }),
  GZIP: bounded((input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) })),
  ZSTD: bounded((input, length) => zstdDecompressSync(input, { maxOutputLength: Math.max(1, length) })),
  BROTLI: bounded((input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) })),
};

async function readMetadata(): Promise<FileMetaData> {
  if (settings.sizeBytes < 12) throw new Error("it is too short");
  const tail = new DataView(await file.slice(settings.sizeBytes - 8));
  const length = tail.getUint32(0, true);
  if (tail.getUint32(4, true) !== 0x31524150)
    throw new Error("its end is not the end of a Parquet file, so it may be incomplete");
  if (length > settings.limits.metadataBytes) throw new Error(`its footer of ${length} bytes is too large`);
  return parquetMetadataAsync(file, { geoparquet: false });
}

function checkGroup({ columns, num_rows }: FileMetaData["row_groups"][number], place: number): number {
  const { groupBytes, groupRows } = settings.limits;
  let bytes = 0;
  for (const { meta_data } of columns) bytes += Number(meta_data?.total_uncompressed_size ?? 0);
  if (bytes > groupBytes || num_rows > groupRows || num_rows < 0)
    throw new Error(
      `row group ${place + 1} has ${num_rows} rows with ${bytes} bytes, which is too large. Write it with smaller row groups`,
    );
  return Number(num_rows);
}

/** A row as a line. Columns without a value are left out. */
function lineOf(row: Readonly<Record<string, unknown>>): string {
  const filled = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
  return `${JSON.stringify(toJsonValue(Object.fromEntries(filled)))}\n`;
}

async function readAll(): Promise<void> {
  const metadata = await readMetadata();
  let first = 0;
  for (const [place, group] of metadata.row_groups.entries()) {
    const count = checkGroup(group, place);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart: first, rowEnd: first + count });
    if (rows.length !== count) throw new Error(`row group ${place + 1} declares ${count} rows but has ${rows.length}`);
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      const lines = rows.slice(at, at + ROWS_AT_ONCE).map(lineOf);
      await ask({ kind: "rows", lines: Buffer.from(lines.join("")) });
    }
    first += count;
  }
}

readAll().then(
  () => parentPort?.postMessage({ kind: "end" } satisfies ParquetAsk),
  (error: unknown) =>
    parentPort?.postMessage({
      kind: "failed",
      message: messageOf(error),
    } satisfies ParquetAsk),
);
