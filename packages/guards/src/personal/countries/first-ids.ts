import { digitsOf, type Pattern, whenNamed } from "../../patterns/pattern.ts";
import { isDay, isLuhn, isMod1110, isVerhoeff, weigh } from "../checksums.ts";
import { nationalId } from "./national-id.ts";

const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
const isSpanish = (value: string) => {
  const number = Number(value.slice(0, -1).replace(/[ -]/g, "").replace("X", "0").replace("Y", "1").replace("Z", "2"));
  return LETTERS[number % 23] === value.at(-1);
};

/** Decreto ministeriale 12 March 1974: letters and digits have other values at odd places. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const isItalian = (value: string) => {
  const sum = [...value.slice(0, 15)].reduce((total, sign, place) => {
    const rank = /\d/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65;
    return total + (place % 2 === 0 ? (ODD[rank] ?? 0) : rank);
  }, 0);
  return String.fromCharCode(65 + (sum % 26)) === value.at(-1);
};

const isFrench = (value: string) => {
  const plain = value.replaceAll(" ", "").replace("2A", "19").replace("2B", "18");
  return 97 - (Number(plain.slice(0, 13)) % 97) === Number(plain.slice(13));
};

const isBrazilian = (value: string) => {
  const digits = digitsOf(value);
  const check = (length: number) =>
    ((weigh(
      digits,
      Array.from({ length }, (_, place) => length + 1 - place),
    ) *
      10) %
      11) %
    10;
  return new Set(digits).size > 1 && check(9) === digits[9] && check(10) === digits[10];
};

const isChinese = (value: string) => {
  const sum = weigh(digitsOf(value.slice(0, 17)), [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return isDay(value.slice(6, 14)) && "10X98765432"[sum % 11] === value.at(-1)?.toUpperCase();
};

const isBritishHealth = (value: string) => {
  const digits = digitsOf(value);
  return (11 - (weigh(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digits[9];
};

const isDutch = (value: string) => weigh(digitsOf(value), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
const isPolish = (value: string) => weigh(digitsOf(value), [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
const isFinnish = (value: string) =>
  "0123456789ABCDEFHJKLMNPRSTUVWXY"[Number(value.slice(0, 6) + value.slice(7, 10)) % 31] === value.at(-1);
const isBelgian = (value: string) => {
  const digits = value.replaceAll(/\D/g, "");
  const check = Number(digits.slice(9));
  return [digits.slice(0, 9), `2${digits.slice(0, 9)}`].some((number) => 97 - (Number(number) % 97) === check);
};

/** Numbers with checksums of our own. */
export const firstIds: readonly Pattern[] = [
  nationalId("us-ssn", "US social security number", {
    pattern: /(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])/g,
  }),
  nationalId("gb-nino", "UK national insurance number", {
    pattern:
      /(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d{2}){3} ?[A-D](?![A-Z0-9])/g,
  }),
  nationalId("gb-nhs", "UK health service number", {
    hints: ["nhs"],
    pattern: /(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)/g,
    isValid: whenNamed(/\bNHS\b/, isBritishHealth),
  }),
  nationalId("de-tax", "German tax number", {
    hints: ["steuer", "tax", "idnr", "tin"],
    pattern: /(?<!\d)[1-9]\d ?\d{3} ?\d{3} ?\d{3}(?!\d)/g,
    isValid: whenNamed(/steuer|\b(?:tax|IdNr|TIN)\b/i, (value) => isMod1110(digitsOf(value))),
  }),
  nationalId("fr-nir", "French social security number", {
    pattern: /(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\d)/g,
    isValid: isFrench,
  }),
  nationalId("es-dni", "Spanish identity number", {
    pattern: /(?<![A-Z0-9])(?:\d{8}|[XYZ]-?\d{7})[ -]?[A-HJ-NP-TV-Z](?![A-Z0-9])/g,
    isValid: isSpanish,
  }),
  nationalId("it-fiscal-code", "Italian tax code", {
    pattern: /(?<![A-Z0-9])[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![A-Z0-9])/g,
    isValid: isItalian,
  }),
  nationalId("nl-bsn", "Dutch citizen number", {
    hints: ["bsn", "burgerservice", "sofi"],
    pattern: /(?<!\d)\d{9}(?!\d)/g,
    isValid: whenNamed(/\b(?:BSN|burgerservicenummer|sofi)/i, isDutch),
  }),
  nationalId("be-nrn", "Belgian national number", {
    pattern: /(?<!\d)\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?!\d)/g,
    isValid: isBelgian,
  }),
  nationalId("pl-pesel", "Polish PESEL", {
    hints: ["pesel"],
    pattern: /(?<!\d)\d{11}(?!\d)/g,
    isValid: whenNamed(/\bPESEL\b/i, isPolish),
  }),
  nationalId("se-personnummer", "Swedish personal number", {
    pattern: /(?<![\d-])(?:19|20)?(?<value>\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4})(?![\d-])/g,
    isValid: isLuhn,
  }),
  nationalId("fi-hetu", "Finnish personal code", {
    pattern: /(?<![\w-])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?!\w)/g,
    isValid: isFinnish,
  }),
  nationalId("ca-sin", "Canadian social insurance number", {
    pattern: /(?<![\d-])[1-79]\d{2}([- ])\d{3}\1\d{3}(?![\d-])/g,
    isValid: (value) => isLuhn(value),
  }),
  nationalId("br-cpf", "Brazilian CPF", { pattern: /(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/g, isValid: isBrazilian }),
  nationalId("in-aadhaar", "Indian Aadhaar", {
    pattern: /(?<!\d)[2-9]\d{3} \d{4} \d{4}(?! ?\d)/g,
    isValid: (value) => isVerhoeff(digitsOf(value)),
  }),
  nationalId("cn-resident-id", "Chinese resident number", {
    pattern: /(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?![\dXx])/g,
    isValid: isChinese,
  }),
];
