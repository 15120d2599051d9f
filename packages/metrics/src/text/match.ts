import { joinSignature } from "./corpus-metric.ts";
import { splitWords } from "./white-space.ts";

export type NormalizeOptions = {
  /** Compares with case; ignored unless set. */
  readonly caseSensitive?: boolean;
  /** Compares with punctuation and symbols, which otherwise count as nothing. */
  readonly punctuation?: boolean;
  /** Which forms of a character are the same; NFKC unless given, so that full-width letters equal plain ones. */
  readonly form?: "NFC" | "NFKC";
};

/** Whether the output is one of the texts, code unit by code unit; null when there is none. */
export function exactMatch(output: string, expected: readonly string[]): boolean | null {
  return expected.length === 0 ? null : expected.includes(output);
}

/** Whether the output is one of the texts once both are normalised: Unicode form, case, punctuation, runs of white space; null when there is none. */
export function normalizedMatch(
  output: string,
  expected: readonly string[],
  options: NormalizeOptions = {},
): boolean | null {
  if (expected.length === 0) return null;
  const wanted = normalizeText(output, options);
  return expected.some((text) => normalizeText(text, options) === wanted);
}

/** The signature of `normalizedMatch`. */
export const normalizedMatchSignature = ({
  caseSensitive = false,
  punctuation = false,
  form = "NFKC",
}: NormalizeOptions = {}) =>
  joinSignature([
    ["form", form],
    ["case", caseSensitive ? "mixed" : "lc"],
    ["punct", punctuation],
    ["version", 1],
  ]);

/** A text as `normalizedMatch` compares it. */
export function normalizeText(text: string, options: NormalizeOptions = {}): string {
  const { caseSensitive = false, punctuation = false, form = "NFKC" } = options;
  const cased = caseSensitive ? text.normalize(form) : text.normalize(form).toLowerCase();
  return splitWords(punctuation ? cased : cased.replace(/[\p{P}\p{S}]/gu, "")).join(" ");
}
