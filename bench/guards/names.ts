// Measures what the detector `names` finds and what it reports wrongly, and writes the tables of docs/reference/guard-results.md
// and the same figures for the server.
// Usage: node bench/guards/names.ts [FOLDER]
// With banking77/train.csv in FOLDER (CC-BY-4.0, PolyAI-LDN/task-specific-datasets) it also prints what it finds in questions
// of bank customers, which hold few names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DetectorFigure } from "../../packages/guards/src/figures/figures.ts";
import { measureNames, type NameCounts, namesIn } from "../../packages/guards/src/testing/measure-names.ts";
import { ownTexts } from "../../packages/guards/src/testing/own-files.ts";
import { NAMED_COUNTRIES, WITHOUT_NAMES } from "../../packages/guards/src/testing/planted-names.ts";
import { cellOf, figureOf, row, writeFigures, writeTable } from "./figures.ts";

const measured = NAMED_COUNTRIES.map((country) => ({ code: country.code, ...measureNames(country) }));

const recallOf = (set: string, about: string, { found, planted }: Pick<NameCounts, "found" | "planted">) =>
  figureOf({ set, about, measure: "recall", count: found, texts: planted });

/** The figures of a country: three kinds of names, and the precision over all of them. */
function figuresOf({ code, counts, wrong }: (typeof measured)[number]): DetectorFigure[] {
  const found = Object.values(counts).reduce((sum, count) => sum + count.found, 0);
  return [
    recallOf(code, "whole names", counts.person),
    recallOf(code, "given names alone", counts["given name"]),
    recallOf(code, "places", counts.place),
    figureOf({
      set: code,
      about: "all findings in these sentences",
      measure: "precision",
      count: found,
      texts: found + wrong.length,
    }),
  ];
}

const byCountry = measured.map(figuresOf);
const sum = (part: "found" | "planted") => measured.reduce((total, { counts }) => total + counts.unlisted[part], 0);
const unlisted = recallOf("Invented", "invented names that are in no list", {
  found: sum("found"),
  planted: sum("planted"),
});

function otherRows(): string[] {
  const docs = [...ownTexts()].filter(({ path }) => path.startsWith("docs/")).map(({ text }) => text);
  const words = docs.reduce((total, text) => total + text.split(/\s+/).length, 0);
  const found = docs.flatMap((text) => namesIn(text));
  const persons = found.filter((one) => one.startsWith("person")).length;
  return [
    row(unlisted.about, unlisted.texts, `recall ${cellOf(unlisted)}`),
    row(
      "sentences with words that look like names",
      WITHOUT_NAMES.length,
      `${WITHOUT_NAMES.flatMap((text) => namesIn(text)).length} findings`,
    ),
    row("docs of this repository, words", words, `${persons} persons and ${found.length - persons} places found`),
  ];
}

writeTable("names", [
  row("Country", "Whole names, recall", "Given names alone, recall", "Places, recall", "Precision"),
  row("---", "---", "---", "---", "---"),
  ...byCountry.map((figures) => row(figures[0]?.set ?? "", ...figures.map(cellOf))),
  "",
  row("Other texts", "Number", "Result"),
  row("---", "---", "---"),
  ...otherRows(),
]);
writeFigures({ names: [...byCountry.flat(), unlisted] });

const folder = process.argv[2];
if (folder !== undefined) {
  const lines = readFileSync(join(folder, "banking77/train.csv"), "utf8").trim().split("\n").slice(1);
  const counts = new Map<string, number>();
  for (const name of lines.flatMap((line) => namesIn(line))) counts.set(name, (counts.get(name) ?? 0) + 1);
  const all = [...counts].toSorted(([, one], [, other]) => other - one).map(([name, count]) => `${name} (${count})`);
  console.log(`${lines.length} lines: ${all.join(", ")}`);
}
