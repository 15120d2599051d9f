import { byPattern, type Pattern } from "../patterns/pattern.ts";

const SAYS_BORN =
  /(?:\b(?:born|birth(?:day|date)?|dob|geb(?:oren|\.|urtsdatum|urtstag)?|née?|naissance|naci(?:ó|do|da|miento)|nasc(?:ido|ida|eu|imento|ita)|nat[oa]|geboorte(?:datum)?|född|fødselsdato|født|syntymä(?:aika)?|urodz\w{0,6}|doğum))(?![\p{L}\p{N}])[^\d]{0,24}$/iu;

/** Parts of all these words. */
export const BIRTH_HINTS =
  "born birth dob geb née né naissance naci nasc nato nata geboorte född fødsel født syntym urodz doğum".split(" ");

const DATE =
  /(?<![\d./-])(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{1,2}(?:st|nd|rd|th|er|º|\.)? (?:de |of )?\p{L}{3,10}\.?,? (?:de )?(?:18|19|20)\d{2}|\p{L}{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:18|19|20)\d{2})(?![\d/-])/gu;

function isDate(value: string): boolean {
  const numbers = (value.match(/\d+/g) ?? []).map(Number);
  const isWritten = /\p{L}{3}/u.test(value);
  const [first = 0, second = 0, third = 0] = numbers;
  if (isWritten) return first >= 1 && first <= 31;
  const [day, month] = first > 31 ? [third, second] : [first, second];
  return day >= 1 && day <= 31 && month >= 1 && month <= 31 && (day <= 12 || month <= 12);
}

/** A date counts only after a word for a birth. */
export const birthDates: readonly Pattern[] = [
  {
    kind: "date-of-birth",
    group: "date-of-birth",
    label: "Date of birth",
    anchor: "anywhere",
    hints: BIRTH_HINTS,
    find: byPattern({ pattern: DATE, isValid: (value, { before }) => SAYS_BORN.test(before) && isDate(value) }),
  },
];
