import { AppError } from "../../../kernel/errors.ts";
import type { BuiltChunk } from "../build-chunks.ts";
import { openThread, readRange } from "../files/ask-thread.ts";
import type { Content } from "../files/row.ts";
import type { Tally } from "./import-items.ts";
import type { ImportAsk, ImportSettings } from "./import-thread.ts";

type Options = {
  readonly content: Content;
  readonly settings: ImportSettings;
  readonly signal: AbortSignal;
  readonly onRows: (rowsRead: number) => void;
};

/** A line of 16 MiB, read and written, fits several times. */
const HEAP_MB = 1_024;
/** Rows live for a moment; a young generation that holds many of them is emptied seldom. */
const YOUNG_MB = 48;

/** The chunks of a file that a thread reads, where there is nothing yet that its ids could clash with; and its tally at the end. */
export function importChunks({ content, settings, signal, onRows }: Options) {
  const tally: Tally = { rowsRead: 0, rowsAdded: 0, errorCount: 0, errors: [] };
  async function* chunks(): AsyncGenerator<BuiltChunk, void, undefined> {
    const script = new URL("./import-thread.ts", import.meta.url);
    const thread = openThread<ImportAsk>(script, { settings, heapMb: HEAP_MB, youngMb: YOUNG_MB });
    const stop = () => void thread.close();
    signal.addEventListener("abort", stop);
    try {
      for (;;) {
        signal.throwIfAborted();
        const ask = await thread.next();
        if (ask.kind === "end") return void Object.assign(tally, ask.tally);
        if (ask.kind === "refused") throw new AppError("unprocessable", ask);
        if (ask.kind === "failed") throw new Error(`The file could not be read: ${ask.message}`);
        if (ask.kind === "read") thread.answer({ bytes: await readRange(content, ask) });
        else {
          onRows(ask.rowsRead);
          yield ask.chunk;
          thread.answer({ bytes: null });
        }
      }
    } finally {
      signal.removeEventListener("abort", stop);
      await thread.close();
    }
  }
  return { chunks: chunks(), tally };
}
