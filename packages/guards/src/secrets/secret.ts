import { crc32 } from "node:zlib";
import { byPattern, type Pattern, type Rule } from "../patterns/pattern.ts";

/** A secret always has hints, so that a text without its words costs nothing more. */
type SecretRule = Rule & { readonly hints: readonly string[] };

export const secret = (kind: string, label: string, { hints, ...rule }: SecretRule): Pattern => ({
  kind,
  group: "secret",
  label,
  anchor: "anywhere",
  hints,
  find: byPattern(rule),
});

/** A token that follows its issuer's prefix and ends where no further letter, digit or `_` follows. */
export const token = (
  kind: string,
  label: string,
  rule: { readonly hints: readonly string[]; readonly form: string },
) =>
  secret(kind, label, {
    hints: rule.hints,
    pattern: new RegExp(`(?<![\\w-])(?:${rule.form})(?![\\w-])`, "g"),
    isValid: isNoPlaceholder,
  });

/** Bits for each sign. A word has about three and a half, a random one of letters and digits more than four. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts.values()].reduce((sum, times) => sum - (times / text.length) * Math.log2(times / text.length), 0);
}

/** Placeholders that look like secrets. */
const PLACEHOLDER =
  /^(?:x{3,}|\*+|\.+|your|my[_-]|example|changeme|placeholder|password|secret|redacted|none|null|undefined|true|false|process\.env|os\.|env[.:_]|<|\$|\{|%|\[|\()/i;
const FILLER = /x{6}|\*{4}|\.{3}|your[_-]|(.)\1{9}/i;

export const isNoPlaceholder = (value: string): boolean => !PLACEHOLDER.test(value) && !FILLER.test(value);
export const isRandom = (value: string): boolean =>
  isNoPlaceholder(value) && entropyOf(value) >= 3.2 && /\d/.test(value) && /[a-z]/i.test(value);

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK_SIGNS = 6;
/** A token with a wrong checksum was never issued, but it may have been typed wrong. */
const WRONG_CHECKSUM = 0.6;

/** GitHub and npm write the CRC-32 of the random part in base 62 at the end of a token. */
export function checksumScore(value: string): number {
  if (!isNoPlaceholder(value)) return 0;
  const random = value.slice(value.indexOf("_") + 1, -CHECK_SIGNS);
  return value.endsWith(checkSigns(random)) ? 1 : WRONG_CHECKSUM;
}

export function checkSigns(random: string): string {
  let rest = crc32(random);
  let signs = "";
  for (let place = 0; place < CHECK_SIGNS; place++) {
    signs = (DIGITS[rest % DIGITS.length] ?? "0") + signs;
    rest = Math.floor(rest / DIGITS.length);
  }
  return signs;
}
