import type { ChunkReader, StreamReader } from "../providers/provider.ts";
import { parseJson } from "./json.ts";
import { createEventReader, isEmptyOrDone, type ServerEvent } from "./server-events.ts";

/** A reader of events as one of bytes: takes the events apart and parses them. */
export function readBytes(reader: ChunkReader): StreamReader {
  const events = createEventReader();
  const read = ({ event, data }: ServerEvent) =>
    isEmptyOrDone(data) ? [] : reader.read({ event, value: parseJson(data) });
  return {
    push: (bytes) => events.push(bytes).flatMap(read),
    end: () => [...events.end().flatMap(read), ...reader.end()],
  };
}
