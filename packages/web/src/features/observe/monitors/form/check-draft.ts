import { MonitorInput, readShape } from "@treadle/contract";
import { ApiError, explain } from "../../../../api.ts";
import { issuesIn } from "../../../../components/form/form-state.ts";
import { labelsError } from "../../../../components/form/label-rows.ts";
import { unitOf } from "../../dashboards/index.ts";
import { bodyOf, type MonitorDraft } from "./monitor-draft.ts";

export type FieldName = keyof MonitorDraft;
export type FieldErrors = Readonly<Partial<Record<FieldName, string>>>;
type Checked = { readonly body: MonitorInput | undefined; readonly errors: FieldErrors };

/** Rates of good events, for which a high value is no error. */
const GOOD_RATES = ["cacheHitRate"];

/** The body of a complete form, or an error for each field that must change. */
export function checkDraft(draft: MonitorDraft): Checked {
  const own = { ...sourceErrors(draft), ...conditionErrors(draft), ...otherErrors(draft) };
  const read = readShape(MonitorInput, bodyOf(draft));
  const issues = read.success
    ? {}
    : fieldErrors(read.error.issues.map((issue) => ({ ...issue, path: issue.path.join(".") })));
  const errors = { ...issues, ...own };
  const body = read.success && Object.keys(errors).length === 0 ? read.data : undefined;
  return { body, errors };
}

/** The body for a preview, which needs no name and ignores what does not change an evaluation. */
export function previewBody(draft: MonitorDraft): MonitorInput | undefined {
  const { name, description, labels, runbookUrl, isEnabled } = PREVIEW;
  return checkDraft({ ...draft, name, description, labels, runbookUrl, isEnabled }).body;
}

const PREVIEW = { name: "Preview", description: "", labels: [], runbookUrl: "", isEnabled: true } as const;

function sourceErrors({ sourceKind, sql }: MonitorDraft): FieldErrors {
  if (sourceKind !== "sql") return {};
  if (sql.trim() === "") return { sql: "Enter a query." };
  const missing = ["from", "to"].filter((name) => !new RegExp(`\\{\\s*${name}\\s*:`).test(sql));
  if (missing.length === 0) return {};
  const words = missing.map((name) => `{${name}:DateTime64(6)}`).join(" and ");
  return { sql: `Use ${words}, so that the query reads one window.` };
}

function conditionErrors(draft: MonitorDraft): FieldErrors {
  const kind = draft.conditionKind;
  if (draft.sourceKind === "sql" && kind === "change")
    return { conditionKind: "A query has a threshold or a burn rate." };
  if (kind === "threshold") return thresholdErrors(draft);
  return kind === "burn" ? burnErrors(draft) : {};
}

function thresholdErrors({ direction, critical, warning, recovery }: MonitorDraft): FieldErrors {
  if (critical === null && warning === null)
    return { critical: "Enter a critical threshold, a warning threshold, or both." };
  const sign = direction === "above" ? 1 : -1;
  const [less, beyond] = direction === "above" ? ["below", "above"] : ["above", "below"];
  if (critical !== null && warning !== null && sign * (critical - warning) <= 0)
    return { warning: `Must be ${less} the critical threshold, so that it fires first.` };
  const first = warning ?? critical ?? 0;
  if (recovery !== null && sign * (first - recovery) < 0)
    return { recovery: `Must not be ${beyond} the ${warning === null ? "critical" : "warning"} threshold.` };
  return {};
}

function burnErrors(draft: MonitorDraft): FieldErrors {
  const { sourceKind, measure, objective, windows } = draft;
  if (sourceKind === "measure" && (unitOf(measure) !== "ratio" || GOOD_RATES.includes(measure)))
    return { conditionKind: "A burn rate needs a rate of bad requests, such as the error rate." };
  if (objective === null) return { objective: "Enter the share of requests that must be good." };
  if (objective < 0.5 || objective >= 1) return { objective: "Must be from 50% to under 100%." };
  const numbers = windows.flatMap(({ burnRate, longMinutes, shortMinutes }) => [burnRate, longMinutes, shortMinutes]);
  if (windows.length === 0) return { windows: "Add at least one pair of windows." };
  if (numbers.some((number) => number === null)) return { windows: "Fill in each number." };
  if (windows.every(({ burnRate }) => (burnRate ?? 0) * (1 - objective) >= 1))
    return {
      windows: `No burn rate can be exceeded. Use burn rates below ${Number((1 / (1 - objective)).toPrecision(3))}.`,
    };
  if (windows.some(({ longMinutes, shortMinutes }) => (shortMinutes ?? 0) >= (longMinutes ?? 0)))
    return { windows: "The short window must be shorter than the long window." };
  return {};
}

function otherErrors({ name, needed, of, labels, runbookUrl }: MonitorDraft): FieldErrors {
  const wrongLabels = labelsError(labels);
  return {
    ...(name.trim() === "" && { name: "Enter a name." }),
    ...(needed !== null && of !== null && needed > of && { needed: "Must not be more than the evaluations." }),
    ...(wrongLabels && { labels: wrongLabels }),
    ...(runbookUrl.trim() !== "" &&
      !isWebAddress(runbookUrl) && { runbookUrl: "Must be an address with http:// or https://." }),
  };
}

const isWebAddress = (text: string) => /^https?:$/.test(URL.parse(text.trim())?.protocol ?? "");

type Issue = { readonly path: string; readonly message: string };

/** The field errors of a failed request: a list of issues, or one parameter with the message. */
export function refusedFields(error: unknown): FieldErrors {
  if (!(error instanceof ApiError)) return {};
  const issues = issuesIn(error.details);
  const param =
    typeof error.details === "object" && error.details !== null && "param" in error.details && error.details.param;
  return fieldErrors(typeof param === "string" ? [...issues, { path: param, message: plainMessage(error) }] : issues);
}

/** The message of a failed request without the path of the parameter, which the field shows. */
export const plainMessage = (error: unknown): string => explain(error).replace(/^body\.[\w.]+: /, "");

/** The field of each issue of the contract or of the server, such as `body.condition.critical`. */
export function fieldErrors(issues: readonly Issue[]): FieldErrors {
  const errors: Partial<Record<FieldName, string>> = {};
  for (const { path, message } of issues) {
    const field = fieldAt(path);
    if (field) errors[field] ??= `${message[0]?.toUpperCase() ?? ""}${message.slice(1)}`;
  }
  return errors;
}

function fieldAt(path: string): FieldName | undefined {
  const [first = "", second] = path.replace(/^body\.?/, "").split(".");
  if (first === "source") return SOURCE_FIELDS[second ?? ""] ?? "measure";
  if (first === "condition") return CONDITION_FIELDS[second ?? ""] ?? "conditionKind";
  if (first === "holdFor") return second === "of" ? "of" : "needed";
  return OTHER_FIELDS.find((name) => name === first);
}

const SOURCE_FIELDS: Readonly<Record<string, FieldName>> = {
  measure: "measure",
  filter: "filter",
  groupBy: "groupBy",
  seriesLimit: "seriesLimit",
  sql: "sql",
};
const CONDITION_FIELDS: Readonly<Record<string, FieldName>> = {
  critical: "critical",
  warning: "warning",
  recovery: "recovery",
  objective: "objective",
  windows: "windows",
  daysBetweenFalseAlarms: "daysBetweenFalseAlarms",
};
const OTHER_FIELDS = [
  "name",
  "description",
  "windowSeconds",
  "everySeconds",
  "recoverAfterSeconds",
  "reopenWithinSeconds",
  "onNoData",
  "labels",
  "runbookUrl",
] as const;
