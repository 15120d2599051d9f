import { expect, test } from "vitest";
import { findPrivate, placeholderOf, replacePrivate } from "./find-private.ts";
import { PRIVATE_GROUPS } from "./patterns/pattern.ts";

const all = new Set(PRIVATE_GROUPS);
const idsIn = (text: string) => findPrivate(text, all).map(({ pattern }) => pattern.kind);
const privateTexts = (text: string) => findPrivate(text, all).map(({ start, end }) => text.slice(start, end));

/** Built from parts, so that scanners of this repository do not report them as real keys. */
const key = (...pieces: readonly string[]) => pieces.join("");
const some = (length: number, from = "a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ") =>
  Array.from({ length }, (_, place) => from[(place * 7) % from.length]).join("");
const letters = (length: number) => some(length, "abcdefghijkmnopqrstuvwxyzABCDEFGHJK");

test.each([
  ["write to Ann.O'Hara+news@mail.example.co.uk today", ["email"]],
  ["jürgen@müller.de", ["email"]],
  // The numbers that card schemes publish for tests.
  ["pay with 4111 1111 1111 1111 now", ["card"]],
  ["378282246310005 or 5555-5555-5555-4444", ["card", "card"]],
  ["Maestro 501800000009 and 6304 0000 0000 0000", ["card", "card"]],
  ["UATP 135412345678911, JCB 213100000000001 and 3530111333300000", ["card", "card", "card"]],
  ["my card 712345678908 was refused", ["card"]],
  // The examples of the SWIFT IBAN registry.
  ["IBAN DE89 3704 0044 0532 0130 00.", ["iban"]],
  ["GB29NWBK60161331926819 and FR1420041010050500013M02606", ["iban", "iban"]],
  ["the host 8.8.8.8 answers, 10.0.0.17 does not", ["ipv4", "ipv4"]],
  ["2a00:1450:4001:829::200e", ["ipv6"]],
  ["call +44 20 7946 0958 or (415) 555-2671", ["phone", "phone"]],
  ["Tel.: 030 / 901820", ["phone"]],
  ["my phone number is 5551234567", ["phone"]],
])("%s", (text, ids) => {
  expect(idsIn(text)).toEqual(ids);
});

/** Specimens: of the authority where it publishes one, otherwise of the description of the checksum. */
test.each([
  ["us-ssn", "SSN 219-09-9999"],
  ["gb-nino", "NI number AB 12 34 56 C"],
  ["gb-nhs", "NHS number 943 476 5919"],
  ["de-tax", "Steuer-ID 86 095 742 719"],
  ["fr-nir", "2 69 05 49 588 157 80"],
  ["es-dni", "DNI 12345678Z"],
  ["es-dni", "NIE X1234567L"],
  ["it-fiscal-code", "RSSMRA85T10A562S"],
  ["nl-bsn", "BSN 111222333"],
  ["be-nrn", "85.07.30-033.28"],
  ["pl-pesel", "PESEL 44051401359"],
  ["se-personnummer", "811228-9874"],
  ["fi-hetu", "131052-308T"],
  ["ca-sin", "130 692 544"],
  ["br-cpf", "529.982.247-25"],
  ["in-aadhaar", "2341 2341 2346"],
  ["cn-resident-id", "11010519491231002X"],
])("a national id, %s: %s", (id, text) => {
  expect(idsIn(text)).toEqual([id]);
});

test.each([
  ["private-key", key("-----BEGIN RSA PRIVATE", " KEY-----\nMIIE\n-----END RSA PRIVATE", " KEY-----")],
  ["aws-access-key", key("AKIA", "IOSFODNN7EXAMPLE")],
  ["aws-secret-key", key("aws_secret_access_key = ", some(40))],
  ["github-token", key("ghp_", some(36))],
  ["gitlab-token", key("glpat-", some(20))],
  ["anthropic-key", key("sk-ant-", "api03-", some(60))],
  ["openai-key", key("sk-proj-", some(48))],
  ["google-key", key("AIza", some(35))],
  ["slack-token", key("xoxb-", "123456789012-", some(24))],
  ["stripe-key", key("sk_live_", some(24))],
  ["twilio-key", key("AC", "0123456789abcdef".repeat(2))],
  ["sendgrid-key", key("SG.", some(22), ".", some(43))],
  ["npm-token", key("npm_", some(36))],
  ["pypi-token", key("pypi-", "AgE", some(80))],
  ["hugging-face-token", key("hf_", letters(34))],
  ["treadle-key", key("tr_", some(43))],
  ["telegram-token", key("123456789:", "AA", some(33))],
  ["azure-key", key("AccountKey=", some(86), "==")],
  ["jwt", key("eyJ", some(20), ".eyJ", some(30), ".", some(43))],
  ["password-in-address", key("postgres://ann:", "hunter22", "@db.internal/app")],
  ["bearer-token", key("Authorization: Bearer ", some(40))],
  ["password", key("api_key: '", some(24), "'")],
])("a secret, %s", (id, text) => {
  expect(idsIn(`before ${text} after`)).toEqual([id]);
});

test.each([
  "I ordered 12345678 of them on 2024-01-15 at 12:30:45.",
  "4111 1111 1111 1112", // fails Luhn
  "DE89 3704 0044 0532 0130 01", // fails mod 97
  "version 1.2.3.4, section 10.2.1 and 999.1.1.1",
  "127.0.0.1 and 192.0.2.7 are nobody's",
  "12345678A", // the letter is wrong
  "std::vector<int> a::b; face::value",
  "password: {{PASSWORD}}, api_key = your_api_key_here",
  "ISBN 978-3-16-148410-0, order 1234-5678",
  "000-12-3456 and 219-00-9999",
  "sk-learn is a library, task-management-software-for-teams a phrase",
  "@mention me, or a@b",
  "$1,234,567.89 + 20 %, 3.14159265358979",
  "0 1 2 3 4 5 6 7 8 9",
])("nothing private: %s", (text) => {
  expect(privateTexts(text)).toEqual([]);
});

/** The given digits, plus the digit that makes the whole number valid. */
function withCheckDigit(start: string): string {
  const sum = [...start].toReversed().reduce((total, sign, place) => {
    const digit = Number(sign) * (place % 2 === 0 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return `${start}${(10 - (sum % 10)) % 10}`;
}

test.each([12, 13, 14, 15, 16, 17, 18, 19])(
  "a card number of %i digits is found if its check digit is right",
  (length) => {
    for (const first of ["34", "4", "50", "51", "58", "60", "63", "67"]) {
      const number = withCheckDigit(some(length - 1 - first.length, "0123456789").replace(/^/, first));
      expect(idsIn(`It is ${number}.`), number).toEqual(["card"]);
      const wrong = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
      expect(idsIn(`It is ${wrong}.`), wrong).not.toContain("card");
    }
  },
);

test("any number of 12 to 19 digits with a right check digit is a card where a word says so", () => {
  for (const length of [12, 15, 19])
    for (const first of ["7", "8", "9"]) {
      const number = withCheckDigit(some(length - 2, "0123456789").replace(/^/, first));
      expect(idsIn(`My credit card number is ${number}.`), number).toEqual(["card"]);
      expect(idsIn(`The order is ${number}.`), number).not.toContain("card");
    }
});

test("a placeholder is the same for the same value all over a dataset, and another one for another dataset", () => {
  const replace = placeholderOf(Buffer.alloc(32, 1));
  const { text } = replacePrivate(
    "Ann@Example.org wrote to bob@example.org, then ann@example.org again.",
    all,
    replace,
  );
  const [first, second, third] = text.match(/\[EMAIL_[0-9A-F]{8}\]/g) ?? [];
  expect(text).toBe(`${first} wrote to ${second}, then ${third} again.`);
  expect(first).toBe(third);
  expect(first).not.toBe(second);
  expect(placeholderOf(Buffer.alloc(32, 2))("ann@example.org", { group: "email" })).not.toBe(first);
});

test("a number is the same however it is grouped", () => {
  const replace = placeholderOf(Buffer.alloc(32, 1));
  expect(replace("4111 1111 1111 1111", { group: "card" })).toBe(
    replace("4111-1111-1111-1111".replaceAll("-", ""), { group: "card" }),
  );
});

test("what was redacted holds nothing private any more", () => {
  const texts = ["ann@example.org +44 20 7946 0958", key("sk-ant-", some(40)), "DE89370400440532013000", "219-09-9999"];
  for (const text of texts) {
    const redacted = replacePrivate(text, all, placeholderOf(Buffer.alloc(32, 7))).text;
    expect(privateTexts(redacted), redacted).toEqual([]);
  }
});

test("a number that looks like many others is a national id only where a word says so", () => {
  expect(idsIn("NHS number 943 476 5919")).toEqual(["gb-nhs"]);
  expect(idsIn("number 943 476 5919")).not.toContain("gb-nhs");
  expect(idsIn("order 111222333")).toEqual([]);
});

test("the whole value is found, and nothing around it", () => {
  expect(privateTexts("SSN 219-09-9999.")).toEqual(["219-09-9999"]);
  expect(privateTexts("at postgres://ann:hunter22@db/app")).toEqual(["hunter22"]);
  expect(privateTexts("reach us (415) 555-2671 today")).toEqual(["(415) 555-2671"]);
});

test("only the requested groups are found", () => {
  const groups = new Set(["card" as const]);
  expect(findPrivate("ann@example.org 4111111111111111", groups).map(({ pattern }) => pattern.kind)).toEqual(["card"]);
});

test.each([
  ["a", 400_000],
  ["1 ", 200_000],
  ["a.", 200_000],
  ["a@", 200_000],
  ["-eyJ", 100_000],
  ["-----BEGIN PRIVATE KEY-----", 15_000],
  ["1:", 200_000],
  ["(1", 200_000],
  ["://a:", 80_000],
  ["AA11", 100_000],
  ["aws secret ", 40_000],
  ["password=", 40_000],
])("time grows with the text: %j times %i", (piece, times) => {
  const started = process.threadCpuUsage();
  findPrivate(piece.repeat(times), all);
  expect(process.threadCpuUsage(started).user).toBeLessThan(5_000_000);
});
