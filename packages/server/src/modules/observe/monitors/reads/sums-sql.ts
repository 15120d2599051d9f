import { DAY_MS } from "../../../../kernel/day.ts";
import { dimensionExpression, listElements } from "../../explore/index.ts";
import { canShowProbes, scoresOf, WITHOUT_PROBES, whereSpans } from "../../traces/index.ts";
import { type Column, type HistogramName, histogramSql } from "./meters.ts";

/** The spans of one or more series. */
export type SpanSource = {
  readonly filter: string;
  readonly groupBy: string | null;
  /** The groups with a series each. All others are `other`. */
  readonly names: readonly string[];
  /** The name of a score: then scores that were given in the time range are read, and not spans. */
  readonly score: string | null;
};

/** Times are milliseconds since 1970. A bucket is a part of the time range, counted from `from`. */
export type SumsQuery = {
  readonly sources: readonly SpanSource[];
  readonly columns: readonly Column[];
  readonly histograms: readonly HistogramName[];
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
};
type Part = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

export const OTHER = "other";
/** Scores name spans that are at most so much older. */
const SCORED_MS = 7 * DAY_MS;
const LISTED: ReadonlySet<string> = new Set(["tag", "guardKind"]);

/** Whether several of these can share a statement. By a list, or with scores, a span counts several times. */
export const isAlone = ({ groupBy, score }: SpanSource): boolean =>
  score !== null || (groupBy !== null && LISTED.has(groupBy));

const renameParams = ({ sql, params }: Part, prefix: string): Part => ({
  sql: sql.replaceAll(/\{(\w+):/g, `{${prefix}$1:`),
  params: Object.fromEntries(Object.entries(params).map(([name, value]) => [prefix + name, value])),
});

/**
 * One statement for all sources with the same time range: it reads each span once, and counts it for every source whose filter it
 * meets. Names and values are bound.
 */
export function sumsStatement(projectId: string, query: SumsQuery): Part {
  const { sources, columns, histograms, from, to, bucketMs } = query;
  const parts = sources.map((source, place) => partsOf(projectId, source, { place, query }));
  const limits = columns.map(({ sql, limit }, place) =>
    limit === undefined ? sql : sql.replaceAll("{limit}", `{limit${place}:Float64}`),
  );
  const [first] = sources;
  const rows = first && isAlone(first) ? aloneRows(projectId, first, query) : spanRows(projectId, query);
  const conditions = parts.map(({ condition }) => `toBool(${condition.sql})`).join(", ");
  const series = parts.map(({ name }) => name.sql).join(", ");
  return {
    sql: `SELECT source, bucket, series, [${limits.map((sql) => `toFloat64(${sql})`).join(", ")}] AS sums,
        [${histograms.map(histogramSql).join(", ")}] AS histograms
      FROM (SELECT *, [${series}][source + 1] AS series,
          intDiv(toUnixTimestamp64Milli(moment) - {fromMs:Int64}, {bucketMs:Int64}) AS bucket
        FROM (SELECT *, arrayJoin(arrayFilter((place, is_in) -> is_in, range(${sources.length}), [${conditions}])) AS source
          FROM (${rows.sql})))
      GROUP BY source, bucket, series`,
    params: {
      ...rows.params,
      ...Object.assign({}, ...parts.flatMap(({ condition, name }) => [condition.params, name.params])),
      ...Object.fromEntries(
        columns.flatMap(({ limit }, place) => (limit === undefined ? [] : [[`limit${place}`, limit]])),
      ),
      fromMs: from,
      toMs: to,
      bucketMs,
    },
  };
}

const withoutProbes = ({ filter, groupBy }: Pick<SpanSource, "filter" | "groupBy">): string =>
  groupBy === "environment" || canShowProbes({ filter }) ? "" : ` AND ${WITHOUT_PROBES}`;

const timesOf = ({ from, to }: Pick<SumsQuery, "from" | "to">) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

function spanRows(projectId: string, query: SumsQuery): Part {
  const where = whereSpans(projectId, timesOf(query));
  return { sql: `SELECT *, start_time AS moment FROM spans WHERE ${where.sql}`, params: where.params };
}

/** Rows for one source: a span once for each element of a list, or once for each of its scores. */
function aloneRows(projectId: string, { groupBy, score, filter }: SpanSource, query: SumsQuery): Part {
  const elements = groupBy === null ? [] : listElements([groupBy]).map((element) => `, ${element}`);
  if (score === null) {
    const where = whereSpans(projectId, timesOf(query));
    return {
      sql: `SELECT *, start_time AS moment${elements.join("")} FROM spans WHERE ${where.sql}`,
      params: where.params,
    };
  }
  const where = whereSpans(projectId, { filter, ...timesOf({ from: query.from - SCORED_MS, to: query.to }) });
  const scored = `SELECT trace_id AS scored_trace, span_id AS scored_span, value AS score_value, time AS moment
    FROM ${scoresOf({ where: "name = {scoreName:String}" })}
    WHERE isNotNull(value) AND time >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`;
  return {
    // A score of a whole trace counts for the root span of the trace.
    sql: `SELECT * FROM (
        SELECT *, arrayJoin(if(parent_span_id = '', [span_id, ''], [span_id])) AS own_key${elements.join("")} FROM spans
        WHERE ${where.sql} AND trace_id IN (SELECT scored_trace FROM (${scored}))) AS spans
      INNER JOIN (${scored}) AS given ON spans.trace_id = given.scored_trace AND spans.own_key = given.scored_span`,
    params: { ...where.params, projectId, scoreName: score },
  };
}

function partsOf(
  projectId: string,
  source: SpanSource,
  { place, query }: { readonly place: number; readonly query: SumsQuery },
): { condition: Part; name: Part } {
  const { filter, groupBy, names } = source;
  const where =
    source.score === null && filter !== ""
      ? whereSpans(projectId, { filter, ...timesOf(query) })
      : { sql: "1", params: {} };
  const condition = renameParams({ ...where, sql: `${where.sql}${withoutProbes(source)}` }, `filter${place}_`);
  if (groupBy === null) return { condition, name: { sql: "''", params: {} } };
  const value = groupSql(groupBy, place);
  return {
    condition,
    name: {
      sql: `if(${value.sql} IN {names${place}:Array(String)}, ${value.sql}, '${OTHER}')`,
      params: { ...value.params, [`names${place}`]: names },
    },
  };
}

/** A group's value as a text. A span belongs to the user and session that it names itself. */
export function groupSql(groupBy: string, place = 0): Part {
  if (groupBy === "user" || groupBy === "session") return { sql: `${groupBy}_id`, params: {} };
  const { sql, params } = dimensionExpression(groupBy, place);
  return { sql: `toString(${sql})`, params };
}

type GroupsQuery = Pick<SumsQuery, "from" | "to"> & {
  readonly filter: string;
  readonly groupBy: string;
  readonly limit: number;
};

/** The groups with the most spans in a time range, most first. */
export function groupsStatement(projectId: string, { filter, groupBy, limit, ...range }: GroupsQuery): Part {
  const where = whereSpans(projectId, { filter, ...timesOf(range) });
  const value = groupSql(groupBy);
  const elements = listElements([groupBy]).map((element) => `, ${element}`);
  return {
    sql: `SELECT ${value.sql} AS name FROM (SELECT *${elements.join("")} FROM spans WHERE ${where.sql}${withoutProbes({ filter, groupBy })})
      GROUP BY name ORDER BY count() DESC, name LIMIT {groups:UInt32}`,
    params: { ...where.params, ...value.params, groups: limit },
  };
}
