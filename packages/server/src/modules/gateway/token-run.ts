import type { StreamEvent } from "./providers/provider.ts";
import { isRecord, parseJson, recordOf } from "./wires/json.ts";
import { createEventReader } from "./wires/server-events.ts";

/** Where a text stands in an event's bytes, between its quotes. */
type Span = { readonly from: number; readonly to: number };
/** What stays the same from event to event: up to the text that grows, behind it, and behind its padding if there is any. */
type Shape = {
  readonly event: string;
  readonly before: Buffer;
  readonly after: Buffer;
  readonly afterPadding: Buffer | null;
};

const FIRST_BYTES = 2 * 1024;
const NOTHING = Buffer.alloc(0);
/** So much text is kept before it is read. */
const MOST_BYTES = 64 * 1024;
/** Some providers never send two events of one shape; they are not looked at more closely for ever. */
const MOST_VAIN_SHAPES = 4;
/** Filled with signs at random, so that who sees only lengths cannot guess the text. */
const PADDING = "obfuscation";
const GROWING = new Set(["content", "reasoning_content", "reasoning", "refusal", "text", "thinking", "partial_json"]);

/**
 * Most events of an answer differ from the one before in the text of a token only. Such a run is recognised by its bytes,
 * without parsing each event, and read as one event that says all of its text: whoever puts deltas together sees the same.
 */
export function createTokenRun() {
  let shape: Shape | null = null;
  let vain = 0;
  let said: Buffer = NOTHING;
  let size = 0;

  function keep(bytes: Buffer, from: number, to: number) {
    const wanted = size + to - from;
    if (wanted > said.length) {
      const roomier = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * said.length, wanted));
      said.copy(roomier, 0, 0, size);
      said = roomier;
    }
    bytes.copy(said, size, from, to);
    size = wanted;
  }
  /** Where the event ends that begins here; -1 when it is none of the run. */
  function takeOne(bytes: Buffer, start: number, { before, after, afterPadding }: Shape): number {
    const from = endOfMatch(bytes, start, before);
    const to = endOfText(bytes, from);
    let end = endOfMatch(bytes, to, after);
    if (afterPadding !== null) end = endOfMatch(bytes, endOfText(bytes, end), afterPadding);
    if (end !== -1) keep(bytes, from, to);
    return end;
  }

  return {
    /** Whether these are events of the run and nothing else; then their text has been kept. */
    take(bytes: Buffer): boolean {
      if (shape === null) return false;
      const known = size;
      for (let at = 0; at < bytes.length; ) {
        at = takeOne(bytes, at, shape);
        if (at !== -1) continue;
        size = known;
        return false;
      }
      vain = 0;
      return true;
    },
    isFull: () => size > MOST_BYTES,
    /** The run so far as one event, which is forgotten; none when there was no run. */
    release(): StreamEvent[] {
      if (shape === null || size === 0) return [];
      const { event, before, after, afterPadding } = shape;
      const bytes = Buffer.concat([before, said.subarray(0, size), after, afterPadding ?? NOTHING]);
      size = 0;
      return createEventReader()
        .push(bytes)
        .map(({ data }) => ({ event, value: parseJson(data) }));
    },
    /** Takes an event that has been parsed as the first of a run, when it can be one. After `release`. */
    learn(bytes: Buffer, event: StreamEvent): void {
      shape = vain < MOST_VAIN_SHAPES ? shapeOf(bytes, event) : null;
      if (shape !== null) vain++;
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

/** The field of an event's delta that alone says something. Null for events that say more, such as calls of tools. */
function growingField({ choices, type, delta }: Readonly<Record<string, unknown>>): string | null {
  if (type === "content_block_delta") return only(Object.entries(recordOf(delta)).filter(([key]) => key !== "type"));
  if (!Array.isArray(choices) || choices.length !== 1) return null;
  const choice = recordOf(choices[0]);
  if (choice.delta === undefined) return only([["text", choice.text]]);
  if (!isRecord(choice.delta) || "text" in choice) return null;
  return only(Object.entries(choice.delta).filter(([key]) => key !== "role"));
}

function only(fields: readonly (readonly [string, unknown])[]): string | null {
  const telling = fields.filter(([, value]) => value !== null && value !== "");
  const [field] = telling;
  if (field === undefined || telling.length > 1) return null;
  return GROWING.has(field[0]) && typeof field[1] === "string" ? field[0] : null;
}

/** The text of a field that stands once in an event. */
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

/** Where the closing quote of a JSON text stands; -1 when it is no such text, or does not begin anywhere. */
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
