import type { Span } from "../finding.ts";

/** The groups of private data that a person chooses from. */
export const PRIVATE_GROUPS = [
  "email",
  "phone",
  "card",
  "iban",
  "ip-address",
  "national-id",
  "date-of-birth",
  "secret",
] as const;
export type PrivateGroup = (typeof PRIVATE_GROUPS)[number];

/** What every match of a pattern has in it. Texts are searched only around such places. */
export type Anchor = "digits" | "at" | "anywhere";

/** A place with what was looked for, and how sure that is: 1 if nothing else is given. */
export type Candidate = Span & { readonly score?: number };

/** Private data that can be recognized by its form, mostly with a checksum. */
export type Pattern = {
  /** The kind of its findings, for example `us-ssn` or `github-token`. */
  readonly kind: string;
  readonly group: PrivateGroup;
  readonly label: string;
  readonly anchor: Anchor;
  /** In lower case. Each match has one of these in it, or just before it. */
  readonly hints: readonly string[];
  /**
   * Reads the text once. A pattern may start at every character, so it reads a bounded number of characters from each.
   * Time therefore grows linearly with the text, whatever it contains.
   */
  find(text: string): Iterable<Candidate>;
};

/** Words before and after a candidate. */
export type Around = { readonly before: string; readonly after: string };

export type Rule = {
  /** A global pattern. With a group named `value` only that group is the finding. */
  readonly pattern: RegExp;
  /** Whether a candidate counts, or how sure it is from 0 to 1. */
  readonly isValid?: (value: string, around: Around) => boolean | number;
};

/** Characters around a finding in which a word may say what it is. */
const NEAR = 40;

/** The search of one pattern with a check. */
export const byPattern = ({ pattern, isValid }: Rule): Pattern["find"] =>
  function* find(text) {
    for (const match of text.matchAll(pattern)) {
      const value = match.groups?.value ?? match[0];
      const start = match.index + match[0].lastIndexOf(value);
      const end = start + value.length;
      const score = isValid ? Number(isValid(value, wordsAround(text, { start, end }))) : 1;
      if (score > 0) yield { start, end, score };
    }
  };

const wordsAround = (text: string, { start, end }: Span): Around => ({
  before: text.slice(Math.max(0, start - NEAR), start),
  after: text.slice(end, end + NEAR),
});

/** The digits of a text that has other signs between them. */
export const digitsOf = (text: string): number[] => [...text].filter((sign) => sign >= "0" && sign <= "9").map(Number);

/** A number that resembles many other numbers counts only if a word next to it names its kind. */
export const whenNamed =
  (words: RegExp, isValid: (value: string) => boolean) =>
  (value: string, { before, after }: Around): boolean =>
    (words.test(before) || words.test(after)) && isValid(value);
