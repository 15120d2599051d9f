import { UpstreamStreamError } from "./hub.ts";

/** One server-sent event. `event` is empty when the sender named none. */
export type ServerEvent = { readonly event: string; readonly data: string };

/** No provider sends a longer line. The limit protects the memory of the server. */
const MAX_LINE_CHARACTERS = 32 * 1024 * 1024;
/** The start of almost every line. */
const DATA = "data: ";

/**
 * Reads server-sent events from bytes that may be split anywhere, even within a character.
 * `end` returns the last event if the sender left out the empty line after it.
 * Throws `UpstreamStreamError` for a line of more than 32 million characters.
 */
export function createEventReader() {
  const decode = createDecoder();
  let pieces: string[] = [];
  let length = 0;
  let endedInReturn = false;
  let event = "";
  let data: string | null = null;

  const addData = (value: string) => {
    data = data === null ? value : `${data}\n${value}`;
  };
  const finish = (found: ServerEvent[]) => {
    if (data !== null) found.push({ event, data });
    event = "";
    data = null;
  };
  const readLine = (line: string, found: ServerEvent[]) => {
    if (line === "") return finish(found);
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") addData(value);
    else if (field === "event") event = value;
  };
  const release = (end: string) => {
    const line = `${pieces.join("")}${end}`;
    pieces = [];
    length = 0;
    return line;
  };
  const keep = (start: string) => {
    pieces.push(start);
    length += start.length;
    if (length <= MAX_LINE_CHARACTERS) return;
    throw new UpstreamStreamError({
      message: "The provider sent an event of more than 32 million characters.",
      type: "invalid_response",
      code: null,
    });
  };
  const readText = (incoming: string, found: ServerEvent[]) => {
    let text = endedInReturn && incoming.startsWith("\n") ? incoming.slice(1) : incoming;
    endedInReturn = incoming === "" ? endedInReturn : incoming.endsWith("\r");
    if (text.includes("\r")) text = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
    let start = 0;
    for (let stop = text.indexOf("\n"); stop !== -1; stop = text.indexOf("\n", start)) {
      if (length > 0) readLine(release(text.slice(start, stop)), found);
      else if (text.startsWith(DATA, start)) addData(text.slice(start + DATA.length, stop));
      else readLine(text.slice(start, stop), found);
      start = stop + 1;
    }
    if (start < text.length) keep(text.slice(start));
  };

  return {
    push(bytes: Uint8Array): ServerEvent[] {
      const events: ServerEvent[] = [];
      readText(decode(bytes), events);
      return events;
    },
    end(): ServerEvent[] {
      const events: ServerEvent[] = [];
      readText(`${decode()}\n\n`, events);
      return events;
    },
  };
}

/** Decodes UTF-8 from chunks that may end within a character. The streaming decoder is slow, so it is used only where needed. */
function createDecoder() {
  const decoder = new TextDecoder();
  let isPlain = false;
  return (bytes?: Uint8Array): string => {
    if (bytes === undefined) return decoder.decode();
    const endsPlain = (bytes[bytes.length - 1] ?? 0x80) < 0x80;
    // The first chunk may begin with a byte order mark, which the decoder removes.
    const text = isPlain && endsPlain ? asBuffer(bytes).toString() : decoder.decode(bytes, { stream: true });
    isPlain = endsPlain;
    return text;
  };
}
const asBuffer = (bytes: Uint8Array) =>
  bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Data without content: empty, or the end of a stream in OpenAI's format. */
export const isEmptyOrDone = (data: string) => !data.startsWith("{") && /^\s*(?:\[DONE\]\s*)?$/.test(data);

/** One event as text. The value becomes JSON, which has no line breaks. */
export function writeEvent(value: unknown, event?: string): string {
  const data = typeof value === "string" ? value : JSON.stringify(value);
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
