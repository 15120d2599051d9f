import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { ChatResponse, ChunkReader, StreamEvent } from "../formats/hub/hub.ts";

/** Reads a stream that passes through. It stores the content of the events and not their bytes. */
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
    /** The answer so far. `error` is the provider's error, or one in reading the stream. */
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
