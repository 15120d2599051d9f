import { byPattern, type Pattern, type Rule, whenNamed } from "../../patterns/pattern.ts";

type IdRule = Rule & { readonly hints?: readonly string[] };

export const nationalId = (kind: string, label: string, { hints = [], ...rule }: IdRule): Pattern => ({
  kind,
  group: "national-id",
  label,
  anchor: "digits",
  hints,
  find: byPattern(rule),
});

type Validate = (value: string) => { readonly isValid: boolean };
type Numbered = {
  readonly pattern: RegExp;
  readonly validate: Validate;
  /** The number counts only next to one of these. Short checksums are right by chance. */
  readonly words?: RegExp;
  /** Parts of all these words in lower case. */
  readonly hints?: readonly string[];
};

/** A number that `stdnum` checks. */
export const checked = (kind: string, label: string, { pattern, validate, words, hints }: Numbered): Pattern => {
  const isValid = (value: string) => validate(value).isValid;
  return nationalId(kind, label, { hints, pattern, isValid: words ? whenNamed(words, isValid) : isValid });
};
