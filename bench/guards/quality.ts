// Measures what the detectors of personal data and secrets find and what they report wrongly, and writes the tables of
// docs/reference/guard-results.md and the same figures for the server. The texts are made by the script, so it needs no data.
// Usage: node bench/guards/quality.ts
import { secrets } from "../../packages/guards/src/detectors/secrets.ts";
import type { DetectorFigure } from "../../packages/guards/src/figures/figures.ts";
import { measurePersonalData } from "../../packages/guards/src/testing/measure-personal-data.ts";
import { ownTexts } from "../../packages/guards/src/testing/own-files.ts";
import { COUNTRIES } from "../../packages/guards/src/testing/people.ts";
import { PLANTED_SECRETS, SURROUNDINGS } from "../../packages/guards/src/testing/planted-secrets.ts";
import { prepareText } from "../../packages/guards/src/text/prepare-text.ts";
import { cellOf, figureOf, row, writeFigures, writeTable } from "./figures.ts";

const ROUNDS = 5;

type Measured = { readonly figures: readonly DetectorFigure[]; readonly table: readonly string[] };

function measureCountries(): Measured {
  const sets = [
    ...COUNTRIES.map((country) => ({ set: country.code, countries: [country] })),
    { set: "All", countries: COUNTRIES },
  ];
  const results = sets.map(({ set, countries }) => {
    const { real, found, wrong } = measurePersonalData(countries);
    const recall = figureOf({
      set,
      about: "sentences with values, and with values of the same form that are none",
      measure: "recall",
      count: found,
      texts: real,
    });
    const all = found + wrong.length;
    return {
      set,
      real,
      recall,
      precision: figureOf({
        set,
        about: "sentences with values, and with values of the same form that are none",
        measure: "precision",
        count: found,
        texts: all,
      }),
    };
  });
  return {
    figures: results.flatMap(({ recall, precision }) => [recall, precision]),
    table: [
      row("Country", "Values", "Recall", "Precision"),
      row("---", "---", "---", "---"),
      ...results.map(({ set, real, recall, precision }) => row(set, real, cellOf(recall), cellOf(precision))),
    ],
  };
}

function measureSecrets(): Measured {
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
  const kinds = `planted secrets of ${Object.keys(PLANTED_SECRETS).length} kinds`;
  const recall = figureOf({ set: "Planted", about: kinds, measure: "recall", count: found, texts: texts.length });
  const about = "findings in planted texts, and in docs and code";
  const precision = figureOf({ set: "All", about, measure: "precision", count: found, texts: found + wrong });
  return {
    figures: [recall, precision],
    table: [
      row("Texts", "Number", "Result"),
      row("---", "---", "---"),
      row(kinds, texts.length, `recall ${cellOf(recall)}`),
      row(
        "docs and code of this repository, files",
        files,
        `${wrong} ${wrong === 1 ? "finding that is no secret" : "findings that are no secrets"}`,
      ),
      row("both", texts.length + files, `precision ${cellOf(precision)}`),
    ],
  };
}

const results = { "personal-data": measureCountries(), secrets: measureSecrets() };
writeTable("results", [
  "### Personal data",
  "",
  ...results["personal-data"].table,
  "",
  "### Secrets",
  "",
  ...results.secrets.table,
]);
writeFigures(Object.fromEntries(Object.entries(results).map(([name, measured]) => [name, measured.figures])));
