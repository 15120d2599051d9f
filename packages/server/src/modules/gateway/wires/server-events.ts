import { UpstreamStreamError } from "../providers/provider.ts";

/** One server-sent event. `event` is empty when the sender named none. */
export type ServerEvent = { readonly event: string; readonly data: string };

/** No provider sends a longer line; one that does is out to fill our memory. */
const MAX_LINE_CHARACTERS = 32 * 1024 * 1024;

/**
 * Reads server-sent events from bytes that may be cut anywhere, within a character too.
 * `end` gives the last event when the sender left out the empty line behind it.
 * Throws `UpstreamStreamError` for a line of more than 32 million characters.
 */
export function createEventReader() {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  let endedInReturn = false;
  let event = "";
  let data: string[] = [];

  const finish = (found: ServerEvent[]) => {
    if (data.length > 0) found.push({ event, data: data.join("\n") });
    event = "";
    data = [];
  };
  const readLine = (line: string, found: ServerEvent[]) => {
    if (line === "") return finish(found);
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
  };
  const readText = (incoming: string, found: ServerEvent[]) => {
    let text = endedInReturn && incoming.startsWith("\n") ? incoming.slice(1) : incoming;
    endedInReturn = incoming === "" ? endedInReturn : incoming.endsWith("\r");
    if (text.includes("\r")) text = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
    let start = 0;
    for (let stop = text.indexOf("\n"); stop !== -1; stop = text.indexOf("\n", start)) {
      pieces.push(text.slice(start, stop));
      readLine(pieces.join(""), found);
      pieces = [];
      length = 0;
      start = stop + 1;
    }
    if (start === text.length) return;
    pieces.push(text.slice(start));
    length += text.length - start;
    if (length <= MAX_LINE_CHARACTERS) return;
    throw new UpstreamStreamError({
      message: "The provider sent an event of more than 32 million characters.",
      type: "invalid_response",
      code: null,
    });
  };

  return {
    push(bytes: Uint8Array): ServerEvent[] {
      const found: ServerEvent[] = [];
      readText(decoder.decode(bytes, { stream: true }), found);
      return found;
    },
    end(): ServerEvent[] {
      const found: ServerEvent[] = [];
      readText(`${decoder.decode()}\n\n`, found);
      return found;
    },
  };
}

/** One event as it goes over the line. The value becomes JSON, which has no line breaks. */
export function writeEvent(value: unknown, event?: string): string {
  const data = typeof value === "string" ? value : JSON.stringify(value);
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
