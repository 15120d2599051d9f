import type { Interval } from "@treadle/contract";
import { escapeHtml } from "../../../../kernel/escape-html.ts";
import {
  differenceCells,
  differenceColumns,
  facts,
  itemCells,
  itemColumns,
  type Report,
  scoreCells,
  scoreColumns,
} from "./report.ts";

const STYLE = `:root{color-scheme:light dark;--ink:#1a1a1e;--paper:#fff;--line:#d9d9de;--mark:#3b5bdb}
@media(prefers-color-scheme:dark){:root{--ink:#ececf1;--paper:#17171b;--line:#3a3a42;--mark:#91a7ff}}
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--paper)}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
svg{width:100%;height:auto;max-width:46rem}svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg line{stroke:var(--line)}svg .band{stroke:var(--mark);stroke-width:3}svg circle{fill:var(--mark)}
dt{font-weight:600;float:left;clear:left;width:7rem}dd{margin-left:8rem}`;

/** A report as one HTML page without external resources and scripts. */
export function toHtml(report: Report): string {
  const { run, comparison, baseName, worst } = report;
  const title = escapeHtml(run.experimentName === null ? run.name : `${run.experimentName}: ${run.name}`);
  const differences = (comparison?.scorers ?? []).map(({ name, difference, interval }) => ({
    name,
    value: difference,
    interval,
  }));
  const scores = run.scores.map(({ scorer, value, interval }) => ({ name: scorer, value, interval }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${STYLE}</style></head><body><main>
<h1>${title}</h1>
<dl>${facts(report)
    .map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join("")}</dl>
<h2>Scores</h2>${chart("Scores with their 95 % intervals", scores)}${table(scoreColumns, run.scores.map(scoreCells))}
${
  comparison
    ? `<h2>Against ${escapeHtml(baseName ?? "the base")}</h2>${chart("Differences with their intervals", differences)}${table(differenceColumns, comparison.scorers.map(differenceCells))}${comparison.warnings.map((warning) => `<p>${escapeHtml(warning)}</p>`).join("")}`
    : ""
}
${worst.length > 0 ? `<h2>${comparison ? "Items that got worse" : "Items with the lowest score"}</h2>${table(itemColumns, worst.map(itemCells))}` : ""}
</main></body></html>
`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "<p>None.</p>";
  const head = columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

type Bar = { readonly name: string; readonly value: number | null; readonly interval: Interval | null };
const ROW = 28;
const LEFT = 200;
const RIGHT = 700;

/** A dot for each value on a separate scale, with its interval. Zero is marked if it is within the scale. */
function chart(title: string, bars: readonly Bar[]): string {
  const shown = bars.filter(({ value }) => value !== null);
  if (shown.length === 0) return "";
  const rows = shown.map(({ name, value, interval }, at) => {
    const [low, high] = [interval?.low ?? value ?? 0, interval?.high ?? value ?? 0];
    const [from, to] = [Math.min(0, low), Math.max(0, high, low + 1e-12)];
    const x = (one: number) => LEFT + ((one - from) / (to - from || 1)) * (RIGHT - LEFT);
    const y = at * ROW + ROW / 2;
    return `<text x="0" y="${y + 4}">${escapeHtml(name.slice(0, 28))}</text><line x1="${x(0)}" x2="${x(0)}" y1="${y - 10}" y2="${y + 10}"/><line class="band" x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}"/><circle cx="${x(value ?? 0)}" cy="${y}" r="5"/>`;
  });
  return `<svg viewBox="0 0 ${RIGHT + 20} ${shown.length * ROW}" role="img" aria-label="${escapeHtml(title)}">${rows.join("")}</svg>`;
}
