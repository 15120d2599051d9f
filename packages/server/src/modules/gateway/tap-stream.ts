import { createCollector } from "./collect-chunks.ts";
import type { ChatResponse, ChunkReader, StreamEvent } from "./providers/provider.ts";

/** Reads along with a stream that passes through. Only what the events say is kept, so that a long answer keeps no bytes. */
export function createTap(reader: ChunkReader) {
  const collector = createCollector();
  let error: unknown = null;

  return {
    read(events: readonly StreamEvent[]): void {
      if (error !== null) return;
      try {
        for (const event of events) for (const chunk of reader.read(event)) collector.add(chunk);
      } catch (problem) {
        error = problem;
      }
    },
    /** What the stream came to. `error` is what the provider said instead of going on. */
    finish(): { response: ChatResponse; isFinished: boolean; error: unknown } {
      try {
        if (error === null) for (const chunk of reader.end()) collector.add(chunk);
      } catch (problem) {
        error = problem;
      }
      return { response: collector.response(), isFinished: collector.isFinished(), error };
    },
  };
}
