import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The number of digits for the position of an id among ids of the same millisecond: 20 bits. */
const PLACE_DIGITS = 4;
const RANDOM_DIGITS = 12;
let lastTime = 0;
let place = 0;

/**
 * A sortable id: prefix, 48 bits of milliseconds, 20 bits that rise within a millisecond from a random start, 60 random
 * bits, in Crockford's base 32. Such as `key_01jd…`. Those that one process makes sort in the
 * order in which it made them, as long as its clock does not go back.
 */
export function newId(prefix: string, now: number = Date.now()): string {
  // A start in the lower half leaves half a million ids for one millisecond.
  if (now === lastTime) place++;
  else place = drawPlace();
  lastTime = now;
  let random = "";
  const from = take(RANDOM_DIGITS);
  for (let at = from; at < from + RANDOM_DIGITS; at++) random += ALPHABET[(pool[at] ?? 0) % 32];
  return `${prefix}_${encode(now, 10)}${encode(place, PLACE_DIGITS)}${random}`;
}

function drawPlace(): number {
  const from = take(2);
  return pool.readUInt16LE(from) << 3;
}

function encode(value: number, digits: number): string {
  let text = "";
  for (let rest = value, digit = 0; digit < digits; digit++, rest = Math.floor(rest / 32))
    text = ALPHABET[rest % 32] + text;
  return text;
}

/** A secret of 256 random bits, in base64url, behind a prefix that scanners and people recognise. */
export const newSecret = (prefix: string) => `${prefix}_${randomBytes(32).toString("base64url")}`;

let pool = Buffer.alloc(0);
let used = 0;

/** Takes random bytes from a pool, since a call of the kernel costs more than the bytes, and gives where they begin. */
function take(count: number): number {
  if (used + count > pool.length) {
    pool = randomBytes(4_096);
    used = 0;
  }
  used += count;
  return used - count;
}

function hexOf(count: number): string {
  const from = take(count);
  return pool.toString("hex", from, from + count);
}

export const newTraceId = () => hexOf(16);
export const newSpanId = () => hexOf(8);
