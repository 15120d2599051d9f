import type { Reading } from "./dialect.ts";
import type { ReceivedSpan } from "./received-span.ts";

/** Events that say that a piece of a stream came; the first of them came with the first token. */
const EVENTS: readonly string[] = [
  "First Token Stream Event",
  "gen_ai.content.completion.chunk",
  "llm.content.completion.chunk",
];

/** The time to the first chunk of a stream, in milliseconds, from the span's events. Null if unknown. */
export function readStreamEvents({
  events,
  startMicros,
}: ReceivedSpan): Pick<Reading, "timeToFirstTokenMs" | "consumedEvents"> {
  const first = events.find(({ name, timeMicros }) => EVENTS.includes(name) && timeMicros > 0);
  if (!first) return { timeToFirstTokenMs: null };
  return { timeToFirstTokenMs: Math.max(0, (first.timeMicros - startMicros) / 1_000), consumedEvents: EVENTS };
}
