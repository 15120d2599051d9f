import { personalData } from "../detectors/personal-data.ts";
import { prepareText } from "../text/prepare-text.ts";
import { type Country, drawBirth, drawCard, drawIban, drawId, phoneOf } from "./people.ts";
import { createDraw, type Draw } from "./random.ts";

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

/** Texts of one sentence, each with one value, and how many values were found with the right kind and place. */
export function measurePersonalData(countries: readonly Country[]) {
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
