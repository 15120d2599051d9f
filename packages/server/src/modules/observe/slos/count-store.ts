import type { SloIndicator } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { SloCounts } from "./compute-status.ts";
import { REQUESTS, requestsSql } from "./indicator-sql.ts";

type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };
type ScoresOf = (condition: { readonly where: string }) => string;

const Row = z.object({
  day: z.string(),
  requests: z.coerce.number(),
  n: z.coerce.number(),
  bad: z.coerce.number(),
  judged: z.coerce.number(),
  judged_bad: z.coerce.number(),
  window_n: z.array(z.coerce.number()),
  window_bad: z.array(z.coerce.number()),
});
type Row = z.output<typeof Row>;

export type CountQuery = {
  /** The conditions of the filter and of the time. */
  readonly spans: Where;
  readonly endpoint: string;
  readonly counts: "calls" | "roots";
  readonly indicator: SloIndicator;
  /** The end of the windows, in milliseconds. */
  readonly now: number;
  readonly minutes: readonly number[];
};

/** Counts the requests of an SLO. */
export const createCountStore = (columnar: Pick<Columnar, "select">, scoresOf: ScoresOf) => ({
  async count(projectId: string, query: CountQuery): Promise<SloCounts> {
    const { spans, endpoint, indicator, now, minutes } = query;
    const params = {
      ...spans.params,
      projectId,
      sloNow: now * 1_000,
      ...(endpoint !== "" && { sloEndpoint: endpoint }),
      ...(indicator.kind === "score" && { sloScore: indicator.score }),
    };
    return toCounts(await columnar.select({ sql: statementOf(query, scoresOf), params, row: Row }), minutes);
  },
});

function statementOf({ spans, endpoint, counts, indicator, minutes }: CountQuery, scoresOf: ScoresOf): string {
  const ofEndpoint = endpoint === "" ? [] : ["endpoint = {sloEndpoint:String}"];
  const where = [spans.sql, REQUESTS[counts], ...ofEndpoint].join(" AND ");
  const scores = scoresOf({
    where: `name = {sloScore:String} AND trace_id IN (SELECT trace_id FROM spans WHERE ${where})`,
  });
  const since = (length: number) =>
    `start_time >= fromUnixTimestamp64Micro({sloNow:Int64} - ${Number(length) * 60_000_000}, 'UTC')`;
  const within = (condition: string) => `[${minutes.map((each) => `countIf(${condition} AND ${since(each)})`)}]`;
  return `SELECT toString(toDate(start_time)) AS day, count() AS requests, countIf(is_counted) AS n, countIf(is_bad) AS bad,
      countIf(is_judged) AS judged, countIf(is_judged AND is_bad) AS judged_bad,
      ${within("is_counted")} AS window_n, ${within("is_bad")} AS window_bad
    FROM ${requestsSql(indicator, { where, scores })} GROUP BY day ORDER BY day`;
}

function toCounts(rows: readonly Row[], minutes: readonly number[]): SloCounts {
  const sumAt = (column: "window_n" | "window_bad", place: number) =>
    rows.reduce((sum, row) => sum + (row[column][place] ?? 0), 0);
  return {
    days: rows.map(({ day, requests, n, bad, judged, judged_bad: judgedBad }) => ({
      day,
      requests,
      n,
      bad,
      judged,
      judgedBad,
    })),
    windows: minutes.map((each, place) => ({
      minutes: each,
      n: sumAt("window_n", place),
      bad: sumAt("window_bad", place),
    })),
  };
}
