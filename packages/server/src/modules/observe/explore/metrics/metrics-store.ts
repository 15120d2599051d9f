import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import {
  dimensionExpression,
  isNatural,
  listElements,
  measureExpression,
  scoreNamesOf,
} from "./metrics-expressions.ts";

/** Conditions of a WHERE over the spans of one project, and the values that the engine binds to them. */
export type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

/** The query for one period. */
export type Question = {
  readonly where: Where;
  /** Conditions for the spans of the traces that the period holds. */
  readonly around: Where;
  readonly cohorts: readonly { readonly name: string; readonly where: Where }[];
  readonly measures: readonly string[];
  readonly dimensions: readonly string[];
  /** The start and the step of the dimension `time`, in microseconds. */
  readonly origin: number;
  readonly step: number;
  readonly signal: AbortSignal;
};

/** The values of the ranked dimensions, in the requested order. */
export type GroupKey = readonly string[];

const Row = z.object({
  cohort: z.string(),
  natural: z.array(z.string()),
  ranked: z.array(z.string()),
  is_other: z.coerce.boolean(),
  measured: z.array(z.number().nullable()),
  n: z.coerce.number(),
});
export type MeasuredRow = z.infer<typeof Row>;

/** All judgements of a project's spans as a table to stand after FROM, as the module of traces writes it. */
type ScoresOf = (condition?: { readonly where?: string; readonly project?: string }) => string;

/** The user or session of each trace, as a table for use after FROM. */
type OwnersOf = (column: "user_id" | "session_id", where: string) => string;
type Tables = { readonly scoresOf: ScoresOf; readonly ownersOf: OwnersOf };

/** Reads measures of spans by groups. */
export function createMetricsStore(columnar: Columnar, tables: Tables) {
  return {
    /** The groups with the most of the first measure, whatever their natural dimensions and cohorts are. */
    async rank(projectId: string, question: Question, limit: number): Promise<MeasuredRow[]> {
      const { measured, source, ranked, params } = partsOf(projectId, question, tables);
      return columnar.select({
        sql: `SELECT '' AS cohort, emptyArrayString() AS natural, [${ranked.map(toText).join(", ")}] AS ranked, 0 AS is_other,
            ${measured} AS measured, count() AS n
          FROM (${source}) GROUP BY ${ranked.join(", ")}
          ORDER BY measured[1] DESC NULLS LAST, ranked LIMIT {groups:UInt32}`,
        params: { ...params, groups: limit },
        row: Row,
        signal: question.signal,
      });
    },

    /** The groups of these keys (all if there are no keys), and one group with all others. */
    async measure(
      projectId: string,
      question: Question,
      { keys, others }: { keys: readonly GroupKey[] | null; others: "too" | "none" | "only" },
    ): Promise<MeasuredRow[]> {
      const { measured, source, natural, ranked, params } = partsOf(projectId, question, tables);
      const isTop = keys === null ? "1" : `[${ranked.map(toText).join(", ")}] IN {keys:Array(Array(String))}`;
      const groups = ranked.map((name) => `if(is_top, ${toText(name)}, '') AS group_${name}`);
      return columnar.select({
        sql: `SELECT cohort, ${textsOf(natural)} AS natural, ${textsOf(ranked.map((name) => `group_${name}`))} AS ranked,
            NOT is_top AS is_other, ${measured} AS measured, count() AS n
          FROM (SELECT *, ${[`${isTop} AS is_top`, ...groups].join(", ")} FROM (${source}))
          ${others === "too" ? "" : `WHERE ${others === "only" ? "NOT " : ""}is_top`}
          GROUP BY ${["cohort", "is_top", ...natural, ...ranked.map((name) => `group_${name}`)].join(", ")}`,
        params: { ...params, ...(keys !== null && { keys }) },
        row: Row,
        signal: question.signal,
      });
    },
  };
}

/** No part of the text comes from the caller: names are indexes, values are bound. */
function partsOf(projectId: string, question: Question, { scoresOf, ownersOf }: Tables) {
  const { where, around, cohorts, measures, dimensions, origin, step } = question;
  const scores = scoreNamesOf(measures);
  const expressions = dimensions.map((name, place) => ({ ...dimensionExpression(name, place), name: `d${place}` }));
  const namesWhere = (isWanted: (dimension: string) => boolean) =>
    dimensions.flatMap((dimension, place) => (isWanted(dimension) ? [`d${place}`] : []));
  const cohort = cohortOf(cohorts);
  const columns = ["*", `${cohort.sql} AS cohort`, ...listElements(dimensions)].join(", ");
  const base = `SELECT ${columns} FROM spans WHERE ${where.sql}`;
  const isOwned = dimensions.includes("user") || dimensions.includes("session");
  const owned = isOwned ? withOwners(base, question, ownersOf) : base;
  return {
    measured: `[${measures.map((measure) => `toFloat64(${measureExpression(measure, scores)})`).join(", ")}]`,
    source: `SELECT *${expressions.map(({ sql, name }) => `, ${sql} AS ${name}`).join("")} FROM ${withScores(owned, scores, scoresOf)}`,
    natural: namesWhere(isNatural),
    ranked: namesWhere((dimension) => !isNatural(dimension)),
    params: {
      ...where.params,
      ...(isOwned && { ...around.params, projectId }),
      ...cohort.params,
      ...Object.assign({}, ...expressions.map(({ params }) => params)),
      ...(dimensions.includes("time") && { origin, step }),
      ...(scores.length > 0 && { projectId, scores }),
    },
  };
}

/** A span belongs to each cohort whose conditions it meets. Without cohorts, it belongs to one without a name. */
function cohortOf(cohorts: Question["cohorts"]): Where {
  if (cohorts.length === 0) return { sql: "''", params: {} };
  const conditions = cohorts.map(({ where }, place) => renameParams(where, `cohort${place}_`));
  return {
    sql: `arrayJoin(arrayFilter((name, is_in) -> is_in, {cohortNames:Array(String)}, [${conditions.map(({ sql }) => `toBool(${sql})`).join(", ")}]))`,
    params: Object.assign({ cohortNames: cohorts.map(({ name }) => name) }, ...conditions.map(({ params }) => params)),
  };
}

/** Separates the values of different filters in the same statement. */
const renameParams = ({ sql, params }: Where, prefix: string): Where => ({
  sql: sql.replaceAll(/\{(\w+):/g, `{${prefix}$1:`),
  params: Object.fromEntries(Object.entries(params).map(([name, value]) => [prefix + name, value])),
});

/** Each span with its user and session: its own, or its trace's. */
function withOwners(base: string, { where, around, dimensions }: Question, ownersOf: OwnersOf): string {
  const owners = (["user", "session"] as const).filter((name) => dimensions.includes(name));
  const unnamed = (column: string) => `trace_id IN (SELECT trace_id FROM spans WHERE ${where.sql} AND ${column} = '')`;
  const columns = owners.map((name) => `if(${name}_id = '', ${name}_owners.owner, ${name}_id) AS owning_${name}`);
  const joins = owners.map(
    (name) =>
      `LEFT JOIN ${ownersOf(`${name}_id`, unnamed(`${name}_id`) + around.sql)} AS ${name}_owners ON unowned.trace_id = ${name}_owners.owned_trace`,
  );
  return `SELECT unowned.*, ${columns.join(", ")} FROM (${base}) AS unowned ${joins.join(" ")}`;
}

/** The mean of each score of a span, and of its trace as a whole. */
function withScores(base: string, scores: readonly string[], scoresOf: ScoresOf): string {
  if (scores.length === 0) return `(${base})`;
  const means = scores.map((_, place) => `avgOrNullIf(value, name = {scores:Array(String)}[${place + 1}])`).join(", ");
  const of = (condition: string) =>
    `FROM ${scoresOf({ where: "name IN {scores:Array(String)}" })} WHERE span_id ${condition}`;
  return `(${base}) AS base
    LEFT JOIN (SELECT trace_id AS own_trace, span_id AS own_span, [${means}] AS own_scores ${of("!= ''")} GROUP BY trace_id, span_id) AS own
      ON base.trace_id = own.own_trace AND base.span_id = own.own_span
    LEFT JOIN (SELECT trace_id AS whole_trace, [${means}] AS trace_scores ${of("= ''")} GROUP BY trace_id) AS whole
      ON base.trace_id = whole.whole_trace`;
}

const toText = (name: string) => `toString(${name})`;
const textsOf = (names: readonly string[]) =>
  names.length === 0 ? "emptyArrayString()" : `[${names.map(toText).join(", ")}]`;
