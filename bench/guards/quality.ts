// Measures what the detectors of personal data and secrets find and what they report wrongly, and writes the tables of
// docs/reference/guard-results.md. The texts are made by the script, so it needs no data. Usage: node bench/guards/quality.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { secrets } from "../../packages/guards/src/detectors/secrets.ts";
import { measurePersonalData } from "../../packages/guards/src/testing/measure-personal-data.ts";
import { ownTexts } from "../../packages/guards/src/testing/own-files.ts";
import { COUNTRIES } from "../../packages/guards/src/testing/people.ts";
import { PLANTED_SECRETS, SURROUNDINGS } from "../../packages/guards/src/testing/planted-secrets.ts";
import { prepareText } from "../../packages/guards/src/text/prepare-text.ts";
import { wilsonInterval } from "../../packages/metrics/src/index.ts";

const PAGE = join(import.meta.dirname, "../../docs/reference/guard-results.md");
const ROUNDS = 5;

const percent = (share: number) => (share * 100).toFixed(1);
/** A share in percent with its 95 % interval. */
function shareOf(count: number, total: number): string {
  const interval = wilsonInterval({ successes: count, n: total });
  return interval === null ? "none" : `${percent(count / total)} (${interval.map(percent).join("–")})`;
}
const row = (...cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;

function personalDataTable(): string[] {
  const rows = COUNTRIES.map((country) => {
    const { real, found, wrong } = measurePersonalData([country]);
    return row(country.code, real, shareOf(found, real), shareOf(found, found + wrong.length));
  });
  const { real, found, wrong } = measurePersonalData(COUNTRIES);
  return [
    row("Country", "Values", "Recall", "Precision"),
    row("---", "---", "---", "---"),
    ...rows,
    row("All", real, shareOf(found, real), shareOf(found, found + wrong.length)),
  ];
}

function secretsTable(): string[] {
  const kindsIn = (text: string) => secrets.find(prepareText(text), undefined).map(({ kind }) => kind);
  const texts = Object.entries(PLANTED_SECRETS).flatMap(([kind, make]) =>
    SURROUNDINGS.flatMap((surround) => Array.from({ length: ROUNDS }, () => ({ kind, text: surround(make()) }))),
  );
  const found = texts.filter(({ kind, text }) => kindsIn(text).includes(kind)).length;
  let [files, wrong] = [0, 0];
  for (const { text } of ownTexts()) {
    files++;
    wrong += kindsIn(text).length;
  }
  return [
    row("Texts", "Number", "Result"),
    row("---", "---", "---"),
    row(
      `planted secrets of ${Object.keys(PLANTED_SECRETS).length} kinds`,
      texts.length,
      `recall ${shareOf(found, texts.length)}`,
    ),
    row("docs and code of this repository, files", files, `${wrong} findings that are no secrets`),
    row("both", texts.length + files, `precision ${shareOf(found, found + wrong)}`),
  ];
}

const page = readFileSync(PAGE, "utf8");
const tables = ["### Personal data", "", ...personalDataTable(), "", "### Secrets", "", ...secretsTable()].join("\n");
writeFileSync(PAGE, page.replace(/(<!-- results -->\n).*(\n<!-- end of results -->)/s, `$1\n${tables}\n$2`));
console.log(tables);
