/** A place in a text: the first character and the one after the last. */
export type Span = { readonly start: number; readonly end: number };

export const PRIVATE_KINDS = ["email", "phone", "card", "iban", "ip-address", "national-id", "secret"] as const;
export type PrivateKind = (typeof PRIVATE_KINDS)[number];

/** Private data that can be recognized by its form, mostly with a checksum. */
export type Detector = {
  /** For example `us-ssn` or `github-token`. */
  readonly id: string;
  readonly kind: PrivateKind;
  readonly label: string;
  /**
   * Reads the text once. A pattern may start at every character, so it reads a bounded number of characters from each.
   * Time therefore grows linearly with the text, whatever it contains.
   */
  find(text: string): Iterable<Span>;
};

type Rule = {
  /** A global pattern. With a group named `value` only that group is the finding. */
  readonly pattern: RegExp;
  /** Required words, in lower case. Texts without one are skipped. */
  readonly hints?: readonly string[];
  readonly isValid?: (value: string, around: { readonly before: string; readonly after: string }) => boolean;
};

/** Characters around a finding in which a word may say what it is. */
const NEAR = 40;

/** A detector of one pattern with a check. */
export const byPattern = ({ pattern, hints, isValid }: Rule): Detector["find"] =>
  function* find(text) {
    if (hints && !hints.some((hint) => text.includes(hint))) return;
    for (const match of text.matchAll(pattern)) {
      const value = match.groups?.value ?? match[0];
      const start = match.index + match[0].lastIndexOf(value);
      const end = start + value.length;
      const before = text.slice(Math.max(0, start - NEAR), start);
      if (!isValid || isValid(value, { before, after: text.slice(end, end + NEAR) })) yield { start, end };
    }
  };

/** The digits of a text that has other signs between them. */
export const digitsOf = (text: string): number[] => [...text].filter((sign) => sign >= "0" && sign <= "9").map(Number);

/** True if the words before or after confirm an ambiguous pattern. */
export const named =
  (pattern: RegExp) =>
  (_: string, { before, after }: { before: string; after: string }) =>
    pattern.test(before) || pattern.test(after);
