import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DetectorFigure } from "../../packages/guards/src/figures/figures.ts";
import { wilsonInterval } from "../../packages/metrics/src/index.ts";

const PAGE = join(import.meta.dirname, "../../docs/reference/guard-results.md");
const FIGURES = join(import.meta.dirname, "../../packages/guards/src/figures/measured.json");

const percent = (share: number) => (share * 100).toFixed(1);
/** One more digit than a percentage of the tables has would not be honest. */
const rounded = (share: number) => Math.round(share * 1_000) / 1_000;

export const cellOf = ({ value, low, high }: DetectorFigure) => `${percent(value)} (${percent(low)}–${percent(high)})`;
export const row = (...cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;

type Counted = Pick<DetectorFigure, "set" | "about" | "measure"> & {
  readonly at?: number;
  readonly count: number;
  readonly texts: number;
};

/** A share with its 95 % interval. Throws without texts. */
export function figureOf({ set, about, measure, at, count, texts }: Counted): DetectorFigure {
  const [low, high] = wilsonInterval({ successes: count, n: texts }) ?? [];
  if (low === undefined || high === undefined) throw new Error(`the set ${set} has no texts`);
  const shares = { value: rounded(count / texts), low: rounded(low), high: rounded(high) };
  return { set, about, measure, at: at ?? null, texts, ...shares };
}

/** Writes a table into the published page, between the marks of its name. */
export function writeTable(name: string, lines: readonly string[]): void {
  const page = readFileSync(PAGE, "utf8");
  const place = new RegExp(`(<!-- ${name} -->\n).*(\n<!-- end of ${name} -->)`, "s");
  writeFileSync(PAGE, page.replace(place, `$1\n${lines.join("\n")}\n$2`));
  console.log(lines.join("\n"));
}

/** Writes the figures of some detectors for the server, next to those of the others. */
export function writeFigures(figures: Readonly<Record<string, readonly DetectorFigure[]>>): void {
  const all = { ...JSON.parse(readFileSync(FIGURES, "utf8")), ...figures };
  writeFileSync(FIGURES, `${JSON.stringify(all, null, 2)}\n`);
}
