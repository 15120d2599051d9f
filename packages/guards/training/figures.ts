import { readFileSync, writeFileSync } from "node:fs";
import { PUBLISHED_SHARE, STRICT_SHARE } from "./train-model.ts";

/** A measured figure of the model on a set of texts. Shares are from 0 to 1. */
type Figure = {
  readonly set: string;
  readonly about: string;
  readonly measure: "recall" | "flagged";
  /** The share of ordinary texts that is flagged at the threshold. */
  readonly at: number;
  readonly texts: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};

const CARD = new URL("../../../docs/reference/injection-model.md", import.meta.url);
const FILE = new URL("../src/injection/figures.json", import.meta.url);
const CUTS = [PUBLISHED_SHARE, STRICT_SHARE];
const SHARE = /^([\d.]+) \(([\d.]+)–([\d.]+)\)$/;

/** The figures in the tables of the model card. Throws if a table is missing or has another form. */
export function readFigures(card: string): Figure[] {
  const heldOut = tableOf(card, "Held-out attacks").flatMap(([set = "", texts = "", ...shares]) =>
    toFigures(
      { set, about: "attacks of a source that was not trained on", measure: "recall", texts: Number(texts) },
      shares,
    ),
  );
  const benign = tableOf(card, "Benign texts").flatMap(([set = "", about = "", texts = "", ...shares]) =>
    toFigures({ set, about, measure: "flagged", texts: Number(texts) }, shares),
  );
  return [...heldOut, ...benign];
}

/** Writes the figures of the model card for the server. */
export function writeFigures(): void {
  writeFileSync(FILE, `${JSON.stringify(readFigures(readFileSync(CARD, "utf8")), null, 2)}\n`);
}

/** The rows of the table under a heading, without its head. */
function tableOf(card: string, heading: string): string[][] {
  const section = card.split(`### ${heading}\n`)[1]?.split(/^#/m)[0] ?? "";
  const [, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
  if (rows.length === 0) throw new Error(`the model card has no table "${heading}"`);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

type Row = Pick<Figure, "set" | "about" | "measure" | "texts">;

const toFigures = (row: Row, shares: readonly string[]): Figure[] =>
  CUTS.map((at, place) => {
    const [, ...percents] = SHARE.exec(shares[place] ?? "") ?? [];
    const [value, low, high] = percents.map((percent) => Math.round(Number(percent) * 10) / 1_000);
    if (value === undefined || low === undefined || high === undefined || !Number.isInteger(row.texts))
      throw new Error(`the row "${row.set}" of the model card has no figures that can be read`);
    return { ...row, at, value, low, high };
  });
