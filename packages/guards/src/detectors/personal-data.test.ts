import { expect, test } from "vitest";
import { COUNTRIES, type Country, drawBirth, drawCard, drawIban, drawId, phoneOf } from "../testing/people.ts";
import { createDraw, type Draw } from "../testing/random.ts";
import { prepareText } from "../text/prepare-text.ts";
import { personalData } from "./personal-data.ts";

/** A value in a sentence. Kind is null if it only resembles personal data. */
type Planted = { readonly before: string; readonly value: string; readonly kind: string | null };

const ROUNDS = 40;
const PROSE = [
  "The report of the meeting is ready",
  "We moved the date again",
  "Please answer before noon",
  "It works",
];

/** Personal data with the words that people write before it. */
function drawReal(country: Country, draw: Draw): Planted[] {
  const iban = drawIban(country, draw);
  const [beforeBirth, date] = drawBirth(country, draw);
  return [
    { before: `${country.idWord} `, value: drawId(country, draw, true), kind: country.idKind },
    { before: "pay with ", value: drawCard(draw, true), kind: "card" },
    { before: "write to ", value: `ann.${draw.digits(3)}@example-${country.code.toLowerCase()}.org`, kind: "email" },
    { before: "call ", value: phoneOf(country), kind: "phone" },
    { before: beforeBirth, value: date, kind: "date-of-birth" },
    { before: "from host ", value: `81.${draw.below(250)}.${draw.below(250)}.${1 + draw.below(250)}`, kind: "ipv4" },
    ...(iban ? [{ before: "transfer to ", value: iban, kind: "iban" }] : []),
  ];
}

/** Values of the same form that are none: wrong check digits, order numbers, versions, dates of meetings. */
function drawFalse(country: Country, draw: Draw): Planted[] {
  const iban = drawIban(country, draw);
  const values: [string, string][] = [
    ["order ", draw.digits(8)],
    ["ticket ", draw.digits(9)],
    ["item ", drawCard(draw, false).replaceAll(/[ -]/g, "")],
    ["version ", `${draw.below(20)}.${draw.below(20)}.${draw.below(99)}.${draw.below(99)}`],
    ["the meeting of ", `${1 + draw.below(12)}/${1 + draw.below(28)}/2026`],
    ["at ", `2026-11-${10 + draw.below(18)} 1${draw.below(9)}:${10 + draw.below(49)}:${10 + draw.below(49)}`],
    ["commit ", draw.signs(40, "0123456789abcdef")],
    [
      "id ",
      `${draw.signs(8, "0123456789abcdef")}-${draw.digits(4)}-4${draw.digits(3)}-a${draw.digits(3)}-${draw.digits(12)}`,
    ],
    ["price ", `${draw.below(999)},${draw.digits(3)}.${draw.digits(2)}`],
    ["timestamp ", `17${draw.digits(11)}`],
  ];
  if (!["us-ssn", "gb-nino"].includes(country.idKind))
    values.push([`${country.idWord} `, drawId(country, draw, false)]);
  if (iban)
    values.push(["reference ", iban.replace(/\d{2}/, (check) => String((Number(check) + 1) % 97).padStart(2, "0"))]);
  return values.map(([before, value]) => ({ before, value, kind: null }));
}

/** Texts of one to three lines, each with one value, and how many values were found with the right kind and place. */
function measure(countries: readonly Country[]) {
  const draw = createDraw(23);
  const misses: string[] = [];
  const wrong: string[] = [];
  let [real, found] = [0, 0];
  for (const country of countries)
    for (let round = 0; round < ROUNDS; round++)
      for (const { before, value, kind } of [...drawReal(country, draw), ...drawFalse(country, draw)]) {
        const start = `${draw.from(PROSE)}, ${before}`;
        const text = `${start}${value} ${draw.from(PROSE).toLowerCase()}.`;
        const findings = personalData.find(prepareText(text), {});
        const isRight = (finding: (typeof findings)[number]) =>
          finding.kind === kind && finding.start === start.length && finding.end === start.length + value.length;
        if (kind !== null) real++;
        if (kind !== null && findings.some(isRight)) found++;
        else if (kind !== null) misses.push(`${country.code} ${kind}: ${text}`);
        wrong.push(...findings.filter((one) => !isRight(one)).map((one) => `${country.code} ${one.kind}: ${text}`));
      }
  return { real, found, misses, wrong };
}

test("personal data of 12 countries is found with precision of at least .98 and recall of at least .95", () => {
  const { real, found, misses, wrong } = measure(COUNTRIES);
  const sample = { misses: misses.slice(0, 12), wrong: wrong.slice(0, 12) };
  expect(real).toBeGreaterThan(2500);
  expect(found / real, JSON.stringify(sample, null, 1)).toBeGreaterThanOrEqual(0.95);
  expect(found / (found + wrong.length), JSON.stringify(sample, null, 1)).toBeGreaterThanOrEqual(0.98);
});

test("a short number counts only next to a word that names it", () => {
  const draw = createDraw(5);
  for (const country of COUNTRIES.filter(({ code }) => ["DE", "NL", "PL", "AU"].includes(code))) {
    const id = drawId(country, draw, true);
    const kinds = (text: string) => personalData.find(prepareText(text), {}).map(({ kind }) => kind);
    expect(kinds(`${country.idWord} ${id}`)).toContain(country.idKind);
    expect(kinds(`number ${id}`)).not.toContain(country.idKind);
  }
});

test.each([
  ["at-svnr", "SVNR 1237 010180"],
  ["ch-ahv", "756.9217.0769.85"],
  ["dk-cpr", "CPR 211062-5629"],
  ["no-fodselsnummer", "fødselsnummer 151086 95088"],
  ["pt-nif", "NIF 123456789"],
  ["ro-cnp", "CNP 1630615123457"],
  ["tr-identity-number", "TC kimlik no 17291716060"],
  ["za-identity-number", "ID number 7503305044089"],
  ["kr-rrn", "971013-9019902"],
  ["mx-curp", "BOXW310820HNERXN09"],
  ["cl-rut", "RUT 12.531.909-2"],
  ["hr-oib", "OIB 33392005961"],
])("%s is found in %s", (kind, text) => {
  expect(personalData.find(prepareText(text), {}).map((finding) => finding.kind)).toContain(kind);
});

test("the options choose groups and countries", () => {
  const text = prepareText("ann@example.org, SSN 219-09-9999, BSN 111222333, Telefon (030) 901820-00");
  const kinds = (options: Parameters<typeof personalData.find>[1]) =>
    personalData.find(text, options).map(({ kind }) => kind);
  expect(kinds({ groups: ["email"] })).toEqual(["email"]);
  expect(kinds({ groups: ["national-id"], countries: ["NL"] })).toEqual(["nl-bsn"]);
});

test("with a country, a number as it is written there is found, and no other", () => {
  const find = (text: string, countries: string[]) =>
    personalData
      .find(prepareText(text), { groups: ["phone"], countries })
      .map(({ start, end }) => text.slice(start, end));
  expect(find("ruf an 030 23125000 bitte", ["de"])).toEqual(["030 23125000"]);
  expect(find("order 2312500044 of today", [])).toEqual([]);
});

test.each([
  ["in full-width digits", "card ４１１１ １１１１ １１１１ １１１１"],
  ["with invisible characters", "card 4111\u200b1111\u200b1111\u200b1111"],
  ["in base64", `see ${Buffer.from("the card is 4111 1111 1111 1111").toString("base64")}`],
  ["in percent signs", "?q=%34%31%31%31%20%31%31%31%31%201111%201111&a=1"],
])("a card is found %s, at a place of the text", (_, text) => {
  const [finding] = personalData.find(prepareText(text), {});
  expect(finding?.kind).toBe("card");
  expect(finding?.view).not.toBe("text");
  expect(text.slice(finding?.start, finding?.end)).toMatch(/1|１|M/);
});
