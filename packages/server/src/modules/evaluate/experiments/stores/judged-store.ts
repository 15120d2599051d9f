import type { Judged } from "@treadle/contract";
import { and, asc, eq } from "drizzle-orm";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { evalScores } from "./schema.ts";

/** The limit for reading all scores of a run, because their details may be long. */
const MOST = 20_000;

export const createJudgedStore = (db: Postgres) => ({
  /** The scores of a run by one scorer with all stored fields, in the order of the items. */
  async listScored(runId: string, scorer: string): Promise<Judged[]> {
    const { itemId, repeat, state, value, label, reason, details, costUsd } = evalScores;
    const rows = await db
      .select({ state, value, label, reason, details, costUsd })
      .from(evalScores)
      .where(and(eq(evalScores.runId, runId), eq(evalScores.scorer, scorer), eq(state, "scored")))
      .orderBy(asc(itemId), asc(repeat))
      .limit(MOST);
    return rows.map(({ details: kept, ...row }) => ({ ...row, ...(isRecord(kept) && { details: kept }), tokens: 0 }));
  },
});
