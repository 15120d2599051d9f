// Measures what the detector `names` finds and what it reports wrongly, and writes the tables of docs/reference/guard-results.md.
// Usage: node bench/guards/names.ts [FOLDER]
// With banking77/train.csv in FOLDER (CC-BY-4.0, PolyAI-LDN/task-specific-datasets) it also prints what it finds in questions
// of bank customers, which hold few names.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureNames, type NameCounts, namesIn } from "../../packages/guards/src/testing/measure-names.ts";
import { ownTexts } from "../../packages/guards/src/testing/own-files.ts";
import { NAMED_COUNTRIES, WITHOUT_NAMES } from "../../packages/guards/src/testing/planted-names.ts";
import { wilsonInterval } from "../../packages/metrics/src/index.ts";

const PAGE = join(import.meta.dirname, "../../docs/reference/guard-results.md");

const percent = (share: number) => (share * 100).toFixed(1);
/** A share in percent with its 95 % interval. */
function shareOf(count: number, total: number): string {
  const interval = wilsonInterval({ successes: count, n: total });
  return interval === null ? "none" : `${percent(count / total)} (${interval.map(percent).join("–")})`;
}
const row = (...cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
const recall = ({ found, planted }: NameCounts) => shareOf(found, planted);

const measured = NAMED_COUNTRIES.map((country) => ({ code: country.code, ...measureNames(country) }));

function countryRows(): string[] {
  return measured.map(({ code, counts, wrong }) => {
    const found = Object.values(counts).reduce((sum, count) => sum + count.found, 0);
    const shares = [counts.person, counts["given name"], counts.place].map(recall);
    return row(code, ...shares, shareOf(found, found + wrong.length));
  });
}

function otherRows(): string[] {
  const sum = (part: "found" | "planted") => measured.reduce((total, { counts }) => total + counts.unlisted[part], 0);
  const docs = [...ownTexts()].filter(({ path }) => path.startsWith("docs/")).map(({ text }) => text);
  const words = docs.reduce((total, text) => total + text.split(/\s+/).length, 0);
  const found = docs.flatMap((text) => namesIn(text));
  const persons = found.filter((one) => one.startsWith("person")).length;
  return [
    row("invented names that are in no list", sum("planted"), `recall ${shareOf(sum("found"), sum("planted"))}`),
    row(
      "sentences with words that look like names",
      WITHOUT_NAMES.length,
      `${WITHOUT_NAMES.flatMap((text) => namesIn(text)).length} findings`,
    ),
    row("docs of this repository, words", words, `${persons} persons and ${found.length - persons} places found`),
  ];
}

const tables = [
  row("Country", "Whole names, recall", "Given names alone, recall", "Places, recall", "Precision"),
  row("---", "---", "---", "---", "---"),
  ...countryRows(),
  "",
  row("Other texts", "Number", "Result"),
  row("---", "---", "---"),
  ...otherRows(),
].join("\n");
const page = readFileSync(PAGE, "utf8");
writeFileSync(PAGE, page.replace(/(<!-- names -->\n).*(\n<!-- end of names -->)/s, `$1\n${tables}\n$2`));
console.log(tables);

const folder = process.argv[2];
if (folder !== undefined) {
  const lines = readFileSync(join(folder, "banking77/train.csv"), "utf8").trim().split("\n").slice(1);
  const counts = new Map<string, number>();
  for (const name of lines.flatMap((line) => namesIn(line))) counts.set(name, (counts.get(name) ?? 0) + 1);
  const all = [...counts].toSorted(([, one], [, other]) => other - one).map(([name, count]) => `${name} (${count})`);
  console.log(`${lines.length} lines: ${all.join(", ")}`);
}
