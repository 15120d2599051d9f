import { AppError } from "../../../../kernel/errors.ts";
import { openThread, readRange } from "./ask-thread.ts";
import type { FileLimits } from "./limits.ts";
import type { ParquetAsk, ParquetSettings } from "./parquet-thread.ts";
import { parseRow, tooLong } from "./parse-row.ts";
import type { Content, FileRow, FileRows } from "./row.ts";
import { asBuffer } from "./split-lines.ts";

const NEWLINE = 0x0a;

/**
 * The rows of a Parquet file. They are decoded in a thread whose memory is bounded: what a file claims of itself can cost the
 * thread, never the server.
 */
export async function* readParquet(content: Content, limits: FileLimits, signal?: AbortSignal): FileRows {
  const settings: ParquetSettings = { sizeBytes: content.sizeBytes, limits: limits.parquet };
  const script = new URL("./parquet-thread.ts", import.meta.url);
  const thread = openThread<ParquetAsk>(script, { settings, heapMb: limits.parquet.heapMb });
  let row = 1;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const ask = await thread.next();
      if (ask.kind === "end") return;
      if (ask.kind === "failed") throw unreadable(ask.message);
      if (ask.kind === "read") thread.answer({ bytes: await readRange(content, ask) });
      else {
        const rows = rowsOf(asBuffer(ask.lines), row, limits.lineBytes);
        row += rows.length;
        yield rows;
        thread.answer({ bytes: null });
      }
    }
  } finally {
    await thread.close();
  }
}

/** The thread writes rows as lines of JSON, which are checked like the lines of any file. */
function rowsOf(lines: Buffer, first: number, maxBytes: number): FileRow[] {
  const rows: FileRow[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(NEWLINE, at);
    const bytes = lines.subarray(at, end);
    const row = first + rows.length;
    rows.push(bytes.length > maxBytes ? tooLong(row, maxBytes) : parseRow(row, bytes, true));
    at = end + 1;
  }
  return rows;
}

const unreadable = (message: string) =>
  new AppError("unprocessable", { message: `The Parquet file cannot be read: ${message.replace(/\.$/, "")}.` });
