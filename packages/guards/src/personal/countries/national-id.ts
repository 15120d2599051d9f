import { byPattern, type Pattern, type Rule, whenNamed } from "../../patterns/pattern.ts";

export const nationalId = (kind: string, label: string, rule: Rule): Pattern => ({
  kind,
  group: "national-id",
  label,
  anchor: "digits",
  hints: [],
  find: byPattern(rule),
});

type Validate = (value: string) => { readonly isValid: boolean };
type Numbered = {
  readonly pattern: RegExp;
  readonly validate: Validate;
  /** The number counts only next to one of these. Short checksums are right by chance. */
  readonly words?: RegExp;
};

/** A number that `stdnum` checks. */
export const checked = (kind: string, label: string, { pattern, validate, words }: Numbered): Pattern => {
  const isValid = (value: string) => validate(value).isValid;
  return nationalId(kind, label, { pattern, isValid: words ? whenNamed(words, isValid) : isValid });
};
