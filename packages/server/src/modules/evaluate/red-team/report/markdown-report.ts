import type {
  PairedComparison,
  RedTeamAttack,
  RedTeamGroup,
  RedTeamRate,
  RedTeamReport,
  RedTeamRun,
} from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { escapeMarkdown, markdownTable } from "../../experiments/index.ts";
import { pluginOf } from "../attacks/plugins/all-plugins.ts";
import { strategyOf } from "../attacks/strategies/all-strategies.ts";

const MOST_QUOTED = 600;

const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;

/** Such as "3 of 20, 15 % (5.2 % to 36 %)". */
function rateText({ n, count, rate, interval, isSmall }: RedTeamRate): string {
  if (rate === null || interval === null) return "no answers";
  const text = `${count} of ${n}, ${percent(rate)} (${percent(interval.low)} to ${percent(interval.high)})`;
  return isSmall ? `${text}, too few` : text;
}

function differenceText(difference: PairedComparison | null): string {
  if (difference?.difference === null || difference?.difference === undefined || difference.interval === null)
    return "–";
  const { interval, adjustedPValue, verdict } = difference;
  const points = (share: number) => Number((share * 100).toFixed(1));
  const p = adjustedPValue === null ? "" : `, p = ${Number(adjustedPValue.toPrecision(2))}`;
  return `${points(difference.difference)} points (${points(interval.low)} to ${points(interval.high)})${p}, ${verdict}`;
}

const nameOf = ({ plugin, strategy }: RedTeamGroup): string =>
  [plugin && pluginOf(plugin).label, strategy && strategyOf(strategy).label].filter(Boolean).join(" × ") ||
  "All attacks";

/** A row for each group and arm. */
function groupTable(groups: readonly RedTeamGroup[], arms: readonly string[]): string {
  const columns = ["", "Arm", "Attacks that succeeded", "Compared with the first arm", "Harmless requests refused"];
  const rows = groups.flatMap((group) =>
    group.arms.map((result, at) => [
      at === 0 ? nameOf(group) : "",
      arms[at] ?? "",
      rateText(result.attacks),
      differenceText(result.difference),
      rateText(result.harmless),
    ]),
  );
  return markdownTable(columns, rows);
}

/** A report as Markdown. Texts of models and attacks are escaped. */
export function toMarkdown(run: RedTeamRun, report: RedTeamReport): string {
  const { arms, overall, plugins, strategies, examples, notes } = report;
  return [
    `# ${escapeMarkdown(`Red team: ${run.name}`)}`,
    factsText(run, report),
    notes.map((note) => `> ${escapeMarkdown(note)}`).join("\n>\n"),
    "## Overall",
    groupTable([overall], arms),
    "## By plugin",
    groupTable(plugins, arms),
    "## By strategy",
    groupTable(strategies, arms),
    "## Plugins × strategies",
    cellTable(report),
    "## Lists of risks",
    riskTable(report),
    ...(examples.length > 0 ? ["## Attacks that succeeded", ...examples.map(exampleText)] : []),
  ]
    .join("\n\n")
    .concat("\n");
}

const factsText = (run: RedTeamRun, { arms, isComplete }: RedTeamReport): string =>
  [
    `- Target: ${escapeMarkdown(run.target.model)}`,
    `- State: ${run.state}${isComplete ? "" : " (incomplete)"}`,
    `- Requests: ${run.attacks} attacks and ${run.harmless} harmless requests in ${countOf(arms.length, "arm")}, seed ${run.seed}`,
    `- Judge: ${escapeMarkdown(run.judgeModel ?? "none")}`,
    `- Made: ${run.createdAt} by ${escapeMarkdown(run.createdBy)}`,
  ].join("\n");

const cellTable = ({ cells, arms }: RedTeamReport): string =>
  markdownTable(
    ["Cell", ...arms],
    cells.map((cell) => [nameOf(cell), ...cell.arms.map(({ attacks }) => rateText(attacks))]),
  );

const riskTable = ({ risks, arms }: RedTeamReport): string =>
  markdownTable(
    ["List", "Entry", "Plugins", ...arms],
    risks.map(({ list, entry, title, plugins, attacks }) => [
      list,
      `${entry} ${title}`,
      plugins.map((plugin) => pluginOf(plugin).label).join(", "),
      ...attacks.map(rateText),
    ]),
  );

function exampleText({ plugin, strategy, text, answers }: RedTeamAttack): string {
  const quote = (words: string) => escapeMarkdown(words.slice(0, MOST_QUOTED).toWellFormed());
  return [
    `### ${escapeMarkdown(pluginOf(plugin).label)} × ${escapeMarkdown(strategyOf(strategy).label)}`,
    `Request: ${quote(text)}`,
    ...answers.map(({ arm, outcome, output }) => `- ${quote(arm)}, ${outcome}: ${quote(output) || "(no text)"}`),
  ].join("\n\n");
}
