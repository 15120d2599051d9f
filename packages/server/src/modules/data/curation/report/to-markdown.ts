import type { Distribution, QualityReport, ReportHead } from "@treadle/contract";

type Cell = string | number | null;

/** Characters that could end a cell or start a link or a tag are escaped. */
const safe = (cell: Cell): string =>
  cell === null
    ? "–"
    : String(typeof cell === "number" ? show(cell) : cell)
        .replaceAll(/\s+/g, " ")
        .replaceAll(/[\\|<>[\]`*_]/g, (sign) => `\\${sign}`);
const show = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString("en-GB")
    : value.toLocaleString("en-GB", { maximumSignificantDigits: 3 });
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const usd = (value: number | null) => (value === null ? null : `$${value.toFixed(value < 1 ? 4 : 2)}`);

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return "None.";
  const line = (cells: readonly Cell[]) => `| ${cells.map(safe).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

const section = (title: string, ...parts: readonly string[]) => [`## ${title}`, ...parts].join("\n\n");
const counted = (rows: QualityReport["splits"]) =>
  rows.slice(0, 30).map(({ name, rows: times, share }) => [name, times, percent(share)]);
const distribution = (name: string, { mean, min, median, p95, p99, max }: Distribution) => [
  name,
  mean,
  min,
  median,
  p95,
  p99,
  max,
];

/** A report as a page that any reader of Markdown shows; nothing of it is a link or a picture. */
export function toMarkdown(report: QualityReport, { version, root, createdAt }: ReportHead): string {
  const sections = [
    `# Quality of ${safe(report.name)}`,
    `Version ${safe(version)} (\`${root.slice(0, 12)}\`), ${show(report.rows)} items, ${show(report.bytes)} bytes, measured ${createdAt}.`,
    section(
      "Check first",
      report.warnings.length === 0 ? "No problems found." : report.warnings.map((line) => `- ${safe(line)}`).join("\n"),
    ),
    section(
      "Items",
      table(["Shape", "Items", "Share"], counted(report.shapes)),
      table(["Split", "Items", "Share"], counted(report.splits)),
      table(["Source", "Items", "Share"], counted(report.sources)),
    ),
    lengths(report),
    labels(report),
    duplicates(report),
    section("Languages", table(["Language", "Items", "Share"], counted(report.languages))),
    section(
      "Personal data and secrets",
      `${show(report.privacy.rows)} items.`,
      table(
        ["Kind", "Findings", "Items"],
        report.privacy.kinds.map(({ kind, findings, rows }) => [kind, findings, rows]),
      ),
    ),
    section(
      "Toxic and profane words",
      `${show(report.toxicity.rows)} items.`,
      table(
        ["Kind", "Items"],
        report.toxicity.kinds.map(({ kind, rows }) => [kind, rows]),
      ),
    ),
    section(
      "Quality rules",
      table(
        ["First rule failed", "Items", "Share"],
        report.quality.map(({ rule, rows, share }) => [rule, rows, percent(share)]),
      ),
    ),
    contamination(report),
    costs(report),
  ];
  return `${sections.filter((part) => part !== "").join("\n\n")}\n`;
}

function lengths({ lengths: { inputCharacters, expectedCharacters, turns, tokensByRole } }: QualityReport): string {
  const rows = [
    distribution("Characters of the input", inputCharacters),
    distribution("Characters expected", expectedCharacters),
    ...(turns ? [distribution("Turns", turns)] : []),
    ...tokensByRole.map(({ role, tokens }) => distribution(`Tokens of ${role}`, tokens)),
  ];
  return section("Lengths", table(["", "Mean", "Min", "Median", "95 %", "99 %", "Max"], rows));
}

function labels({ labels: found }: QualityReport): string {
  if (found === null) return "";
  const balance = `${show(found.classCount)} classes; balance ${percent(found.entropy)} of the maximum; the largest class has ${show(found.largestToSmallest)} times as many items as the smallest.`;
  return section("Classes", balance, table(["Class", "Items", "Share"], counted(found.classes)));
}

function duplicates({ duplicates: { exactRows, exactShare, sameInputOtherExpected, near } }: QualityReport): string {
  const rows: Cell[][] = [
    ["Exact", exactRows, percent(exactShare)],
    ["Near", near?.rows ?? null, near ? percent(near.share) : null],
    ["Inputs with several expected answers", sameInputOtherExpected, null],
  ];
  const rules = (near?.rules ?? []).map(
    ({ unit, size, threshold, rows: texts }) =>
      `${show(texts)} texts compared by ${size} ${unit}s in a row. Near-duplicates share at least ${percent(threshold)} of these pieces.`,
  );
  return section("Duplicates", ...(rules.length > 0 ? [rules.join("\n")] : []), table(["", "Items", "Share"], rows));
}

function contamination({ contamination: sets, leaks, splitAuc = [] }: QualityReport): string {
  const checked = table(
    ["Evaluation dataset", "Items", "Share"],
    sets.map(({ name, rows, share }) => [name, rows, percent(share)]),
  );
  const pairs = leaks?.splitPairs.map(({ from, to, rows }) => [`${from} and ${to}`, rows]) ?? [];
  return section(
    "Contamination and leaks",
    sets.length === 0 ? "No other dataset is marked as evaluation." : checked,
    leaks === null ? "There are no splits." : table(["Splits that share texts", "Items"], pairs),
    ...(splitAuc.length === 0
      ? []
      : [
          "How well words distinguish the splits. An AUC of 0.5 means alike; 1 means clearly different.",
          table(
            ["Splits", "AUC", "95 % interval", "Items"],
            splitAuc.map(({ from, to, auc, low, high, rows }) => [
              `${from} and ${to}`,
              auc.toFixed(2),
              `${low.toFixed(2)} to ${high.toFixed(2)}`,
              rows,
            ]),
          ),
        ]),
  );
}

function costs({ tokens, epochs }: QualityReport): string {
  const rows = tokens.map(
    ({ provider, model, isExact, inputTokens, outputTokens, trainingTokens, runUsd, trainUsd }) => [
      `${provider} ${model}${isExact ? "" : " (estimated)"}`,
      inputTokens,
      outputTokens,
      usd(runUsd),
      trainingTokens,
      usd(trainUsd),
    ],
  );
  const head = ["Model", "Input tokens", "Output tokens", "To run once", `Tokens of ${epochs} epochs`, "To train"];
  return section("Tokens and cost", table(head, rows));
}
