import { and, asc, eq, gt, inArray, isNotNull, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { evalResults, evalScores } from "./schema.ts";
import { storableJson } from "./storable.ts";

export type ResultRow = typeof evalResults.$inferSelect;
export type ScoreRow = typeof evalScores.$inferSelect;
/** An answer of a run with what its scorers say. */
export type Answer = {
  readonly result: ResultRow;
  readonly scores: readonly ScoreRow[];
  /** The answer itself was there already; only the scores are new. */
  readonly isStored?: boolean;
};
/** Another experiment's answer to the same request. */
export type KeptAnswer = Pick<ResultRow, "output" | "message" | "latencyMs" | "inputTokens" | "outputTokens">;

export const answerKey = ({ runId, itemId, repeat }: Pick<ResultRow, "runId" | "itemId" | "repeat">) =>
  `${runId} ${repeat} ${itemId}`;

const RESULT = `run_id, item_id, repeat, project_id, state, output, message, error_code, error_message, trace_id, span_id,
  latency_ms, cost_usd, input_tokens, output_tokens, is_cached, request_hash, replayed`;
const RESULT_FIELDS = `"runId", "itemId", repeat, "projectId", state, output, message, "errorCode", "errorMessage", "traceId", "spanId",
  "latencyMs", "costUsd", "inputTokens", "outputTokens", "isCached", "requestHash", replayed`;
const SCORE = "run_id, scorer, item_id, repeat, state, value, label, reason, details, stats, cost_usd";
const SCORE_FIELDS = `"runId", scorer, "itemId", repeat, state, value, label, reason, details, stats, "costUsd"`;

/** Reads and writes answers. Many go as one JSON text, which costs far less than a parameter for each value. */
export const createResultStore = (db: Postgres) => ({
  /** Existing rows are unchanged. */
  async add(answers: readonly Answer[]): Promise<void> {
    if (answers.length === 0) return;
    const results = storableJson(answers.map(({ result }) => result));
    await db.execute(sql`
      INSERT INTO eval_results (${sql.raw(RESULT)})
      SELECT ${sql.raw(RESULT_FIELDS)}
      FROM json_to_recordset(${results}::json) AS result(
        "runId" text, "itemId" text, repeat integer, "projectId" text, state text, output text, message json,
        "errorCode" text, "errorMessage" text, "traceId" text, "spanId" text, "latencyMs" double precision,
        "costUsd" double precision, "inputTokens" integer, "outputTokens" integer, "isCached" boolean, "requestHash" text, replayed jsonb)
      ON CONFLICT DO NOTHING`);
    await this.addScores(answers.flatMap(({ scores }) => scores));
  },

  /** A score that is there already is replaced. */
  async addScores(scores: readonly ScoreRow[]): Promise<void> {
    if (scores.length === 0) return;
    await db.execute(sql`
      INSERT INTO eval_scores (${sql.raw(SCORE)})
      SELECT ${sql.raw(SCORE_FIELDS)}
      FROM json_to_recordset(${storableJson(scores)}::json) AS score(
        "runId" text, scorer text, "itemId" text, repeat integer, state text, value double precision, label text,
        reason text, details json, stats json, "costUsd" double precision)
      ON CONFLICT (run_id, item_id, repeat, scorer) DO UPDATE SET
        state = excluded.state, value = excluded.value, label = excluded.label, reason = excluded.reason,
        details = excluded.details, stats = excluded.stats, cost_usd = excluded.cost_usd`);
  },

  /** The answers of some items that are there, as `answerKey` names them. */
  async listDone(runIds: readonly string[], itemIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (runIds.length === 0 || itemIds.length === 0) return new Set();
    const rows = await db
      .select({ runId: evalResults.runId, itemId: evalResults.itemId, repeat: evalResults.repeat })
      .from(evalResults)
      .where(and(inArray(evalResults.runId, [...runIds]), inArray(evalResults.itemId, [...itemIds])));
    return new Set(rows.map(answerKey));
  },

  async findKept(projectId: string, requestHash: string): Promise<KeptAnswer | undefined> {
    const { output, message, latencyMs, inputTokens, outputTokens } = evalResults;
    const [row] = await db
      .select({ output, message, latencyMs, inputTokens, outputTokens })
      .from(evalResults)
      .where(
        and(
          eq(evalResults.projectId, projectId),
          eq(evalResults.requestHash, requestHash),
          isNotNull(evalResults.requestHash),
          eq(evalResults.state, "ok"),
        ),
      )
      .limit(1);
    return row;
  },

  listResults: (runIds: readonly string[], itemIds: readonly string[]): Promise<ResultRow[]> =>
    db
      .select()
      .from(evalResults)
      .where(and(inArray(evalResults.runId, [...runIds]), inArray(evalResults.itemId, [...itemIds])))
      .orderBy(asc(evalResults.itemId), asc(evalResults.repeat)),

  listScores: (runIds: readonly string[], itemIds: readonly string[]): Promise<ScoreRow[]> =>
    db
      .select()
      .from(evalScores)
      .where(and(inArray(evalScores.runId, [...runIds]), inArray(evalScores.itemId, [...itemIds]))),

  /** The ids of the items that a run has answers to, those after one. */
  async listItemIds(runId: string, { after, limit }: { after: string; limit: number }): Promise<string[]> {
    const rows = await db
      .selectDistinct({ itemId: evalResults.itemId })
      .from(evalResults)
      .where(and(eq(evalResults.runId, runId), gt(evalResults.itemId, after)))
      .orderBy(asc(evalResults.itemId))
      .limit(limit);
    return rows.map(({ itemId }) => itemId);
  },

  /** Everything that a scorer of a whole run needs of its answers, in the order of the items. */
  listJudged: (
    runId: string,
    scorer: string,
  ): Promise<Pick<ScoreRow, "itemId" | "state" | "value" | "label" | "stats">[]> => {
    const { itemId, state, value, label, stats } = evalScores;
    return db
      .select({ itemId, state, value, label, stats })
      .from(evalScores)
      .where(and(eq(evalScores.runId, runId), eq(evalScores.scorer, scorer)))
      .orderBy(asc(itemId), asc(evalScores.repeat));
  },
});

/** Deletions of answers. */
export const createResultRemoval = (db: Postgres) => ({
  /** Answers that a provider failed to give and scores that could not be made, so that both are tried again. */
  async deleteErrors(runIds: readonly string[]): Promise<void> {
    await db.delete(evalResults).where(and(inArray(evalResults.runId, [...runIds]), eq(evalResults.state, "error")));
    await this.deleteFailedScores(runIds);
  },

  async deleteFailedScores(runIds: readonly string[]): Promise<void> {
    await db.delete(evalScores).where(and(inArray(evalScores.runId, [...runIds]), eq(evalScores.state, "failed")));
  },

  /** The data of one repeat of some items. */
  async delete(runId: string, { repeat, itemIds }: { repeat: number; itemIds: readonly string[] }): Promise<void> {
    for (const table of [evalResults, evalScores])
      await db
        .delete(table)
        .where(and(eq(table.runId, runId), eq(table.repeat, repeat), inArray(table.itemId, [...itemIds])));
  },
});
