import type { RolloutGuardrail } from "@treadle/contract";
import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
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
/** What the past is read from. */
export type PastSource = {
  readonly guardrails: readonly RolloutGuardrail[];
  /** Goes after FROM: the scores of the name that `score` binds. */
  readonly table: string;
  /** The 32 bits that a unit is drawn with, of two texts in the engine's words. */
  readonly hash: (salt: string, unit: string) => string;
};

type Store = Pick<Columnar, "select" | "command" | "insert">;

/** The mean of each metric of each unit before a rollout. It is read from the spans once per rollout, and never changes. */
export const createPastStore = (columnar: Store) => ({
  /** Undefined if it is not stored yet. */
  async count({ projectId, rolloutId }: UnitPast): Promise<PastUnits | undefined> {
    const rows = await columnar.select({ sql: COUNT, params: { projectId, rolloutId }, row: SourceRow });
    const units = new Map(rows.map(({ source, units }) => [source, units]));
    return units.delete(COMPLETE) ? units : undefined;
  },

  /** After a crash in between, the same rows are stored again, which the queries ignore. */
  async fill(past: UnitPast, source: PastSource): Promise<void> {
    const { startedAt, projectId, rolloutId, ...rest } = past;
    const params = { ...rest, projectId, rolloutId, from: startedAt - BASELINE_DAYS * DAY_MS, until: startedAt };
    const builtIn = source.guardrails.filter(({ metric }) => metric.kind !== "score");
    if (builtIn.length > 0) {
      const sql = requestsOf(past, { ...source, guardrails: builtIn });
      await columnar.command(sql, { ...params, source: REQUESTS, ...budgetsOf(builtIn) });
    }
    for (const { metric } of source.guardrails)
      if (metric.kind === "score")
        await columnar.command(scoresOf(past, source), { ...params, source: keyOf(metric), score: metric.name });
    const complete = { project_id: projectId, rollout_id: rolloutId, source: COMPLETE, place: 0, means: [] };
    await columnar.insert("unit_pasts", [complete]);
  },
});

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

type Insert = { readonly means: string; readonly units: string; readonly hash: PastSource["hash"] };
/** A unit's place is where the rollout will draw it, so that a look joins by the number that it groups by. */
const insert = ({ means, units, hash }: Insert) =>
  `INSERT INTO unit_pasts (project_id, rollout_id, source, place, means)
    SELECT {projectId:String}, {rolloutId:String}, {source:String},
      toUInt32(${hash("{rolloutId:String}", "concat({unit:String}, ':', unit_text)")}), [${means}] FROM (${units}) ${LIMITS}`;

const requestsOf = ({ unit }: UnitPast, { guardrails, hash }: PastSource) =>
  insert({
    hash,
    means: meanColumns(guardrails),
    units: `SELECT unit_text${rowColumns(guardrails)} FROM (
      SELECT *, ${textOf(unit)} AS unit_text, true AS counted FROM spans WHERE ${rowsOf(unit)}) GROUP BY unit_text`,
  });

const scoresOf = ({ unit }: UnitPast, { table, hash }: PastSource) =>
  insert({
    hash,
    means: "s / n",
    units: `SELECT unit_text, countIf(scored) AS n, sumIf(ifNull(score, 0), scored) AS s FROM (
      ${scoredSpans({ table, where: rowsOf(unit), counted: "true", columns: [["unit_text", textOf(unit)]] })})
    GROUP BY unit_text HAVING n > 0`,
  });
