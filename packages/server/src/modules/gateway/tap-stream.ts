import { createCollector } from "./collect-chunks.ts";
import type { ChatResponse, StreamReader } from "./providers/provider.ts";

/** So many bytes are kept before they are read: reading is work that a caller should not wait for. */
const PIECE_BYTES = 64 * 1024;

/** Reads along with a stream that passes through. Kept bytes are read at the end, or every 64 KiB of a long answer. */
export function createTap(reader: StreamReader) {
  const collector = createCollector();
  let pieces: Buffer[] = [];
  let size = 0;
  let error: unknown = null;

  function read() {
    try {
      // One by one, so that an error in a late piece loses nothing of an early one.
      for (const piece of pieces) if (error === null) for (const chunk of reader.push(piece)) collector.add(chunk);
    } catch (problem) {
      error = problem;
    }
    pieces = [];
    size = 0;
  }
  function end() {
    read();
    if (error !== null) return;
    try {
      for (const chunk of reader.end()) collector.add(chunk);
    } catch (problem) {
      error = problem;
    }
  }

  return {
    push(bytes: Buffer): void {
      pieces.push(bytes);
      size += bytes.length;
      if (size > PIECE_BYTES) read();
    },
    /** What the stream came to. `error` is what the provider said instead of going on. */
    finish(): { response: ChatResponse; isFinished: boolean; error: unknown } {
      end();
      return { response: collector.response(), isFinished: collector.isFinished(), error };
    },
  };
}
