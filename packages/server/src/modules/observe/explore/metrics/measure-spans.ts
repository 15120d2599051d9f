import type { MetricsColumn, MetricsRow, SpanFilter, SpanMetrics, SpanMetricsQuery } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { chooseInterval, startOfStep } from "../../../../kernel/time-steps.ts";
import { canShowProbes, WITHOUT_PROBES } from "../../traces/index.ts";
import { fillGaps } from "./fill-gaps.ts";
import { emptyValueOf, isNatural, labelOf, unitOf } from "./metrics-expressions.ts";
import type { createMetricsStore, GroupKey, MeasuredRow, Question, Where } from "./metrics-store.ts";

type Deps = {
  readonly store: ReturnType<typeof createMetricsStore>;
  whereSpans(projectId: string, filter: SpanFilter): Where;
  /** Conditions for the spans of the traces that a period, in microseconds, holds. */
  aroundPeriod(period: Period): Where;
  /** Conditions for the spans that belong to one user or session. */
  belongsTo(column: "user_id" | "session_id", value: string, around: Where): Where;
};
type Ask = { readonly projectId: string; readonly query: SpanMetricsQuery; readonly signal: AbortSignal };
type Period = { readonly from: number; readonly to: number };
type Asked = Ask & {
  readonly intervalSeconds: number;
  readonly steps: number;
  /** How long before the first moment of the period its first step begins, in milliseconds. */
  readonly leadMs: number;
};

const WANTED_STEPS = 100;
const MOST_ROWS = 50_000;
const MOST_STEPS = 2_000;

/** Answers a question of measures by dimensions: which groups, their values, the same groups in the time before. */
export async function measureSpans(deps: Deps, ask: Ask): Promise<SpanMetrics> {
  const { query } = ask;
  const period = periodOf(query);
  const asked = { ...ask, ...stepsOf(query, period) };
  const { keys, isTruncated, rows: ranking } = await chooseGroups(deps, asked, period);
  const others = isTruncated && query.rest === "other" ? "too" : "none";
  const read = async (of: Period, known: readonly MeasuredRow[] | null) => {
    const rows = known ?? (await deps.store.measure(ask.projectId, questionOf(deps, asked, of), { keys, others }));
    return toRows(asked, of, order(query, fill(asked, rows), keys));
  };
  const before = { from: 2 * period.from - period.to, to: period.from };
  const [rows, previousRows] = await Promise.all([
    read(period, others === "none" ? ranking : null),
    query.compare === "previous" ? read(before, null) : undefined,
  ]);
  return {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    intervalSeconds: query.dimensions.includes("time") ? asked.intervalSeconds : null,
    columns: columnsOf(query),
    rows,
    ...(previousRows && { previousRows }),
    isTruncated,
  };
}

function periodOf(query: SpanMetricsQuery): Period {
  const [from, to] = [Date.parse(query.from), Date.parse(query.to)];
  if (to > from) return { from, to };
  throw new AppError("invalid_request", { message: "`to` must be later than `from`.", details: { param: "to" } });
}

function stepsOf({ dimensions, intervalSeconds, limit, cohorts }: SpanMetricsQuery, { from, to }: Period) {
  const seconds = (to - from) / 1_000;
  const interval = intervalSeconds ?? chooseInterval(seconds, WANTED_STEPS);
  const leadMs = from - startOfStep(from, interval);
  const steps = dimensions.includes("time") ? Math.ceil((seconds + leadMs / 1_000) / interval) : 1;
  const groups = dimensions.some((name) => !isNatural(name)) ? limit + 1 : 1;
  const most = Math.min(MOST_STEPS, Math.floor(MOST_ROWS / groups / (cohorts?.length ?? 1)));
  if (steps <= most) return { intervalSeconds: interval, steps, leadMs };
  throw new AppError("invalid_request", {
    message: `This query would return ${steps} steps of ${interval} seconds; with these groups the limit is ${most} steps. Use \`intervalSeconds\` of at least ${Math.ceil(seconds / most)}, a lower \`limit\` or a shorter time range.`,
    details: { param: "intervalSeconds", least: Math.ceil(seconds / most) },
  });
}

function questionOf(deps: Deps, { projectId, query, signal, intervalSeconds, leadMs }: Asked, of: Period): Question {
  const { whereSpans, aroundPeriod, belongsTo } = deps;
  const around = aroundPeriod({ from: of.from * 1_000, to: of.to * 1_000 });
  const owned = [
    ...(query.user === undefined ? [] : [belongsTo("user_id", query.user, around)]),
    ...(query.session === undefined ? [] : [belongsTo("session_id", query.session, around)]),
  ];
  const times = { from: new Date(of.from).toISOString(), to: new Date(of.to).toISOString() };
  const conditionsOf = (filter: SpanFilter) => whereSpans(projectId, filter);
  return {
    where: allOf([conditionsOf({ ...query.where, ...times }), ...owned, ...withoutProbes(query)]),
    around,
    cohorts: (query.cohorts ?? []).map(({ name, where }) => ({ name, where: conditionsOf({ ...where, ...times }) })),
    measures: query.measures,
    dimensions: query.dimensions,
    origin: (of.from - leadMs) * 1_000,
    step: intervalSeconds * 1e6,
    signal,
  };
}

/** Calls of probes are no traffic. They are measured only if the query asks about environments. */
const withoutProbes = ({ where, cohorts, dimensions }: SpanMetricsQuery): Where[] =>
  dimensions.includes("environment") || [where, ...(cohorts ?? []).map((cohort) => cohort.where)].some(canShowProbes)
    ? []
    : [{ sql: WITHOUT_PROBES, params: {} }];

const allOf = (conditions: readonly Where[]): Where => ({
  sql: conditions.map(({ sql }) => sql).join(" AND "),
  params: Object.assign({}, ...conditions.map(({ params }) => params)),
});

type Groups = {
  /** Null when nothing is ranked, so that there is only one group. */
  readonly keys: readonly GroupKey[] | null;
  readonly isTruncated: boolean;
  /** The answer itself, when ranking has given it already. */
  readonly rows: readonly MeasuredRow[] | null;
};

async function chooseGroups(deps: Deps, asked: Asked, period: Period): Promise<Groups> {
  const { projectId, query } = asked;
  if (query.dimensions.every(isNatural)) return { keys: null, isTruncated: false, rows: null };
  const ranking = await deps.store.rank(projectId, questionOf(deps, asked, period), query.limit + 1);
  const rows = ranking.slice(0, query.limit);
  const isAnswer = !query.dimensions.some(isNatural) && query.cohorts === undefined;
  return {
    keys: rows.map(({ ranked }) => ranked),
    isTruncated: ranking.length > query.limit,
    rows: isAnswer ? rows : null,
  };
}

function fill({ query, steps }: Asked, found: readonly MeasuredRow[]): readonly MeasuredRow[] {
  const { dimensions, measures } = query;
  const emptyValues = measures.map(emptyValueOf);
  const rows = dimensions.every((name) => name === "time")
    ? [...found, ...emptyRows(query, found, emptyValues)]
    : found;
  const place = dimensions.filter(isNatural).indexOf("time");
  return place < 0 ? rows : fillGaps(rows, { place, count: steps }, emptyValues);
}

/** A query without groups has a row even if there is no span. */
function emptyRows(
  { cohorts, dimensions }: SpanMetricsQuery,
  found: readonly MeasuredRow[],
  measured: (number | null)[],
): MeasuredRow[] {
  const names = cohorts?.map(({ name }) => name) ?? [""];
  const missing = names.filter((name) => !found.some(({ cohort }) => cohort === name));
  return missing.map((cohort) => ({
    cohort,
    natural: dimensions.map(() => "0"),
    ranked: [],
    is_other: false,
    measured,
    n: 0,
  }));
}

/** By cohort as they were named, then the groups by rank with all others last, then along the natural dimensions. */
function order({ cohorts = [] }: SpanMetricsQuery, rows: readonly MeasuredRow[], keys: Groups["keys"]) {
  const ranks = new Map((keys ?? []).map((key, rank) => [JSON.stringify(key), rank]));
  const rankOf = ({ ranked, is_other: isOther }: MeasuredRow) =>
    isOther ? Number.POSITIVE_INFINITY : (ranks.get(JSON.stringify(ranked)) ?? 0);
  const sortKeys = new Map(
    rows.map((row) => [
      row,
      [cohorts.findIndex(({ name }) => name === row.cohort), rankOf(row), ...row.natural.map(Number)],
    ]),
  );
  return rows.toSorted((a, b) => compareLists(sortKeys.get(a) ?? [], sortKeys.get(b) ?? []));
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, index) => value !== b[index]);
  return place < 0 ? 0 : (a[place] ?? 0) < (b[place] ?? 0) ? -1 : 1;
}

function toRows(
  { query, intervalSeconds, leadMs }: Asked,
  { from }: Period,
  rows: readonly MeasuredRow[],
): MetricsRow[] {
  const { dimensions, measures, cohorts } = query;
  const toTime = (step: string | undefined) =>
    new Date(from - leadMs + Number(step) * intervalSeconds * 1_000).toISOString();
  return rows.map((row) => {
    const natural = [...row.natural];
    const ranked = [...row.ranked];
    const values = dimensions.map((name) => {
      if (name === "time") return [name, toTime(natural.shift())];
      return [name, (isNatural(name) ? natural : ranked).shift() ?? ""];
    });
    return {
      group: Object.fromEntries([...(cohorts ? [["cohort", row.cohort]] : []), ...values]),
      isOther: row.is_other,
      values: Object.fromEntries(measures.map((name, place) => [name, row.measured[place] ?? null])),
      n: row.n,
    };
  });
}

function columnsOf({ dimensions, measures, cohorts }: SpanMetricsQuery): MetricsColumn[] {
  const groups = [...(cohorts ? ["cohort"] : []), ...dimensions];
  return [
    ...groups.map(
      (name): MetricsColumn => ({
        name,
        label: labelOf(name),
        role: "dimension",
        unit: name === "time" ? "time" : "text",
      }),
    ),
    ...measures.map((name): MetricsColumn => ({ name, label: labelOf(name), role: "measure", unit: unitOf(name) })),
  ];
}
