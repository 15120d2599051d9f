import type { PAIR_OUTCOMES } from "@treadle/contract";
import { and, asc, count, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { storableJson } from "../stores/storable.ts";
import { evalVerdicts } from "./schema.ts";

export type VerdictRow = typeof evalVerdicts.$inferSelect;
export type PairKey = Pick<VerdictRow, "itemId" | "baseRunId" | "headRunId">;
export type PairCounts = Pick<VerdictRow, "baseRunId" | "headRunId"> & {
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly inconsistent: number;
  readonly same: number;
  readonly failed: number;
  /** Whatever stood first won in both orders. */
  readonly firstPlace: number;
  readonly secondPlace: number;
};
export type VerdictFilter = {
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  readonly outcome?: (typeof PAIR_OUTCOMES)[number] | undefined;
  readonly itemId?: string | undefined;
};

export const pairKey = ({ itemId, baseRunId, headRunId }: PairKey) => `${baseRunId} ${headRunId} ${itemId}`;

const { judgingId, itemId, baseRunId, headRunId, projectId, state, winner, baseFirst, headFirst, pairHash, isSame } =
  evalVerdicts;
const isInconsistent = sql`${headFirst} <> ${baseFirst}`;
const OUTCOMES: Readonly<Record<(typeof PAIR_OUTCOMES)[number], ReturnType<typeof sql>>> = {
  win: sql`${winner} = 'head'`,
  loss: sql`${winner} = 'base'`,
  tie: sql`${winner} = 'tie'`,
  inconsistent: isInconsistent,
  failed: sql`${state} = 'failed'`,
};

export const createVerdictStore = (db: Postgres) => ({
  /** Existing rows are unchanged. */
  async add(rows: readonly VerdictRow[]): Promise<void> {
    if (rows.length === 0) return;
    await db.execute(sql`
      INSERT INTO eval_verdicts (judging_id, item_id, base_run_id, head_run_id, project_id, state, winner, base_first, head_first,
        is_same, is_cached, reason, calls, pair_hash, is_turned, cost_usd)
      SELECT "judgingId", "itemId", "baseRunId", "headRunId", "projectId", state, winner, "baseFirst", "headFirst",
        "isSame", "isCached", reason, calls, "pairHash", "isTurned", "costUsd"
      FROM json_to_recordset(${storableJson(rows)}::json) AS verdict(
        "judgingId" text, "itemId" text, "baseRunId" text, "headRunId" text, "projectId" text, state text, winner text,
        "baseFirst" text, "headFirst" text, "isSame" boolean, "isCached" boolean, reason text, calls json, "pairHash" text,
        "isTurned" boolean, "costUsd" double precision)
      ON CONFLICT DO NOTHING`);
  },

  /** The pairs of some items that have a verdict, as `pairKey` names them. */
  async listDone(id: string, itemIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (itemIds.length === 0) return new Set();
    const rows = await db
      .select({ itemId, baseRunId, headRunId })
      .from(evalVerdicts)
      .where(and(eq(judgingId, id), inArray(itemId, [...itemIds])));
    return new Set(rows.map(pairKey));
  },

  /** An earlier verdict of the project on the same two answers. */
  async findKept(project: string, hash: string): Promise<VerdictRow | undefined> {
    const [row] = await db
      .select()
      .from(evalVerdicts)
      .where(and(eq(projectId, project), eq(pairHash, hash), eq(state, "scored"), eq(isSame, false)))
      .limit(1);
    return row;
  },

  async count(id: string): Promise<number> {
    const [row] = await db.select({ rows: count() }).from(evalVerdicts).where(eq(judgingId, id));
    return row?.rows ?? 0;
  },

  /** One row for each pair of runs. */
  async counts(id: string): Promise<PairCounts[]> {
    const { rows } = await db.execute<PairCounts>(sql`
      SELECT base_run_id AS "baseRunId", head_run_id AS "headRunId",
        count(*) FILTER (WHERE winner = 'head')::int AS wins, count(*) FILTER (WHERE winner = 'base')::int AS losses,
        count(*) FILTER (WHERE winner = 'tie')::int AS ties, count(*) FILTER (WHERE head_first <> base_first)::int AS inconsistent,
        count(*) FILTER (WHERE is_same)::int AS same, count(*) FILTER (WHERE state = 'failed')::int AS failed,
        count(*) FILTER (WHERE head_first = 'head' AND base_first = 'base')::int AS "firstPlace",
        count(*) FILTER (WHERE head_first = 'base' AND base_first = 'head')::int AS "secondPlace"
      FROM eval_verdicts WHERE judging_id = ${id} GROUP BY base_run_id, head_run_id`);
    return rows;
  },

  /** The winners, by item. */
  listWinners: (id: string): Promise<(PairKey & Pick<VerdictRow, "winner">)[]> =>
    db
      .select({ itemId, baseRunId, headRunId, winner })
      .from(evalVerdicts)
      .where(and(eq(judgingId, id), eq(state, "scored")))
      .orderBy(asc(itemId), asc(baseRunId), asc(headRunId)),

  /** In the order of the items, those after a place. */
  list: (
    id: string,
    { base, head, outcome, itemId: only }: VerdictFilter,
    { limit, after }: { limit: number; after: readonly [itemId: string, base: string, head: string] | null },
  ): Promise<VerdictRow[]> =>
    db
      .select()
      .from(evalVerdicts)
      .where(
        and(
          eq(judgingId, id),
          base === undefined ? undefined : eq(baseRunId, base),
          head === undefined ? undefined : eq(headRunId, head),
          only === undefined ? undefined : eq(itemId, only),
          outcome && OUTCOMES[outcome],
          after ? sql`(${itemId}, ${baseRunId}, ${headRunId}) > (${after[0]}, ${after[1]}, ${after[2]})` : undefined,
        ),
      )
      .orderBy(asc(itemId), asc(baseRunId), asc(headRunId))
      .limit(limit),

  /** So that they are requested again. */
  async deleteFailed(id: string): Promise<void> {
    await db.delete(evalVerdicts).where(and(eq(judgingId, id), eq(state, "failed")));
  },

  /** The ids of the items that every one of some runs has an answer to, and how many more only some have. */
  async listShared(runIds: readonly string[]): Promise<{ itemIds: string[]; leftOut: number }> {
    const { rows } = await db.execute<{ itemId: string; runs: number }>(sql`
      SELECT item_id AS "itemId", count(DISTINCT run_id)::int AS runs FROM eval_results
      WHERE state = 'ok' AND run_id IN (${sql.join(
        runIds.map((one) => sql`${one}`),
        sql`, `,
      )})
      GROUP BY item_id`);
    const itemIds = rows.filter(({ runs }) => runs === runIds.length).map((row) => row.itemId);
    return { itemIds, leftOut: rows.length - itemIds.length };
  },
});
