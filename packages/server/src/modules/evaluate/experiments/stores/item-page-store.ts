import type { RunItemsQuery } from "@treadle/contract";
import { type SQL, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";

/** The requested items of a run: the query and its meaning for this run. */
export type ItemPage = {
  readonly runId: string;
  readonly itemSetId: string;
  readonly baseRunId: string | null;
  /** The score to filter and sort by. Null if the run has none. */
  readonly scorer: string | null;
  /** 1 when more is better, -1 when less is. */
  readonly sign: 1 | -1;
  readonly query: RunItemsQuery;
  readonly offset: number;
};
type Placed = { readonly itemId: string; readonly total: number };

const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

/** Pages of a run's items, by what the answers and scores say. */
export const createItemPageStore = (db: Postgres) => ({
  /** The ids of a page in their order, and how many items there are on all pages. */
  list: (page: ItemPage): Promise<{ itemIds: string[]; total: number }> =>
    db.transaction(async (tx) => {
      // A planner that knows nothing of a young run would look through all of its answers for each of its items.
      await tx.execute(sql`SET LOCAL enable_nestloop = off`);
      const { runId, itemSetId, baseRunId, scorer, query, offset } = page;
      const { rows } = await tx.execute<Placed>(sql`
        SELECT item.item_id AS "itemId", count(*) OVER ()::int AS total
        FROM eval_items AS item
        JOIN (${answersOf(runId)}) AS answer ON answer.item_id = item.item_id
        LEFT JOIN (${valuesOf(runId, scorer)}) AS score ON score.item_id = item.item_id
        LEFT JOIN (${valuesOf(baseRunId, scorer)}) AS base ON base.item_id = item.item_id
        WHERE item.item_set_id = ${itemSetId} ${and(conditionsOf(page))}
        ORDER BY ${orderOf(page)}, item.position, item.item_id
        LIMIT ${query.limit} OFFSET ${offset}`);
      return { itemIds: rows.map(({ itemId }) => itemId), total: rows[0]?.total ?? 0 };
    }),
});

const answersOf = (runId: string): SQL => sql`
  SELECT item_id, bool_or(state = 'error') AS has_error, bool_or(state = 'ok') AS has_answer,
    bool_or(state = 'diverged') AS has_diverged,
    avg(latency_ms) AS latency, sum(cost_usd) AS cost
  FROM eval_results WHERE run_id = ${runId} GROUP BY item_id`;

const valuesOf = (runId: string | null, scorer: string | null): SQL => sql`
  SELECT item_id, avg(value) FILTER (WHERE state = 'scored') AS value,
    bool_or(state = 'undefined') AS has_undefined, bool_or(state = 'failed') AS has_failed
  FROM eval_scores WHERE run_id = ${runId ?? ""} AND scorer = ${scorer ?? ""} GROUP BY item_id`;

const and = (conditions: readonly SQL[]): SQL => sql.join(conditions.map((one) => sql` AND ${one}`));

function conditionsOf({ runId, baseRunId, scorer, sign, query }: ItemPage): SQL[] {
  const { state, min, max, label, changed, slice, search } = query;
  const change = sql`(score.value - base.value) * ${sql.raw(String(sign))}`;
  return [
    state === "ok" ? sql`answer.has_answer` : null,
    state === "error" ? sql`answer.has_error` : null,
    state === "diverged" ? sql`answer.has_diverged` : null,
    state === "undefined" ? sql`score.has_undefined` : null,
    state === "failed" ? sql`score.has_failed` : null,
    min === undefined ? null : sql`score.value >= ${min}`,
    max === undefined ? null : sql`score.value <= ${max}`,
    label === undefined
      ? null
      : sql`EXISTS (SELECT 1 FROM eval_scores WHERE run_id = ${runId} AND scorer = ${scorer ?? ""} AND item_id = item.item_id AND label = ${label})`,
    changed === "better" ? sql`${change} > 0` : null,
    changed === "worse" ? sql`${change} < 0` : null,
    changed === "any" ? sql`score.value IS DISTINCT FROM base.value` : null,
    changed === "output" ? hasOtherOutput(runId, baseRunId) : null,
    slice === undefined ? null : isInSlice(slice),
    search === "" ? null : hasText(runId, `%${literally(search)}%`),
  ].filter((one) => one !== null);
}

const hasOtherOutput = (runId: string, baseRunId: string | null): SQL => sql`EXISTS (
  SELECT 1 FROM eval_results AS own
  JOIN eval_results AS other ON other.run_id = ${baseRunId ?? ""} AND other.item_id = own.item_id AND other.repeat = own.repeat
  WHERE own.run_id = ${runId} AND own.item_id = item.item_id AND own.output <> other.output)`;

/** Metadata that is not text counts as its JSON. */
function isInSlice(slice: string): SQL {
  const [field = "", ...rest] = slice.split("=");
  const value = rest.join("=");
  if (field === "split") return value === "" ? sql`item.split IS NULL` : sql`item.split = ${value}`;
  return sql`item.metadata #>> string_to_array(${field}, '.') = ${value}`;
}

const hasText = (runId: string, pattern: string): SQL => sql`(
  item.inputs::text ILIKE ${pattern} OR item.expected::text ILIKE ${pattern} OR item.item_id ILIKE ${pattern}
  OR EXISTS (SELECT 1 FROM eval_results WHERE run_id = ${runId} AND item_id = item.item_id AND output ILIKE ${pattern}))`;

function orderOf({ sign, query }: ItemPage): SQL {
  const change = sql`(score.value - base.value) * ${sql.raw(String(sign))}`;
  const orders = {
    position: sql`item.position`,
    score: sql`score.value ASC NULLS LAST`,
    "-score": sql`score.value DESC NULLS LAST`,
    regression: sql`${change} ASC NULLS LAST`,
    improvement: sql`${change} DESC NULLS LAST`,
    latency: sql`answer.latency ASC NULLS LAST`,
    "-latency": sql`answer.latency DESC NULLS LAST`,
    cost: sql`answer.cost ASC NULLS LAST`,
    "-cost": sql`answer.cost DESC NULLS LAST`,
  } satisfies Record<RunItemsQuery["sort"], SQL>;
  return orders[query.sort];
}
