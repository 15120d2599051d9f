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

/** A report as Markdown. Texts of models and datasets are escaped. */
export function toMarkdown(report: Report): string {
  const { run, comparison, baseName, worst } = report;
  const title = run.experimentName === null ? run.name : `${run.experimentName}: ${run.name}`;
  return [
    `# ${escapeMarkdown(title)}`,
    facts(report)
      .map(([name, value]) => `- ${name}: ${escapeMarkdown(value)}`)
      .join("\n"),
    "## Scores",
    markdownTable(scoreColumns, run.scores.map(scoreCells)),
    ...(comparison
      ? [
          `## Against ${escapeMarkdown(baseName ?? "the base")}`,
          markdownTable(differenceColumns, comparison.scorers.map(differenceCells)),
          comparison.warnings.map((warning) => `> ${escapeMarkdown(warning)}`).join("\n"),
        ]
      : []),
    ...(worst.length > 0
      ? [
          comparison ? "## Items that got worse" : "## Items with the lowest score",
          markdownTable(itemColumns, worst.map(itemCells)),
        ]
      : []),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

export const escapeMarkdown = (text: string) =>
  text.replaceAll(/[\\`*_{}[\]()<>#|!~&]/g, "\\$&").replaceAll(/\s+/g, " ");

export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "None.";
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => " --- ").join("|")}|`, ...rows.map(line)].join("\n");
}
