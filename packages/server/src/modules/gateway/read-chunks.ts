import type { OutboundError } from "../../platform/outbound/port.ts";
import type { UpstreamStream } from "./open-upstream.ts";
import type { ChatChunk, StreamReader } from "./providers/provider.ts";

/** So many chunks may wait for a slow receiver before the provider is held back. */
const MOST_WAITING = 64;

/**
 * A provider's stream as the hub's chunks, at the pace of whoever reads them. `first` was read before the stream was
 * handed over. Throws what the reader or the connection throws; leaving the loop early stops the provider.
 */
export async function* readChunks(
  stream: UpstreamStream,
  reader: StreamReader,
  first: readonly ChatChunk[],
): AsyncGenerator<ChatChunk> {
  const waiting: ChatChunk[] = [...first];
  let ending: { error: unknown } | "ended" | null = null;
  let isPaused = false;
  let wake: () => void = () => {};

  const add = (read: () => ChatChunk[]) => {
    try {
      for (const chunk of read()) waiting.push(chunk);
    } catch (error) {
      ending ??= { error };
      stream.abort();
    }
    wake();
  };
  stream.listen({
    onBytes(bytes) {
      add(() => reader.push(bytes));
      isPaused = waiting.length > MOST_WAITING;
      return !isPaused;
    },
    onEnd() {
      add(() => reader.end());
      ending ??= "ended";
      wake();
    },
    onError(error: OutboundError) {
      ending ??= { error };
      wake();
    },
  });
  const isOver = (): { error: unknown } | "ended" | null => ending;

  try {
    for (;;) {
      for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) yield chunk;
      const over = isOver();
      if (over === "ended") return;
      if (over) throw over.error;
      if (isPaused) {
        isPaused = false;
        stream.resume();
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    if (isOver() === null) stream.abort();
  }
}
