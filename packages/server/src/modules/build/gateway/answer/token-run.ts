import { isRecord } from "../../../../kernel/is-record.ts";
import type { StreamEvent } from "../formats/hub/hub.ts";
import { parseJson, recordOf } from "../formats/hub/json.ts";
import { createEventReader } from "../formats/hub/server-events.ts";

/** The position of a text in an event's bytes, between its quotes. */
type Span = { readonly from: number; readonly to: number };
/** The bytes that repeat in each event: before the growing text, after it, and after its padding if there is any. */
type Shape = {
  readonly event: string;
  readonly before: Buffer;
  readonly after: Buffer;
  readonly afterPadding: Buffer | null;
};

const FIRST_BYTES = 2 * 1024;
const NOTHING = Buffer.alloc(0);
/** The size of a run after which its text is read. */
const MAX_RUN_BYTES = 64 * 1024;
/** Some providers never repeat a shape. After this many attempts none is learnt any more. */
const MAX_UNUSED_SHAPES = 4;
/** Random characters, so that the length of an encrypted event does not reveal its text. */
const PADDING = "obfuscation";
const GROWING = new Set(["content", "reasoning_content", "reasoning", "refusal", "text", "thinking", "partial_json"]);

/**
 * Most events of an answer differ from the previous one only in the text of a token. Such a run is recognized by its
 * bytes, without parsing each event, and read as one event with the whole text. Joining the deltas gives the same
 * result.
 */
export function createTokenRun() {
  let shape: Shape | null = null;
  let unusedShapes = 0;
  let text: Buffer = NOTHING;
  let size = 0;

  function append(bytes: Buffer, from: number, to: number) {
    const nextSize = size + to - from;
    if (nextSize > text.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * text.length, nextSize));
      text.copy(larger, 0, 0, size);
      text = larger;
    }
    bytes.copy(text, size, from, to);
    size = nextSize;
  }
  /** The end of the event that begins here; -1 when it is not part of the run. */
  function takeOne(bytes: Buffer, start: number, { before, after, afterPadding }: Shape): number {
    const from = endOfMatch(bytes, start, before);
    const to = endOfText(bytes, from);
    let end = endOfMatch(bytes, to, after);
    if (afterPadding !== null) end = endOfMatch(bytes, endOfText(bytes, end), afterPadding);
    if (end !== -1) append(bytes, from, to);
    return end;
  }

  return {
    /** Whether these bytes are events of the run and nothing else. If so, their text is stored. */
    take(bytes: Buffer): boolean {
      if (shape === null) return false;
      const previousSize = size;
      for (let at = 0; at < bytes.length; ) {
        at = takeOne(bytes, at, shape);
        if (at !== -1) continue;
        size = previousSize;
        return false;
      }
      unusedShapes = 0;
      return true;
    },
    isFull: () => size > MAX_RUN_BYTES,
    /** Ends the run and returns it as one event; no event when there was no run. */
    release(): StreamEvent[] {
      if (shape === null || size === 0) return [];
      const { event, before, after, afterPadding } = shape;
      const bytes = Buffer.concat([before, text.subarray(0, size), after, afterPadding ?? NOTHING]);
      size = 0;
      return createEventReader()
        .push(bytes)
        .map(({ data }) => ({ event, value: parseJson(data) }));
    },
    /** Starts a run with a parsed event, if its shape allows one. Call it after `release`. */
    learn(bytes: Buffer, event: StreamEvent): void {
      shape = unusedShapes < MAX_UNUSED_SHAPES ? shapeOf(bytes, event) : null;
      if (shape !== null) unusedShapes++;
    },
  };
}

function shapeOf(bytes: Buffer, { event, value }: StreamEvent): Shape | null {
  const name = growingField(recordOf(value));
  const text = name === null ? null : find(bytes, name);
  if (text === null) return null;
  const before = bytes.subarray(0, text.from);
  const padding = find(bytes, PADDING);
  if (padding === null || padding.from < text.to)
    return { event, before, after: bytes.subarray(text.to), afterPadding: null };
  const after = bytes.subarray(text.to, padding.from);
  return { event, before, after, afterPadding: bytes.subarray(padding.to) };
}

/** The only field of an event's delta with content. Null for events with more content, such as tool calls. */
function growingField({ choices, type, delta }: Readonly<Record<string, unknown>>): string | null {
  if (type === "content_block_delta") return only(Object.entries(recordOf(delta)).filter(([key]) => key !== "type"));
  if (!Array.isArray(choices) || choices.length !== 1) return null;
  const choice = recordOf(choices[0]);
  if (choice.delta === undefined) return only([["text", choice.text]]);
  if (!isRecord(choice.delta) || "text" in choice) return null;
  return only(Object.entries(choice.delta).filter(([key]) => key !== "role"));
}

function only(fields: readonly (readonly [string, unknown])[]): string | null {
  const nonEmpty = fields.filter(([, value]) => value !== null && value !== "");
  const [field] = nonEmpty;
  if (field === undefined || nonEmpty.length > 1) return null;
  return GROWING.has(field[0]) && typeof field[1] === "string" ? field[0] : null;
}

/** The text of a field that occurs once in an event. */
function find(bytes: Buffer, name: string): Span | null {
  const text = bytes.toString("latin1");
  const key = `"${name}":`;
  const at = text.indexOf(key);
  if (at === -1 || text.includes(key, at + 1)) return null;
  const quote = at + key.length + (text[at + key.length] === " " ? 1 : 0);
  const to = text[quote] === '"' ? endOfText(bytes, quote + 1) : -1;
  return to === -1 ? null : { from: quote + 1, to };
}

function endOfMatch(bytes: Buffer, at: number, part: Buffer): number {
  if (at === -1) return -1;
  const end = at + part.length;
  return end <= bytes.length && bytes.compare(part, 0, part.length, at, end) === 0 ? end : -1;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const FIRST_PRINTABLE = 0x20;
const ESCAPABLE = new Set(Buffer.from('"\\/bfnrt'));

/** The position of the closing quote of a JSON text; -1 when it is not valid, or when `from` is -1. */
function endOfText(bytes: Buffer, from: number): number {
  if (from === -1) return -1;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at;
    if (byte < FIRST_PRINTABLE) return -1;
    if (byte !== BACKSLASH) continue;
    at++;
    if (bytes[at] === LETTER_U) {
      if (!isHexadecimal(bytes, at + 1)) return -1;
      at += 4;
    } else if (!ESCAPABLE.has(bytes[at] ?? 0)) return -1;
  }
  return -1;
}

const isHexadecimal = (bytes: Buffer, at: number) => /^[0-9a-fA-F]{4}$/.test(bytes.toString("latin1", at, at + 4));
