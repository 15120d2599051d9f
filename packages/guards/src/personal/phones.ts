import { type CountryCode, findPhoneNumbersInText, isSupportedCountry } from "libphonenumber-js/min";
import { byPattern, digitsOf, type Pattern } from "../patterns/pattern.ts";
import { isLuhn } from "./checksums.ts";

// Up to twenty signs. The digits and how they are grouped decide whether they are a telephone number.
const PHONE = /(?<![\w.,:/#$€£+-])(?:\+|00)?\(?\d(?:[ ()./-]{0,3}\d){6,16}(?![\w]|[.,:/-]\d)/g;
const NORTH_AMERICA = /^(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}$/;
const NATIONAL = /^\(?0[1-9]\d{0,4}\)?(?: ?[/.-] ?| )\(?\d{2,}(?:[ .-]\d{2,})*$/;
const SAYS_PHONE =
  /\b(?:tel|phone|telephone|call|mobile|cell|fax|whatsapp|telefon|handy|rufen|téléphone|appel|teléfono|llam|telefoon|bel|telefone|ligue|telefono|chiam|puhelin|ring|dzwo|teléfono|móvil|portable|celular|cellulare)[\w.]{0,8}[^\d+]{0,14}$/iu;

const phone: Pattern = {
  kind: "phone",
  group: "phone",
  label: "Telephone number",
  anchor: "digits",
  hints: [],
  find: byPattern({ pattern: PHONE, isValid: (value, { before }) => isPhone(value, before) }),
};

function isPhone(value: string, before: string): boolean {
  const digits = digitsOf(value);
  if (new Set(digits).size < 3 || digits.length > 15) return false;
  if (value.startsWith("+")) return digits.length >= 8 && digits[0] !== 0;
  if (NORTH_AMERICA.test(value)) return true;
  if (NATIONAL.test(value)) return digits.length >= 9 && digits.length <= 12;
  return digits.length >= 7 && SAYS_PHONE.test(before) && !isLuhnCard(value);
}

const isLuhnCard = (value: string) => digitsOf(value).length >= 12 && isLuhn(value);

/** Telephone numbers by their form alone. */
export const phones: readonly Pattern[] = [phone];

/** A shorter number is valid in many countries, but rarely a telephone number. */
const FEWEST_DIGITS = 7;
const DATE = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}$/;
const isLikely = (value: string) => !DATE.test(value) && digitsOf(value).length >= FEWEST_DIGITS;

/** Numbers that are valid in a country, however they are written there. */
export const phonesOf = (country: string): Pattern => ({
  ...phone,
  *find(text) {
    if (!isSupportedCountry(country)) return;
    for (const { startsAt, endsAt, number } of findPhoneNumbersInText(text, country as CountryCode))
      if (number.isValid() && isLikely(text.slice(startsAt, endsAt))) yield { start: startsAt, end: endsAt };
  },
});
