import { isIPv4, isIPv6 } from "node:net";
import { countrySpecs, isValidIBAN } from "ibantools";
import { byPattern, type Pattern } from "../patterns/pattern.ts";
import { isLuhn } from "./checksums.ts";

const email: Pattern = {
  kind: "email",
  group: "email",
  label: "E-mail address",
  anchor: "at",
  hints: [],
  find: byPattern({
    pattern:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_%+-][\p{L}\p{N}._%+-]{0,63}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu,
    isValid: (value) => !value.includes("..") && !value.includes(".@"),
  }),
};

/**
 * The first digits of ISO/IEC 7812: 3 to 6 are travel, entertainment and banking, where nearly all cards are, from 12 digits (Maestro) to 19
 * (UnionPay). Of 1 and 2, which are airlines, the ranges of Mastercard, Mir, UATP, enRoute and the older JCB.
 */
const CARD_BEGINNINGS = /^(?:[3-6]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720|20[0-5]|014|149|131)|1800|1\d{14}$)/;
/** Any first digit counts if a word names the kind of number. */
const SAYS_CARD =
  /\b(?:cards?|pan|visa|master ?card|maestro|amex|american express|diners|discover|jcb|union ?pay|debit|credit|kredit\w*|karte\w*|carte|tarjeta|carta|cart\u00e3o)\b[^\d]{0,24}$/iu;
const card: Pattern = {
  kind: "card",
  group: "card",
  label: "Payment card",
  anchor: "digits",
  hints: [],
  find: byPattern({
    pattern: /(?<![\d.,-])\d(?:[ -]?\d){11,18}(?![\d]|[.,-]\d)/g,
    isValid(value, { before }) {
      // The end of a UUID.
      if (value.includes("-") && /[a-f]$/i.test(before)) return false;
      const digits = value.replaceAll(/[ -]/g, "");
      const isCard = CARD_BEGINNINGS.test(digits) || SAYS_CARD.test(before);
      return isCard && isLuhn(digits) && new Set(digits).size > 1;
    },
  }),
};

const IBAN = /(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/g;
const iban: Pattern = {
  kind: "iban",
  group: "iban",
  label: "Bank account (IBAN)",
  anchor: "digits",
  hints: [],
  *find(text) {
    for (const { 0: candidate, index } of text.matchAll(IBAN)) {
      const iban = ibanAt(candidate);
      const next = text[index + (iban?.length ?? 0)] ?? "";
      if (iban !== null && !/[A-Z0-9]/.test(next)) yield { start: index, end: index + iban.length };
    }
  },
};

/** The characters of an IBAN at the beginning of a text. A word after a number looks like a part of it. */
function ibanAt(text: string): string | null {
  const wanted = countrySpecs[text.slice(0, 2)]?.chars ?? null;
  if (wanted === null) return null;
  let end = 0;
  for (let signs = 0; signs < wanted && end < text.length; end++) if (text[end] !== " ") signs++;
  return isValidIBAN(text.slice(0, end).replaceAll(" ", "")) ? text.slice(0, end) : null;
}

/** Addresses that are common or reserved for documentation: RFC 5737, RFC 3849. */
const NOBODYS = /^(?:0\.0\.0\.0|255\.255\.255\.255|127\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|::1$|2001:0?db8:)/i;
/** Some digit of an address of version 4 is followed by a dot. */
const DIGIT_DOTS = [..."0123456789"].map((digit) => `${digit}.`);
const ipv4: Pattern = {
  kind: "ipv4",
  group: "ip-address",
  label: "IP address",
  anchor: "anywhere",
  hints: DIGIT_DOTS,
  find: byPattern({
    pattern: /(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)/g,
    isValid: (value, { before }) =>
      isIPv4(value) && !NOBODYS.test(value) && !/\b(?:v|ver|version|release)[ :=]*$/i.test(before),
  }),
};
/** Each group of an address of version 6 but the first follows a colon. */
const COLON_DIGITS = [..."0123456789abcdef:"].map((digit) => `:${digit}`);
const ipv6: Pattern = {
  kind: "ipv6",
  group: "ip-address",
  label: "IPv6 address",
  anchor: "anywhere",
  hints: COLON_DIGITS,
  find: byPattern({
    pattern: /(?<![\w:.])[0-9a-fA-F]{1,4}(?::{1,2}[0-9a-fA-F]{1,4}){1,7}(?![\w:])/g,
    isValid: (value) => /\d/.test(value) && isIPv6(value) && !NOBODYS.test(value),
  }),
};

export const contacts: readonly Pattern[] = [email, iban];
export const cards: readonly Pattern[] = [card];
export const networkAddresses: readonly Pattern[] = [ipv6, ipv4];
