import type { MonitorCondition, MonitorSource } from "@treadle/contract";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { unitLook } from "../../../../components/text/unit.ts";
import { dimensionLabel, measureLabel, unitOf } from "../../dashboards/index.ts";
import type { Monitor } from "./use-monitors.ts";

export const STATE_WORDS: Readonly<Record<Monitor["state"], string>> = {
  ok: "OK",
  pending: "Pending",
  firing: "Firing",
  recovering: "Recovering",
  "no-data": "No data",
  error: "Error",
  muted: "Muted",
  disabled: "Disabled",
};

/** More false alarms than this per 30 days are too many. */
export const MOST_FALSE_ALARMS = 1;
export const RECOVERY_SHARE = { above: 0.8, below: 1.25 } as const;

/** The unit of the values of a source. A query has values without a unit. */
export const unitOfSource = (source: Pick<MonitorSource, "kind"> & { measure?: string }): string =>
  source.kind === "measure" && source.measure ? unitOf(source.measure) : "score";

type Settings = Pick<Monitor, "source" | "condition">;

const BURN_UNIT = "burn";

/** The unit of the values of a monitor. With a burn rate, the values are multiples. */
export const unitOfValues = ({ source, condition }: Settings): string =>
  condition.kind === "burn" ? BURN_UNIT : unitOfSource(source);

/** How measured values are written. */
export function lookOf(unit: string): Pick<ReturnType<typeof unitLook>, "format" | "formatTick" | "isCount"> {
  const look = unitLook(unit);
  if (unit !== BURN_UNIT) return look;
  return { ...look, format: (value) => `${look.format(value)}×`, formatTick: (value) => `${look.formatTick(value)}×` };
}

/** A measured value. */
export const valueText = (value: number | null, unit: string): string =>
  value === null ? "no data" : lookOf(unit).format(value);

/** The name of what is measured. */
export const valueLabel = ({ source, condition }: Settings): string =>
  condition.kind === "burn" ? "Burn rate" : source.kind === "measure" ? measureLabel(source.measure) : "Value";

/** A number that a person has set, never rounded. */
export function limitText(value: number, unit: string): string {
  const plain = (number: number) => number.toLocaleString("en", { maximumSignificantDigits: 12 });
  if (unit === "ratio") return `${plain(Number((value * 100).toPrecision(12)))}%`;
  if (unit === "usd") return `$${plain(value)}`;
  if (unit === "ms") return Math.abs(value) >= 1_000 ? `${plain(value / 1_000)} s` : `${plain(value)} ms`;
  return plain(value);
}

const DURATIONS = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
] as const;

/** A setting in the largest unit that divides it: `5 minutes`, `1 hour`, `90 seconds`. */
export function durationWords(seconds: number): string {
  const [size, word] = DURATIONS.find(([one]) => seconds >= one && seconds % one === 0) ?? [1, "second"];
  return formatNumberOf(seconds / size, word);
}

const lower = (label: string) => (/^[A-Z][a-z]/.test(label) ? `${label[0]?.toLowerCase()}${label.slice(1)}` : label);

/** What is measured: `Error rate by endpoint`. */
function measureWords(source: MonitorSource): string {
  if (source.kind === "sql") return "SQL query";
  const group = source.groupBy ? ` by ${lower(dimensionLabel(source.groupBy))}` : "";
  return `${measureLabel(source.measure)}${group}`;
}

/** The spans that are measured: `, where model:gpt-4o`. */
const filterWords = (source: MonitorSource): string =>
  source.kind === "measure" && source.filter ? `, where ${source.filter}` : "";

/** What is watched: `Error rate by endpoint, where model:gpt-4o`. */
export const sourceWords = (source: MonitorSource): string => `${measureWords(source)}${filterWords(source)}`;

/** What makes the monitor fire: `above 5%, warning above 2%`. */
export function conditionWords(condition: MonitorCondition, unit: string): string {
  switch (condition.kind) {
    case "threshold": {
      const { direction, critical, warning } = condition;
      const beyond = (value: number) => `${direction} ${limitText(value, unit)}`;
      if (critical === null) return warning === null ? "without a threshold" : beyond(warning);
      return warning === null ? beyond(critical) : `${beyond(critical)}, warning ${beyond(warning)}`;
    }
    case "burn":
      return `using the error budget of ${limitText(condition.objective, "ratio")} too fast`;
    case "change":
      return `${CHANGES[condition.direction]} ${condition.isSeasonal ? "for the hour of the week" : "compared with its past"}`;
    default:
      return condition satisfies never;
  }
}

const CHANGES = { up: "higher than usual", down: "lower than usual", both: "unusual" } as const;

/** The whole monitor in one phrase: `Error rate by endpoint above 5%, where model:gpt-4o`. */
export const watchWords = ({ source, condition }: Settings): string =>
  `${measureWords(source)} ${conditionWords(condition, unitOfSource(source))}${filterWords(source)}`;

/** What to change so that fewer alarms are false. */
export const ALARM_ADVICE: Readonly<Record<MonitorCondition["kind"], string>> = {
  threshold:
    "Choose a threshold farther from usual values, fire after more evaluations, use a longer window, or watch fewer series.",
  burn: "Use higher burn rates or longer windows, fire after more evaluations, or watch fewer series.",
  change: "Set more days between false alarms, or watch fewer series.",
};

/** How often: `every minute`, `every 15 minutes`. */
export const everyWords = (seconds: number): string => `every ${durationWords(seconds).replace(/^1 /, "")}`;

/** When a series recovers: `after 5 minutes without the condition`. */
export const recoveryWords = (seconds: number): string =>
  seconds === 0
    ? "in the first evaluation without the condition"
    : `after ${durationWords(seconds)} without the condition`;

/** After how many evaluations with the condition a series fires: `3 of 5 evaluations`. */
export const holdWords = ({ needed, of }: Monitor["holdFor"]): string =>
  of === 1 ? "1 evaluation" : `${needed} of ${of} evaluations`;

/** A number of false alarms, no more exact than it is known. */
export function alarmsText(count: number | null): string {
  if (count === null) return "unknown";
  if (count > 0 && count < 0.01) return "<0.01";
  return count < 100 ? String(Number(count.toPrecision(2))) : formatCount(Number(count.toPrecision(2)));
}

/** The expected false alarms of one monitor: `0.4 expected per 30 days`. */
export const falseAlarmWords = (count: number | null): string =>
  count === null ? alarmsText(count) : `${alarmsText(count)} expected per 30 days`;

/** The name of a series. A monitor without groups has one series without a name. */
export const seriesLabel = (series: string): string => series || "All spans";

/** The evidence of a change. 1 or more fires. */
export function evidenceText(evidence: number): string {
  if (evidence >= 1_000) return ">1,000";
  return evidence > 0 && evidence < 0.01 ? "<0.01" : String(Number(evidence.toPrecision(2)));
}

/** The number of series in each state, the states that need attention first: `2 firing, 14 OK`. */
export const countWords = (counts: Monitor["counts"]): string =>
  COUNT_ORDER.filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${formatCount(counts[state] ?? 0)} ${state === "ok" ? "OK" : STATE_WORDS[state].toLowerCase()}`)
    .join(", ");

const COUNT_ORDER = ["firing", "error", "pending", "recovering", "no-data", "ok"] as const;
