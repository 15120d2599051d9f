import type { OutboundError } from "../../../../platform/outbound/port.ts";
import type { ChatChunk, StreamReader } from "../formats/hub/hub.ts";
import type { UpstreamStream } from "./outcome.ts";

/** The number of chunks that may wait for a slow receiver before the provider's stream is paused. */
const MAX_WAITING = 64;

/**
 * A provider's stream as the hub's chunks, at the pace of the reader. `first` holds the chunks that were read before the stream
 * was handed over. Throws what the chunk reader or the connection throws. Leaving the loop early stops the provider.
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
      isPaused = waiting.length > MAX_WAITING;
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
