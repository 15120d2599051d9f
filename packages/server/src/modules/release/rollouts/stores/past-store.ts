import type { RolloutGuardrail } from "@treadle/contract";
import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { hashUnitSql } from "../../../build/gateway/index.ts";
import {
  BASELINE_DAYS,
  budgetsOf,
  keyOf,
  LIMITS,
  meanColumns,
  rowColumns,
  scoredSpans,
} from "../../comparisons/index.ts";

/** Before the start of a rollout, so its candidate has never answered. */
export type UnitPast = {
  readonly projectId: string;
  readonly rolloutId: string;
  readonly endpoint: string;
  readonly unit: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
};

/** How many units have a past, by the source of their values: `REQUESTS`, or the key of a score. */
export type PastUnits = ReadonlyMap<string, number>;

export const REQUESTS = "requests";
/** A row of this source says that all other rows are stored. */
const COMPLETE = "complete";
const SourceRow = z.object({ source: z.string(), units: z.coerce.number() });

/** What identifies a unit across rollouts. The other kinds of units begin with their first request. */
const UNIT_TEXTS: Readonly<Record<string, string>> = { user: "user_id", key: "attributes['treadle.actor']" };
export const hasPast = (unit: string): boolean => Object.hasOwn(UNIT_TEXTS, unit);
const textOf = (unit: string): string => UNIT_TEXTS[unit] ?? "''";
/** Where the rollout will draw a unit, so that a look joins by the number that it groups by. */
const PLACED = `toUInt32(${hashUnitSql("{rolloutId:String}", "concat({unit:String}, ':', unit_text)")})`;

type Store = Pick<Columnar, "select" | "command" | "insert">;

/** The mean of each metric of each unit before a rollout. It is read from the spans once per rollout, and never changes. */
export const createPastStore = (columnar: Store) => ({
  /** Undefined if it is not stored yet. */
  async count({ projectId, rolloutId }: UnitPast): Promise<PastUnits | undefined> {
    const rows = await columnar.select({ sql: COUNT, params: { projectId, rolloutId }, row: SourceRow });
    const units = new Map(rows.map(({ source, units }) => [source, units]));
    return units.delete(COMPLETE) ? units : undefined;
  },

  /** After a crash in between, the same rows are stored again, which the queries ignore. `table` holds the scores of a name. */
  async fill(past: UnitPast, guardrails: readonly RolloutGuardrail[], table: string): Promise<void> {
    const { startedAt, ...rest } = past;
    const params = { ...rest, from: startedAt - BASELINE_DAYS * DAY_MS, until: startedAt };
    const builtIn = guardrails.filter(({ metric }) => metric.kind !== "score");
    if (builtIn.length > 0)
      await columnar.command(requestsOf(past, builtIn), { ...params, source: REQUESTS, ...budgetsOf(builtIn) });
    for (const { metric } of guardrails)
      if (metric.kind === "score")
        await columnar.command(scoresOf(past, table), { ...params, source: keyOf(metric), score: metric.name });
    const { projectId: project_id, rolloutId: rollout_id } = past;
    await columnar.insert("unit_pasts", [{ project_id, rollout_id, source: COMPLETE, place: 0, means: [] }]);
  },
});
export type PastStore = ReturnType<typeof createPastStore>;

/** Joins the past to a query about the units of a rollout. `columns` are those of the array `means`. */
export const joinPast = (
  columns: string,
): string => `LEFT ANY JOIN (SELECT place AS past_place, 1 AS pasts${columns} FROM unit_pasts
  WHERE project_id = {projectId:String} AND rollout_id = {rolloutId:String} AND source = {pastSource:String}) AS past
  ON counted_units.place = past.past_place`;

const COUNT = `SELECT source, uniqExact(place) AS units FROM unit_pasts
  WHERE project_id = {projectId:String} AND rollout_id = {rolloutId:String} GROUP BY source ${LIMITS}`;

const time = (name: string) => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
/** A unit whose name is not in ASCII counts as one without a past. */
const rowsOf = (unit: string) => `project_id = {projectId:String} AND endpoint = {endpoint:String}
  AND start_time >= ${time("from")} AND start_time < ${time("until")}
  AND ${textOf(unit)} != '' AND lengthUTF8(${textOf(unit)}) = length(${textOf(unit)})`;

const insert = (means: string, units: string) => `INSERT INTO unit_pasts (project_id, rollout_id, source, place, means)
  SELECT {projectId:String}, {rolloutId:String}, {source:String}, ${PLACED}, [${means}] FROM (${units}) ${LIMITS}`;

const requestsOf = ({ unit }: UnitPast, builtIn: readonly RolloutGuardrail[]) =>
  insert(
    meanColumns(builtIn),
    `SELECT unit_text${rowColumns(builtIn)} FROM (
      SELECT *, ${textOf(unit)} AS unit_text, true AS counted FROM spans WHERE ${rowsOf(unit)}) GROUP BY unit_text`,
  );

const scoresOf = ({ unit }: UnitPast, table: string) =>
  insert(
    "s / n",
    `SELECT unit_text, countIf(scored) AS n, sumIf(ifNull(score, 0), scored) AS s FROM (
      ${scoredSpans({ table, where: rowsOf(unit), counted: "true", columns: [["unit_text", textOf(unit)]] })})
    GROUP BY unit_text HAVING n > 0`,
  );
