import { UpstreamStreamError } from "../providers/provider.ts";

/** One server-sent event. `event` is empty when the sender named none. */
export type ServerEvent = { readonly event: string; readonly data: string };

/** No provider sends a longer line; one that does is out to fill our memory. */
const MAX_LINE_CHARACTERS = 32 * 1024 * 1024;
/** How nearly every line begins. */
const DATA = "data: ";

/**
 * Reads server-sent events from bytes that may be cut anywhere, within a character too.
 * `end` gives the last event when the sender left out the empty line behind it.
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
      const found: ServerEvent[] = [];
      readText(decode(bytes), found);
      return found;
    },
    end(): ServerEvent[] {
      const found: ServerEvent[] = [];
      readText(`${decode()}\n\n`, found);
      return found;
    },
  };
}

/** UTF-8 from pieces that may end within a character. The decoder for that is slow, so that it gets only what needs it. */
function createDecoder() {
  const decoder = new TextDecoder();
  let isPlain = false;
  return (bytes?: Uint8Array): string => {
    if (bytes === undefined) return decoder.decode();
    const endsPlain = (bytes[bytes.length - 1] ?? 0x80) < 0x80;
    // The first piece may begin with a byte order mark, which a decoder takes away.
    const text = isPlain && endsPlain ? asBuffer(bytes).toString() : decoder.decode(bytes, { stream: true });
    isPlain = endsPlain;
    return text;
  };
}
const asBuffer = (bytes: Uint8Array) =>
  bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Data that says nothing: none, or how OpenAI ends a stream. */
export const isEmptyOrDone = (data: string) => !data.startsWith("{") && /^\s*(?:\[DONE\]\s*)?$/.test(data);

/** One event as it goes over the line. The value becomes JSON, which has no line breaks. */
export function writeEvent(value: unknown, event?: string): string {
  const data = typeof value === "string" ? value : JSON.stringify(value);
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
