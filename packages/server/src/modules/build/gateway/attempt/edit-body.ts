type Edit = { readonly start: number; readonly end: number; readonly text: string };
export type BodyEdits = {
  /** The new value of `model`. */
  readonly model: string;
  /** Adds `stream_options.include_usage`. */
  readonly addStreamUsage: boolean;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Replaces the top-level `model` of a JSON object in its text. Every other byte stays the same, including the digits of numbers and
 * the order of keys. A repeated key is replaced each time, because parsers differ in which one counts.
 * The text must be valid JSON. Anything but an object is returned unchanged.
 */
export function editBody(bytes: Buffer, { model, addStreamUsage }: BodyEdits): Buffer {
  const edits: Edit[] = [];
  let hasOptions = false;
  let at = skipBlanks(bytes, 0);
  if (bytes[at] !== OPEN_BRACE) return bytes;
  at = skipBlanks(bytes, at + 1);
  while (bytes[at] === QUOTE) {
    const keyEnd = skipString(bytes, at);
    const key = readKey(bytes, at, keyEnd);
    const start = skipBlanks(bytes, skipPast(bytes, keyEnd, COLON));
    const end = skipValue(bytes, start);
    if (key === "model") edits.push({ start, end, text: JSON.stringify(model) });
    if (key === "stream_options" && addStreamUsage) {
      edits.push({ start, end, text: withUsage(bytes.toString("utf8", start, end)) });
      hasOptions = true;
    }
    at = skipBlanks(bytes, end);
    if (bytes[at] === COMMA) at = skipBlanks(bytes, at + 1);
  }
  if (addStreamUsage && !hasOptions && edits.length > 0) {
    edits.push({ start: at, end: at, text: ',"stream_options":{"include_usage":true}' });
  }
  return splice(bytes, edits);
}

function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end, text } of edits) {
    parts.push(bytes.subarray(from, start), Buffer.from(text));
    from = end;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}

function withUsage(text: string): string {
  const options: unknown = JSON.parse(text);
  return JSON.stringify({ ...(typeof options === "object" ? options : {}), include_usage: true });
}

function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[at]) at++;
  return at;
}

function skipPast(bytes: Buffer, from: number, wanted: number): number {
  const at = skipBlanks(bytes, from);
  return bytes[at] === wanted ? at + 1 : at;
}

/** From an opening quote to just after the closing quote. The search is native because most of a body is long strings. */
function skipString(bytes: Buffer, from: number): number {
  let end = bytes.indexOf(QUOTE, from + 1);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end === -1 ? bytes.length : end + 1;
}

function isEscaped(bytes: Buffer, quote: number): boolean {
  let backslashes = 0;
  while (bytes[quote - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function skipValue(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return skipString(bytes, from);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return skipScalar(bytes, from);
  let depth = 0;
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    at++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) break;
  }
  return at;
}

function skipScalar(bytes: Buffer, from: number): number {
  let at = from;
  for (
    let byte = bytes[at];
    byte !== undefined && byte !== COMMA && byte !== CLOSE_BRACE && byte > 0x20;
    byte = bytes[at]
  )
    at++;
  return at;
}

/** Most keys are plain. A key with an escape is decoded first. */
function readKey(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("latin1", start + 1, end - 1);
  return text.includes("\\") ? String(JSON.parse(bytes.toString("utf8", start, end))) : text;
}
