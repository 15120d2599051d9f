import { expect, test } from "vitest";
import { measurePersonalData } from "../testing/measure-personal-data.ts";
import { COUNTRIES, drawId } from "../testing/people.ts";
import { createDraw } from "../testing/random.ts";
import { prepareText } from "../text/prepare-text.ts";
import { personalData } from "./personal-data.ts";

test("personal data of 12 countries is found with precision of at least .98 and recall of at least .95", () => {
  const { real, found, misses, wrong } = measurePersonalData(COUNTRIES);
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
