import { isUtf8 } from "node:buffer";
import type { Span } from "../finding.ts";
import type { TextView } from "../prepared-text.ts";
import { rot13 } from "./rot13.ts";
import { createViewBuilder } from "./view-builder.ts";

/** A shorter run is a word, a name or a number. */
const SHORTEST_RUN = 24;
const MOST_RUNS = 100;
/** Of all decoded runs of a text together. */
const MOST_DECODED = 65_536;

const ALPHABET = new Uint8Array(128);
for (const sign of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
  ALPHABET[sign.charCodeAt(0)] = 1;

/** The first long runs of letters, digits and the other signs of base64. */
function longRuns(text: string): Span[] {
  const runs: Span[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && ALPHABET[text.charCodeAt(at)] === 1) continue;
    if (at - start >= SHORTEST_RUN && runs.push({ start, end: at }) === MOST_RUNS) return runs;
    start = at + 1;
  }
  return runs;
}

const HEX = /^(?:0x)?((?:[0-9a-f]{2})+)$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters tell that the bytes are no text.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Text that is encoded in base64 or hex, one view for each. Bytes that are no text are left out. */
export function decodeRuns(text: string): TextView[] {
  const [base64, hex] = [createViewBuilder(text), createViewBuilder(text)];
  let left = MOST_DECODED;
  for (const span of longRuns(text)) {
    const run = text.slice(span.start, Math.min(span.end, span.start + left * 2));
    const digits = HEX.exec(run)?.[1];
    const decoded = decodeText(Buffer.from(digits ?? run, digits === undefined ? "base64" : "hex"));
    if (decoded === null) continue;
    left -= decoded.length;
    (digits === undefined ? base64 : hex).replace(span, `${decoded}\n`);
    if (left <= 0) break;
  }
  return [...(base64.length() > 0 ? [base64.build("base64")] : []), ...(hex.length() > 0 ? [hex.build("hex")] : [])];
}

/** A run may start in the middle of a group of four or end in the middle of a character; that many bytes may be no text. */
function decodeText(bytes: Buffer): string | null {
  for (let cut = 0; cut < 4 && bytes.length - cut > 8; cut++) {
    const part = bytes.subarray(0, bytes.length - cut);
    if (!isUtf8(part)) continue;
    const decoded = part.toString("utf8");
    return CONTROL.test(decoded) ? null : decoded;
  }
  return null;
}

const PERCENT = /(?:[^\s%"'<>]{0,64}%[0-9a-f]{2}){3,500}[^\s%"'<>]{0,64}/gi;
const BYTES = /(?:%[0-9a-f]{2})+/gi;

/** Text with percent signs in place of its characters, as in addresses. */
export function decodePercents(text: string): TextView | null {
  if (!text.includes("%")) return null;
  const builder = createViewBuilder(text);
  for (const { 0: run, index } of text.matchAll(PERCENT)) {
    if (run.length < SHORTEST_RUN) continue;
    if (builder.length() > MOST_DECODED) break;
    let from = 0;
    for (const { 0: bytes, index: place } of run.matchAll(BYTES)) {
      builder.copy(index + from, index + place);
      from = place + bytes.length;
      builder.replace({ start: index + place, end: index + from }, decodeBytes(bytes));
    }
    builder.copy(index + from, index + run.length);
    builder.replace({ start: index + run.length, end: index + run.length }, "\n");
  }
  return builder.length() > 0 ? builder.build("url") : null;
}

const decodeBytes = (bytes: string): string => Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8");

/** Common words, and words of attacks, as rot13 writes them. */
const ROTATED = /\b(?:gur|naq|lbhe?|jvgu|guvf|gung|cyrnfr|vtaber|cebzcg|vafgehpgvbaf?|flfgrz|cnffjbeq|frperg)\b/i;
const LINES = /[^\n]{24,2000}/g;

/** Lines that are English once each letter is moved by thirteen places. */
export function decodeRotated(text: string): TextView | null {
  if (!ROTATED.test(text)) return null;
  const builder = createViewBuilder(text);
  for (const { 0: line, index } of text.matchAll(LINES)) {
    if (builder.length() > MOST_DECODED) break;
    if (ROTATED.test(line)) builder.replaceEach(index, rot13(line));
  }
  return builder.length() > 0 ? builder.build("rot13") : null;
}
