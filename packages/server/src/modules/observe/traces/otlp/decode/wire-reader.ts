import { AppError } from "../../../../../kernel/errors.ts";
import { createKeyReader } from "./read-key.ts";

/** How many more messages may be read of a request. */
type Budget = { left: number };
/** A place in a protobuf message, and where the message ends. */
export type Cursor = { readonly bytes: Buffer; at: number; readonly end: number; readonly budget: Budget };

/** How a field's value is laid out. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
const START_GROUP = 3;
const END_GROUP = 4;
export const FIXED32 = 5;

const MAX_VARINT_BYTES = 10;
const MAX_GROUPS = 32;
/**
 * An attribute takes two. Each takes at worst a few hundred bytes of memory, and an empty one two bytes of a request.
 */
const MAX_MESSAGES = 4_000_000;

export const malformed = (what: string) =>
  new AppError("invalid_request", { message: `The body is not a valid OTLP message in protobuf: ${what}.` });

const tooMany = () =>
  new AppError("payload_too_large", {
    message: "The request has more values than the limit. Configure the sender to export smaller batches.",
  });

export const cursorOf = (bytes: Buffer): Cursor => ({
  bytes,
  at: 0,
  end: bytes.length,
  budget: { left: MAX_MESSAGES },
});

/** The number and the layout of the next field, as `number << 3 | layout`; 0 at the end of the message. */
export function readTag(cursor: Cursor): number {
  if (cursor.at >= cursor.end) return 0;
  const tag = readVarint(cursor);
  if (tag < 8 || tag > 0xffffffff) throw malformed(`there is no field with the tag ${tag}`);
  return tag;
}

/** An unsigned number. What does not fit 2^53 loses its lowest digits: see `readInt64` for values. */
export function readVarint(cursor: Cursor): number {
  const { bytes, end } = cursor;
  let value = 0;
  let scale = 1;
  for (let count = 0; count < MAX_VARINT_BYTES; count++) {
    if (cursor.at >= end) throw malformed("it ends in the middle of a number");
    const byte = bytes[cursor.at++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  throw malformed("a number is longer than ten bytes");
}

/** A signed 64-bit number; as its digits where a double does not hold it exactly. */
export function readInt64(cursor: Cursor): number | string {
  const start = cursor.at;
  const value = readVarint(cursor);
  if (value <= Number.MAX_SAFE_INTEGER) return value;
  let exact = 0n;
  for (let at = cursor.at - 1; at >= start; at--) exact = (exact << 7n) | BigInt((cursor.bytes[at] ?? 0) & 0x7f);
  const signed = BigInt.asIntN(64, exact);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : String(signed);
}

/** Nanoseconds since 1970 as whole microseconds. */
export function readNanos(cursor: Cursor): number {
  const from = take(cursor, 8);
  const low = cursor.bytes.readUInt32LE(from);
  const high = cursor.bytes.readUInt32LE(from + 4);
  // 2^32 is 4,294,967 times a thousand and 296: in two parts, each exact.
  return high * 4_294_967 + Math.floor((high * 296 + low) / 1_000);
}

export const readDouble = (cursor: Cursor): number => cursor.bytes.readDoubleLE(take(cursor, 8));

/** A nested message or list. Reading continues after it. */
export function readMessage(cursor: Cursor): Cursor {
  const length = readVarint(cursor);
  const from = take(cursor, length);
  const { bytes, budget } = cursor;
  budget.left -= 1;
  if (budget.left < 0) throw tooMany();
  return { bytes, at: from, end: from + length, budget };
}

/** Invalid UTF-8 becomes U+FFFD. */
export function readText(cursor: Cursor): string {
  const length = readVarint(cursor);
  const from = take(cursor, length);
  return cursor.bytes.toString("utf8", from, from + length);
}

const keys = createKeyReader();

/** A text that comes again and again, such as an attribute's name. */
export function readKey(cursor: Cursor): string {
  const length = readVarint(cursor);
  return keys.read(cursor.bytes, take(cursor, length), length);
}

export function readHex(cursor: Cursor): string {
  const length = readVarint(cursor);
  const from = take(cursor, length);
  return cursor.bytes.toString("hex", from, from + length);
}

/** The last byte of a field of bytes; -1 when it is empty. */
export function readLastByte(cursor: Cursor): number {
  const length = readVarint(cursor);
  const from = take(cursor, length);
  return length === 0 ? -1 : (cursor.bytes[from + length - 1] ?? -1);
}

export function readBase64(cursor: Cursor): string {
  const length = readVarint(cursor);
  const from = take(cursor, length);
  return cursor.bytes.toString("base64", from, from + length);
}

/** Goes past a field that is not known, or that is laid out as it should not be. */
export function skipField(cursor: Cursor, tag: number, depth = 0): void {
  const layout = tag & 7;
  if (layout === VARINT) readVarint(cursor);
  else if (layout === FIXED64) take(cursor, 8);
  else if (layout === LENGTH) take(cursor, readVarint(cursor));
  else if (layout === FIXED32) take(cursor, 4);
  else if (layout === START_GROUP && depth < MAX_GROUPS) skipGroup(cursor, tag, depth);
  else throw malformed(`a field has the unknown wire type ${layout}`);
}

function skipGroup(cursor: Cursor, tag: number, depth: number): void {
  for (let next = readTag(cursor); next !== 0; next = readTag(cursor)) {
    if ((next & 7) === END_GROUP && next >>> 3 === tag >>> 3) return;
    skipField(cursor, next, depth + 1);
  }
  throw malformed("it ends in the middle of a group");
}

/** The place of the next `length` bytes, and goes past them. */
function take(cursor: Cursor, length: number): number {
  const from = cursor.at;
  if (length > cursor.end - from) throw malformed("a field is longer than the message that contains it");
  cursor.at = from + length;
  return from;
}
