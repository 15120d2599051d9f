import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A sortable id: prefix, 48 bits of milliseconds, 80 random bits, in Crockford's base 32. Such as `key_01jd…`. */
export function newId(prefix: string, now: number = Date.now()): string {
  let time = "";
  for (let rest = now, digit = 0; digit < 10; digit++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  let random = "";
  for (const byte of randomBytes(16)) random += ALPHABET[byte % 32];
  return `${prefix}_${time}${random}`;
}

/** A secret of 256 random bits, in base64url, behind a prefix that scanners and people recognise. */
export const newSecret = (prefix: string) => `${prefix}_${randomBytes(32).toString("base64url")}`;

let pool = Buffer.alloc(0);
let used = 0;

/** Random hexadecimal digits for trace and span ids; drawn from a pool, since a call of the kernel costs more than the bytes. */
function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(4_096);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}

export const newTraceId = () => randomHex(16);
export const newSpanId = () => randomHex(8);
