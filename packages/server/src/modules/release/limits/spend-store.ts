import type { LimitScope, SpendGroup } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";

export const SPEND_TABLE = "spend_entries";

/** Times in milliseconds since 1970; `to` is not part of the period. */
type Period = { readonly from: number; readonly to: number };

const TOTALS = `count() AS requests,
  sum(toUInt64(input_tokens)) AS inputTokens,
  sum(toUInt64(output_tokens)) AS outputTokens,
  ifNull(sum(cost_usd), 0) AS costUsd,
  countIf(isNull(cost_usd)) AS unpriced`;
const IN_PERIOD = `project_id = {projectId:String}
  AND time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})`;
const GROUPS: Readonly<Record<SpendGroup, string>> = {
  key: "actor",
  user: "user_id",
  tag: "arrayJoin(if(empty(tags), [''], tags))",
  endpoint: "endpoint",
  variant: "if(variant = '', '', concat(endpoint, '/', variant))",
  model: "model",
  provider: "connection",
};
/** The value that a limit counts an entry for; entries without one are left out. */
const VALUES: Readonly<Record<LimitScope, string>> = {
  project: "''",
  key: "if(startsWith(actor, 'key_'), actor, NULL)",
  user: "nullIf(user_id, '')",
  tag: "arrayJoin(tags)",
  endpoint: "nullIf(endpoint, '')",
  variant: "if(variant = '', NULL, concat(endpoint, '/', variant))",
  provider: "connection",
};

const Totals = z.object({
  requests: z.coerce.number(),
  inputTokens: z.coerce.number(),
  outputTokens: z.coerce.number(),
  costUsd: z.number(),
  unpriced: z.coerce.number(),
});
const Group = Totals.extend({ value: z.string() });
const Point = z.object({ step: z.coerce.number(), requests: z.coerce.number(), costUsd: z.number() });
/** Entries of one value and model whose input is of about the same size, so that the same price applies to all of them. */
const Priceable = z.object({
  value: z.string(),
  provider: z.string(),
  model: z.string(),
  requests: z.coerce.number(),
  inputTokens: z.coerce.number(),
  outputTokens: z.coerce.number(),
  cachedInputTokens: z.coerce.number(),
  cacheWriteTokens: z.coerce.number(),
  reasoningTokens: z.coerce.number(),
});
export type Priceable = z.infer<typeof Priceable>;

/** The ledger: one row for each attempt that a provider answered. */
export const createSpendStore = (columnar: Columnar) => ({
  total: (projectId: string, period: Period) => readTotal(columnar, projectId, period),
  /** The groups with the highest cost first. */
  groups: (projectId: string, query: GroupsQuery) => readGroups(columnar, projectId, query),
  /** By step of time; `step` is its start in seconds since 1970. */
  points: (projectId: string, query: PointsQuery) => readPoints(columnar, projectId, query),
  /** What a limit counts, to be priced again. `exempt` lists actors and users that are left out. */
  priceable: (projectId: string, query: PriceableQuery) => readPriceable(columnar, projectId, query),
});

type GroupsQuery = Period & { readonly by: SpendGroup; readonly limit: number };
type PointsQuery = Period & { readonly stepSeconds: number };
type PriceableQuery = Period & {
  readonly scope: LimitScope;
  readonly value: string | null;
  readonly exempt: readonly string[];
};

async function readTotal(columnar: Columnar, projectId: string, period: Period) {
  const rows = await columnar.select({
    sql: `SELECT ${TOTALS} FROM ${SPEND_TABLE} WHERE ${IN_PERIOD}`,
    params: { projectId, ...period },
    row: Totals,
  });
  return rows[0] ?? { requests: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, unpriced: 0 };
}

const readGroups = (columnar: Columnar, projectId: string, { by, limit, ...period }: GroupsQuery) =>
  columnar.select({
    sql: `SELECT ${GROUPS[by]} AS value, ${TOTALS} FROM ${SPEND_TABLE} WHERE ${IN_PERIOD}
      GROUP BY value ORDER BY costUsd DESC, requests DESC, value LIMIT {limit:UInt32}`,
    params: { projectId, ...period, limit },
    row: Group,
  });

const readPoints = (columnar: Columnar, projectId: string, { stepSeconds, ...period }: PointsQuery) =>
  columnar.select({
    sql: `SELECT intDiv(toUnixTimestamp(time), {stepSeconds:UInt32}) * {stepSeconds:UInt32} AS step,
        count() AS requests, ifNull(sum(cost_usd), 0) AS costUsd
      FROM ${SPEND_TABLE} WHERE ${IN_PERIOD} GROUP BY step ORDER BY step`,
    params: { projectId, ...period, stepSeconds },
    row: Point,
  });

const readPriceable = (columnar: Columnar, projectId: string, { scope, value, exempt, ...period }: PriceableQuery) =>
  columnar.select({
    sql: `SELECT assumeNotNull(grouped) AS value, provider, model, count() AS requests,
        sum(toUInt64(input_tokens)) AS inputTokens, sum(toUInt64(output_tokens)) AS outputTokens,
        sum(toUInt64(cached_input_tokens)) AS cachedInputTokens, sum(toUInt64(cache_write_tokens)) AS cacheWriteTokens,
        sum(toUInt64(reasoning_tokens)) AS reasoningTokens
      FROM (
        SELECT ${VALUES[scope]} AS grouped, provider, model, input_tokens, output_tokens, cached_input_tokens,
          cache_write_tokens, reasoning_tokens, intDiv(greatest(input_tokens, 1) - 1, 1000) AS size
        FROM ${SPEND_TABLE}
        WHERE ${IN_PERIOD} AND NOT has({exempt:Array(String)}, actor) AND NOT has({exempt:Array(String)}, user_id)
      )
      WHERE grouped IS NOT NULL AND ({isEach:Bool} OR assumeNotNull(grouped) = {value:String})
      GROUP BY value, provider, model, size`,
    params: { projectId, ...period, exempt, isEach: value === null, value: value ?? "" },
    row: Priceable,
  });
