import { BURN_WINDOWS, MonitorInput, type Severity } from "@treadle/contract";
import { type LabelRow, toLabelRows, toLabels } from "../../../../components/form/label-rows.ts";
import { unitOf } from "../../dashboards/index.ts";

/** Dimensions whose values come and go with time, so that they have no series. */
export const NO_SERIES: readonly string[] = ["time", "hourOfDay", "dayOfWeek", "latencyBand"];

/** A number of a form, null while its field is empty. */
export type NumberValue = number | null;
export type BurnRow = Record<"burnRate" | "longMinutes" | "shortMinutes", NumberValue> & { severity: Severity };

/** The fields of the form. It holds the settings of every kind, so that a change of the kind loses nothing. */
export type MonitorDraft = {
  name: string;
  description: string;
  sourceKind: MonitorInput["source"]["kind"];
  measure: string;
  filter: string;
  /** Empty for one series. */
  groupBy: string;
  seriesLimit: NumberValue;
  sql: string;
  conditionKind: MonitorInput["condition"]["kind"];
  direction: "above" | "below";
  critical: NumberValue;
  warning: NumberValue;
  recovery: NumberValue;
  objective: NumberValue;
  windows: readonly BurnRow[];
  changeDirection: "up" | "down" | "both";
  daysBetweenFalseAlarms: NumberValue;
  isSeasonal: boolean;
  learnSince: string | null;
  severity: Severity;
  windowSeconds: NumberValue;
  everySeconds: NumberValue;
  needed: NumberValue;
  of: NumberValue;
  recoverAfterSeconds: NumberValue;
  reopenWithinSeconds: NumberValue;
  onNoData: MonitorInput["onNoData"];
  labels: readonly LabelRow[];
  runbookUrl: string;
  isEnabled: boolean;
};

const SQL_SOURCE = `FROM spans
WHERE start_time >= {from:DateTime64(6)} AND start_time < {to:DateTime64(6)}`;
export const FIRST_SQL = `SELECT count() AS value\n${SQL_SOURCE}`;
/** A burn rate needs a share and its number of events. */
export const FIRST_BURN_SQL = `SELECT avg(status = 'error') AS value, count() AS n\n${SQL_SOURCE}`;

/** An empty form. */
export const NEW_DRAFT: MonitorDraft = {
  name: "",
  description: "",
  sourceKind: "measure",
  measure: "errorRate",
  filter: "",
  groupBy: "",
  seriesLimit: 20,
  sql: FIRST_SQL,
  conditionKind: "threshold",
  direction: "above",
  critical: null,
  warning: null,
  recovery: null,
  objective: 0.99,
  windows: BURN_WINDOWS,
  changeDirection: "up",
  daysBetweenFalseAlarms: 30,
  isSeasonal: true,
  learnSince: null,
  severity: "warning",
  windowSeconds: 300,
  everySeconds: 60,
  needed: 1,
  of: 1,
  recoverAfterSeconds: 300,
  reopenWithinSeconds: 900,
  onNoData: "show",
  labels: [],
  runbookUrl: "",
  isEnabled: true,
};

/** The form of a stored monitor or of a template. */
export function draftOf(input: MonitorInput): MonitorDraft {
  const { name, description, source, condition, holdFor, labels, runbookUrl } = input;
  return {
    ...NEW_DRAFT,
    ...sourceFields(source),
    ...conditionFields(condition),
    name,
    description,
    windowSeconds: input.windowSeconds,
    everySeconds: input.everySeconds,
    needed: holdFor.needed,
    of: holdFor.of,
    recoverAfterSeconds: input.recoverAfterSeconds,
    reopenWithinSeconds: input.reopenWithinSeconds,
    onNoData: input.onNoData,
    labels: toLabelRows(labels),
    runbookUrl: runbookUrl ?? "",
    isEnabled: input.isEnabled,
  };
}

function sourceFields(source: MonitorInput["source"]): Partial<MonitorDraft> {
  if (source.kind === "sql") return { sourceKind: "sql", sql: source.sql };
  const { measure, filter, groupBy, seriesLimit } = source;
  return { sourceKind: "measure", measure, filter, groupBy: groupBy ?? "", seriesLimit };
}

function conditionFields(condition: MonitorInput["condition"]): Partial<MonitorDraft> {
  switch (condition.kind) {
    case "threshold": {
      const { direction, critical, warning, recovery } = condition;
      return { conditionKind: "threshold", direction, critical, warning, recovery };
    }
    case "burn":
      return { conditionKind: "burn", objective: condition.objective, windows: condition.windows };
    case "change": {
      const { kind: conditionKind, direction: changeDirection, ...rest } = condition;
      return { conditionKind, changeDirection, ...rest };
    }
    default:
      return condition satisfies never;
  }
}

/** The body of the API for a form. An empty number is missing, so that the contract can name it. */
export function bodyOf(draft: MonitorDraft) {
  const { name, description, needed, of, labels, runbookUrl, onNoData, isEnabled } = draft;
  return {
    name,
    description,
    source: sourceOf(draft),
    condition: conditionOf(draft),
    windowSeconds: windowOf(draft),
    everySeconds: draft.everySeconds ?? undefined,
    holdFor: { needed: needed ?? undefined, of: of ?? undefined },
    recoverAfterSeconds: draft.recoverAfterSeconds ?? undefined,
    reopenWithinSeconds: draft.reopenWithinSeconds ?? undefined,
    onNoData,
    labels: toLabels(labels),
    runbookUrl: runbookUrl.trim() || null,
    isEnabled,
  };
}

/** A burn rate has its own windows. The field is hidden then, so a wrong number in it must not make the form invalid. */
function windowOf({ conditionKind, windowSeconds }: MonitorDraft): number | undefined {
  const isValid = MonitorInput.shape.windowSeconds.safeParse(windowSeconds).success;
  return windowSeconds === null || (conditionKind === "burn" && !isValid) ? undefined : windowSeconds;
}

function sourceOf({ sourceKind, measure, filter, groupBy, seriesLimit, sql }: MonitorDraft) {
  if (sourceKind === "sql") return { kind: sourceKind, sql };
  const limit = groupBy === "" ? undefined : (seriesLimit ?? undefined);
  return { kind: sourceKind, measure, filter, groupBy: groupBy || null, seriesLimit: limit };
}

function conditionOf(draft: MonitorDraft) {
  const { conditionKind: kind, direction, critical, warning, recovery, isSeasonal, severity } = draft;
  switch (kind) {
    case "threshold":
      return { kind, direction, critical, warning, recovery };
    case "burn":
      return { kind, objective: draft.objective ?? undefined, windows: draft.windows };
    case "change":
      return {
        kind,
        direction: draft.changeDirection,
        daysBetweenFalseAlarms: draft.daysBetweenFalseAlarms ?? undefined,
        isSeasonal,
        learnSince: draft.learnSince,
        severity,
      };
    default:
      return kind satisfies never;
  }
}

/** Another measure. Thresholds in another unit have no meaning, so they are emptied. */
export function withMeasure(draft: MonitorDraft, measure: string): Partial<MonitorDraft> {
  if (unitOf(measure) === unitOf(draft.measure)) return { measure };
  return { measure, critical: null, warning: null, recovery: null };
}

/** The fields of a stored monitor that a form has changed, for a patch. */
export function changedFields(before: MonitorInput, after: MonitorInput): Partial<MonitorInput> {
  const isSame = (name: keyof MonitorInput) => JSON.stringify(before[name]) === JSON.stringify(after[name]);
  return Object.fromEntries(Object.entries(after).filter(([name]) => !isSame(name as keyof MonitorInput)));
}
