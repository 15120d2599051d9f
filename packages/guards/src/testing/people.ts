import { composeIBAN, isValidBBAN } from "ibantools";
import { getExampleNumber } from "libphonenumber-js";
import examples from "libphonenumber-js/mobile/examples";
import { stdnum } from "stdnum";
import type { Draw } from "./random.ts";

type Validate = (value: string) => { readonly isValid: boolean };

/** A country of the test: its number of a person, how people write it, and its other data. */
export type Country = {
  readonly code: "US" | "GB" | "DE" | "FR" | "ES" | "IT" | "NL" | "PL" | "SE" | "BR" | "IN" | "AU";
  readonly idKind: string;
  /** The word before the number. */
  readonly idWord: string;
  drawId(draw: Draw): string;
  /** An independent check, so that the test does not repeat the code it tests. */
  readonly isId: Validate;
  readonly birth: (day: string, month: string, year: string) => string;
};

const checkedBy = (validate: Validate | undefined): Validate => {
  if (!validate) throw new Error("stdnum has no such number.");
  return validate;
};
const { US, GB, DE, FR, ES, IT, NL, PL, SE, BR, IN, AU } = stdnum;

const day = (draw: Draw) => String(1 + draw.below(28)).padStart(2, "0");
const month = (draw: Draw) => String(1 + draw.below(12)).padStart(2, "0");
const spaced = (value: string, groups: readonly number[]) => {
  const starts = groups.map((_, place) => groups.slice(0, place).reduce((sum, size) => sum + size, 0));
  return groups.map((size, place) => value.slice(starts[place], (starts[place] ?? 0) + size)).join(" ");
};

export const COUNTRIES: readonly Country[] = [
  {
    code: "US",
    idKind: "us-ssn",
    idWord: "SSN",
    drawId: (draw) => `${draw.digits(3)}-${draw.digits(2)}-${draw.digits(4)}`,
    isId: checkedBy(US?.ssn?.validate),
    birth: (d, m, y) => `Date of birth: ${m}/${d}/${y}`,
  },
  {
    code: "GB",
    idKind: "gb-nino",
    idWord: "National Insurance",
    drawId: (draw) => `${draw.signs(2, "ABCEGHJKLMNPRSTWXYZ")}${draw.digits(6)}${draw.signs(1, "ABCD")}`,
    isId: checkedBy(GB?.nino?.validate),
    birth: (d, m, y) => `DOB ${d}/${m}/${y}`,
  },
  {
    code: "DE",
    idKind: "de-tax",
    idWord: "Steuer-ID",
    drawId: (draw) => spaced(draw.digits(11), [2, 3, 3, 3]),
    isId: checkedBy(DE?.idnr?.validate),
    birth: (d, m, y) => `geboren am ${d}.${m}.${y}`,
  },
  {
    code: "FR",
    idKind: "fr-nir",
    idWord: "Numéro de sécurité sociale",
    drawId: (draw) => `${draw.signs(1, "12")}${draw.digits(2)}${month(draw)}75${draw.digits(8)}`,
    isId: checkedBy(FR?.nir?.validate),
    birth: (d, m, y) => `née le ${d}/${m}/${y}`,
  },
  {
    code: "ES",
    idKind: "es-dni",
    idWord: "DNI",
    drawId: (draw) => `${draw.digits(8)}${draw.signs(1, "TRWAGMYFPDXBNJZSQVHLCKE")}`,
    isId: checkedBy(ES?.dni?.validate),
    birth: (d, m, y) => `fecha de nacimiento ${d}/${m}/${y}`,
  },
  {
    code: "IT",
    idKind: "it-fiscal-code",
    idWord: "Codice fiscale",
    drawId: (draw) =>
      `RSSMRA${draw.digits(2)}${draw.signs(1, "ABCDEHLMPRST")}${day(draw)}H501${draw.signs(1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")}`,
    isId: checkedBy(IT?.codicefiscale?.validate),
    birth: (d, m, y) => `nata il ${d}/${m}/${y}`,
  },
  {
    code: "NL",
    idKind: "nl-bsn",
    idWord: "BSN",
    drawId: (draw) => draw.digits(9),
    isId: checkedBy(NL?.bsn?.validate),
    birth: (d, m, y) => `geboortedatum ${d}-${m}-${y}`,
  },
  {
    code: "PL",
    idKind: "pl-pesel",
    idWord: "PESEL",
    drawId: (draw) => `${draw.digits(2)}${month(draw)}${day(draw)}${draw.digits(5)}`,
    isId: checkedBy(PL?.pesel?.validate),
    birth: (d, m, y) => `data urodzenia ${d}.${m}.${y}`,
  },
  {
    code: "SE",
    idKind: "se-personnummer",
    idWord: "Personnummer",
    drawId: (draw) => `${draw.digits(2)}${month(draw)}${day(draw)}-${draw.digits(4)}`,
    isId: checkedBy(SE?.personnummer?.validate),
    birth: (d, m, y) => `född ${y}-${m}-${d}`,
  },
  {
    code: "BR",
    idKind: "br-cpf",
    idWord: "CPF",
    drawId: (draw) => `${draw.digits(3)}.${draw.digits(3)}.${draw.digits(3)}-${draw.digits(2)}`,
    isId: checkedBy(BR?.cpf?.validate),
    birth: (d, m, y) => `data de nascimento ${d}/${m}/${y}`,
  },
  {
    code: "IN",
    idKind: "in-aadhaar",
    idWord: "Aadhaar",
    drawId: (draw) => `${draw.signs(1, "23456789")}${draw.digits(3)} ${draw.digits(4)} ${draw.digits(4)}`,
    isId: checkedBy(IN?.aadhaar?.validate),
    birth: (d, m, y) => `DOB: ${d}-${m}-${y}`,
  },
  {
    code: "AU",
    idKind: "au-tfn",
    idWord: "Tax file number",
    drawId: (draw) => spaced(draw.digits(9), [3, 3, 3]),
    isId: checkedBy(AU?.tfn?.validate),
    birth: (d, m, y) => `born ${d}/${m}/${y}`,
  },
];

/** A number that the country's check accepts, or one that it rejects. */
export function drawId(country: Country, draw: Draw, isValid: boolean): string {
  for (;;) {
    const id = country.drawId(draw);
    if (country.isId(id).isValid === isValid) return id;
  }
}

/** Account numbers of banks by country; only the check digits of the IBAN itself are computed. */
const ACCOUNTS: Partial<Record<Country["code"], (draw: Draw) => string>> = {
  GB: (draw) => `NWBK${draw.digits(14)}`,
  DE: (draw) => draw.digits(18),
  NL: (draw) => `ABNA${draw.digits(10)}`,
  SE: (draw) => draw.digits(20),
  PL: (draw) => draw.digits(24),
};

export function drawIban(country: Country, draw: Draw): string | null {
  const drawBban = ACCOUNTS[country.code];
  if (!drawBban) return null;
  let bban = drawBban(draw);
  while (!isValidBBAN(bban, country.code)) bban = drawBban(draw);
  return composeIBAN({ countryCode: country.code, bban });
}

export function drawCard(draw: Draw, isValid: boolean): string {
  const start = draw.from(["4", "51", "55", "2221", "34", "6011"]);
  const body = start + draw.digits((start === "34" ? 14 : 15) - start.length);
  const sum = [...body].toReversed().reduce((total, sign, place) => {
    const digit = Number(sign) * (place % 2 === 0 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  const check = (10 - (sum % 10) + (isValid ? 0 : 1 + draw.below(9))) % 10;
  return `${body}${check}`.replaceAll(/(.{4})(?=.)/g, draw.from(["$1", "$1 ", "$1-"]));
}

export const phoneOf = (country: Country): string =>
  getExampleNumber(country.code, examples)?.format("INTERNATIONAL") ?? "";

export const drawBirth = (country: Country, draw: Draw): readonly [string, string] => {
  const whole = country.birth(day(draw), month(draw), String(1940 + draw.below(65)));
  const date = /[\d./-]{8,}$/.exec(whole)?.[0] ?? "";
  return [whole.slice(0, -date.length), date];
};
