import {
  escapeFilterValue,
  type FilterFieldName,
  type FilterNode,
  formatFilter,
  MonitorInput,
  parseFilter,
  type SloInput,
  type SpanFilter,
} from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { burnPairsOf } from "./burn-pairs.ts";
import { badShareSql, type Where } from "./monitor-sql.ts";

/** The conditions of a filter on a span's own columns. The first is the project. */
export type WhereOwn = (filter: SpanFilter) => Where;

const EVERY_SECONDS = 60;
const MOST_LABELS = 20;
const MOST_CHARACTERS = 10_000;
/** What a statement of a monitor cannot read: texts of traces, and the tables behind scores. */
const UNREADABLE =
  /\b(words|input|output|input_preview|output_preview|error_message|attributes|parameters|project_id)\b/;
const OWN_PROJECT = "project_id = {projectId:String}";

/** The burn-rate monitor of an SLO. Throws `unprocessable` if its filter has conditions that a monitor cannot read. */
export function monitorOf(slo: SloInput, whereOwn: WhereOwn): MonitorInput {
  const labels = Object.entries({ slo: slo.name, ...slo.alerts.labels }).slice(0, MOST_LABELS);
  return MonitorInput.parse({
    name: `SLO: ${slo.name}`.slice(0, 120).trim(),
    description: slo.description,
    source: slo.indicator.kind === "availability" ? errorRateOf(slo) : statementOf(slo, whereOwn),
    condition: { kind: "burn", objective: slo.objective, windows: burnPairsOf(slo) },
    everySeconds: EVERY_SECONDS,
    labels: Object.fromEntries(labels),
    runbookUrl: slo.alerts.runbookUrl,
  });
}

/** Explore has the error rate as a measure, so that incidents link to the failed requests. */
function errorRateOf(slo: SloInput) {
  const filter = formatFilter(requestsOf(slo));
  if (parseFilter(filter).problems.length > 0) throw unreadable("it is too long");
  return { kind: "measure", measure: "errorRate", filter };
}

/** The requests of an SLO as a filter: the same as its SQL. */
function requestsOf({ counts, endpoint, filter }: SloInput): FilterNode {
  const term = (field: FilterFieldName, ...values: string[]): FilterNode => ({
    type: "field",
    field,
    key: "",
    operator: ":",
    values,
  });
  const own = parseFilter(filter).filter;
  return {
    type: "and",
    nodes: [
      counts === "calls" ? term("kind", "generation", "embedding") : term("is", "root"),
      { type: "not", node: term("environment", "probe") },
      ...(endpoint === "" ? [] : [term("endpoint", escapeFilterValue(endpoint))]),
      ...(own === null ? [] : own.type === "and" ? own.nodes : [own]),
    ],
  };
}

/** No measure is a rate of slow or low requests, so a statement counts them. */
function statementOf(slo: SloInput, whereOwn: WhereOwn) {
  const own = whereOwn(slo.filter === "" ? {} : { filter: slo.filter });
  if (!own.sql.startsWith(OWN_PROJECT)) throw new Error("the conditions of a filter do not begin with the project");
  const rest = own.sql.slice(OWN_PROJECT.length);
  if (UNREADABLE.test(rest)) throw unreadable("it reads text of traces or scores");
  const sql = badShareSql(slo, { sql: rest, params: own.params });
  if (sql.length > MOST_CHARACTERS) throw unreadable("it is too long");
  return { kind: "sql", sql };
}

const unreadable = (why: string) =>
  new AppError("unprocessable", {
    message: `The monitor of this SLO cannot use this filter: ${why}. Use another filter, or turn the alerts off.`,
    details: { param: "filter" },
  });
