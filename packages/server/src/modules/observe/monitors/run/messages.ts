import { parseFilter } from "@treadle/contract";
import { labelOf, unitOf } from "../../explore/index.ts";
import { recoveryOf } from "../core/judge-threshold.ts";
import type { Step } from "../core/series-state.ts";
import type { MonitorRow } from "../stores/monitor-store.ts";

type Fact = { readonly label: string; readonly value: string };
/** One step of one series of a monitor. */
export type Told = { readonly row: MonitorRow; readonly series: string; readonly step: Step };

const number = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A value with its unit. */
export function formatValue(value: number | null, unit: string): string {
  if (value === null) return "no value";
  if (unit === "ratio") return `${number.format(value * 100)} %`;
  if (unit === "ms") return `${number.format(value)} ms`;
  if (unit === "usd") return `$${number.format(value)}`;
  return number.format(value);
}

function nounOf({ config: { source, condition } }: MonitorRow): { readonly label: string; readonly unit: string } {
  const label = source.kind === "sql" ? "Value" : labelOf(source.measure);
  if (condition.kind === "burn")
    return { label: source.kind === "sql" ? "Burn rate" : `Burn rate of ${label.toLowerCase()}`, unit: "count" };
  return { label, unit: source.kind === "sql" ? "count" : unitOf(source.measure) };
}

/** The name of a monitor, with the series if it has several. */
export const titleOf = ({ row, series }: Pick<Told, "row" | "series">): string => {
  if (series === "" || row.config.source.kind === "sql") return series === "" ? row.name : `${row.name}: ${series}`;
  return `${row.name}: ${labelOf(row.config.source.groupBy ?? "").toLowerCase()} ${series}`;
};

/** What has happened, with the value and how sure it is. */
export function describeStep(told: Told): string {
  const { transition } = told.step;
  const { label } = nounOf(told.row);
  if (transition?.to === "error")
    return told.row.config.source.kind === "sql" ? "The statement failed." : "The values could not be read.";
  if (transition?.to === "no-data") return "The series has no data.";
  if (told.step.memory.point?.value === null && told.step.effect === "recover")
    return "The series has had no data for 24 hours, so its incident is resolved.";
  return `${label} is ${valueText(told)}${limitText(told)}.`;
}

function valueText({ row, step }: Told): string {
  const { point } = step.memory;
  const { unit } = nounOf(row);
  if (!point) return "unknown";
  const value = formatValue(point.value, unit);
  if (point.lower === null || point.upper === null) return value;
  return `${value} (95 % interval ${formatValue(point.lower, unit)} to ${formatValue(point.upper, unit)}, n = ${whole.format(point.n)})`;
}

function limitText({ row, step }: Told): string {
  const { condition } = row.config;
  const { unit } = nounOf(row);
  if (condition.kind === "change") {
    const expected = step.memory.point?.expected ?? null;
    return expected === null ? "" : `, and ${formatValue(expected, unit)} was expected from the past`;
  }
  if (condition.kind === "burn") return `, for an objective of ${formatValue(condition.objective, "ratio")}`;
  if (step.effect === "recover" || !step.memory.isOpen)
    return `, and the threshold of recovery is ${formatValue(recoveryOf(condition), unit)}`;
  const threshold =
    step.memory.severity === "critical" ? condition.critical : (condition.warning ?? condition.critical);
  return `, ${condition.direction} the threshold of ${formatValue(threshold, unit)}`;
}

/** Numbers and names of a step, without texts of traces. */
export function factsOf({ row, series, step }: Told): Fact[] {
  const { point, severity } = step.memory;
  const { label, unit } = nounOf(row);
  const facts: (Fact | null)[] = [
    { label, value: formatValue(point?.value ?? null, unit) },
    point?.lower === null || point?.upper === null || !point
      ? null
      : { label: "95 % interval", value: `${formatValue(point.lower, unit)} to ${formatValue(point.upper, unit)}` },
    point?.expected === null || !point ? null : { label: "Expected", value: formatValue(point.expected, unit) },
    point && point.n > 0 ? { label: "Events", value: whole.format(point.n) } : null,
    severity === null ? null : { label: "Severity", value: severity },
    series === "" ? null : { label: "Series", value: series },
    point ? { label: "Window end", value: point.at } : null,
  ];
  return facts.filter((fact) => fact !== null);
}

/** The spans of a series in the filter language. Null for SQL. */
export function filterOf({ row, series }: Pick<Told, "row" | "series">): string | null {
  const { source } = row.config;
  if (source.kind !== "measure") return null;
  if (source.groupBy === null || series === "" || series === "other") return source.filter;
  const condition = `${source.groupBy}:"${series.replaceAll(/["\\]/g, "\\$&")}"`;
  const narrowed = source.filter === "" ? condition : `(${source.filter}) AND ${condition}`;
  // Not every dimension is a field of the language.
  return parseFilter(narrowed).problems.length === 0 ? narrowed : source.filter;
}
