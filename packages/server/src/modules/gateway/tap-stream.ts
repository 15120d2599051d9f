import { createCollector } from "./collect-chunks.ts";
import type { ChatResponse, StreamReader } from "./providers/provider.ts";

/** Bytes that are kept before they are read, so that a stream is read in few pieces, and seldom while it runs. */
const PIECE_BYTES = 64 * 1024;

/** Reads along with a stream that passes through. Kept bytes are read at the end, or every 64 KiB of a long answer. */
export function createTap(reader: StreamReader) {
  const collector = createCollector();
  let pieces: Buffer[] = [];
  let size = 0;
  let error: unknown = null;

  function read(finish: boolean) {
    const bytes = Buffer.concat(pieces);
    pieces = [];
    size = 0;
    if (error !== null) return;
    try {
      for (const chunk of reader.push(bytes)) collector.add(chunk);
      if (finish) for (const chunk of reader.end()) collector.add(chunk);
    } catch (problem) {
      error = problem;
    }
  }

  return {
    push(bytes: Buffer): void {
      pieces.push(bytes);
      size += bytes.length;
      if (size > PIECE_BYTES) read(false);
    },
    /** What the stream came to. `error` is what the provider said instead of going on. */
    finish(): { response: ChatResponse; isFinished: boolean; error: unknown } {
      read(true);
      return { response: collector.response(), isFinished: collector.isFinished(), error };
    },
  };
}
