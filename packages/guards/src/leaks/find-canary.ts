import type { Span } from "../finding.ts";
import type { PreparedText } from "../prepared-text.ts";
import { letterTable } from "../text/map-letters.ts";
import { prepareText } from "../text/prepare-text.ts";
import { rot13 } from "../text/rot13.ts";
import { type Squeezed, squeeze } from "./squeeze.ts";

/** The form of a canary in a text: plain, or hidden from a plain search. */
export type CanaryForm = "plain" | "spaced" | "reversed" | "leetspeak" | "rot13" | "base64" | "hex" | "initials";
export type FoundCanary = { readonly canary: string; readonly form: CanaryForm };
export type CanaryPlace = FoundCanary & Span;

const MOST_CHARACTERS = 100_000;
/** A shorter canary would be found by chance in a text without its spaces. */
const LEAST_SQUEEZED = 8;
const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "l",
  "+": "t",
};

const lettersOnly = (sign: string) => (/[a-z0-9]/i.test(sign) ? sign.toLowerCase() : "");
const PLAIN_TABLE = letterTable({}, lettersOnly);
const LEET_TABLE = letterTable(LEET, lettersOnly);

/**
 * The first canary that a text reveals: plain, with characters between its letters, backwards, in leetspeak, rot13,
 * base64, hex or as the first letters of its lines. Null if there is none. Checks the first 100,000 characters.
 */
export function findCanary(text: string, canaries: readonly string[]): FoundCanary | null {
  const [first] = findCanaries(prepareText(text.slice(0, MOST_CHARACTERS)), canaries);
  return first ? { canary: first.canary, form: first.form } : null;
}

/** The place of each canary in a text, in the first form in which the text has it. */
export function findCanaries(prepared: PreparedText, canaries: readonly string[]): CanaryPlace[] {
  const search = openSearch(prepared);
  return canaries.flatMap((canary) => search(canary) ?? []);
}

/** What all canaries are searched in, made once. */
function openSearch({ text, normalized, hidden }: PreparedText): (canary: string) => CanaryPlace | null {
  const plain = normalized.text.toLowerCase();
  const squeezed = squeeze(normalized.text, PLAIN_TABLE);
  const leet = squeeze(normalized.text, LEET_TABLE);
  const lines = initialsOf(text);
  return (canary) => {
    const folded = canary.normalize("NFKC").toLowerCase().trim();
    const place = (form: CanaryForm, span: Span | null): CanaryPlace | null => span && { canary, form, ...span };
    const inView = (span: Span | null) => span && normalized.toOriginal(span);
    const whole = folded === "" ? null : inView(spanOf(plain, folded));
    if (whole) return place(isSpaced(text.slice(whole.start, whole.end), canary) ? "spaced" : "plain", whole);
    const letters = squeeze(folded, PLAIN_TABLE).text;
    if (letters.length < LEAST_SQUEEZED) return null;
    const leetLetters = squeeze(folded, LEET_TABLE).text;
    return (
      place("spaced", inView(spanIn(squeezed, letters))) ??
      place("reversed", inView(spanIn(squeezed, Array.from(letters).reverse().join("")))) ??
      place("leetspeak", inView(spanIn(leet, leetLetters))) ??
      place("rot13", inView(spanIn(squeezed, rot13(letters)))) ??
      place("base64", base64Span(text, canary)) ??
      place("hex", inView(spanIn(squeezed, Buffer.from(canary).toString("hex")))) ??
      decodedPlace(hidden, { canary, letters }) ??
      place("initials", spanIn(lines, letters))
    );
  };
}

const spanOf = (text: string, part: string): Span | null => {
  const start = text.indexOf(part);
  return start < 0 ? null : { start, end: start + part.length };
};

function spanIn({ text, places }: Squeezed, part: string): Span | null {
  const span = spanOf(text, part);
  return span && { start: places[span.start] ?? 0, end: (places[span.end - 1] ?? 0) + 1 };
}

const SIGNS = /[\s\p{P}]/u;
const isSpaced = (piece: string, canary: string) => SIGNS.test(piece) && !SIGNS.test(canary);

/** The first letter or digit of each line. */
function initialsOf(text: string): Squeezed {
  const letters: string[] = [];
  const places: number[] = [];
  for (const { 0: start, index, 1: letter = "" } of text.matchAll(/^[^\p{L}\p{N}\n]{0,40}([\p{L}\p{N}])/gmu)) {
    letters.push(letter.toLowerCase().charAt(0));
    places.push(index + start.length - letter.length);
  }
  return { text: letters.join(""), places: Uint32Array.from(places) };
}

/** Base64 writes three bytes as four signs, so a text inside another one has one of three forms. */
function base64Span(text: string, canary: string): Span | null {
  const bytes = Buffer.from(canary);
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const inner = encoded.slice(
      before === 0 ? 0 : before + 1,
      ((before + bytes.length) * 8) % 6 === 0 ? undefined : -1,
    );
    const span = spanOf(text, inner);
    if (span) return span;
  }
  return null;
}

function decodedPlace(hidden: PreparedText["hidden"], wanted: { readonly canary: string; readonly letters: string }) {
  for (const { view, text, toOriginal } of hidden) {
    if (view !== "base64" && view !== "hex") continue;
    const span = spanIn(squeeze(text, PLAIN_TABLE), wanted.letters);
    if (span) return { canary: wanted.canary, form: view, ...toOriginal(span) };
  }
  return null;
}
