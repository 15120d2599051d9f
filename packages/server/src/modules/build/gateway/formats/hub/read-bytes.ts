import type { ChunkReader, StreamReader } from "./hub.ts";
import { parseJson } from "./json.ts";
import { createEventReader, isEmptyOrDone, type ServerEvent } from "./server-events.ts";

/** Turns a reader of events into a reader of bytes, which splits and parses the events. */
export function readBytes(reader: ChunkReader): StreamReader {
  const events = createEventReader();
  const read = ({ event, data }: ServerEvent) =>
    isEmptyOrDone(data) ? [] : reader.read({ event, value: parseJson(data) });
  return {
    push: (bytes) => events.push(bytes).flatMap(read),
    end: () => [...events.end().flatMap(read), ...reader.end()],
  };
}
