import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { evalJudgings } from "./schema.ts";

export type JudgingRow = typeof evalJudgings.$inferSelect;
export type JudgingFilter = { readonly runId?: string | undefined; readonly datasetId?: string | undefined };

export const createJudgingStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<JudgingRow | undefined> {
    const [row] = await db
      .select()
      .from(evalJudgings)
      .where(and(eq(evalJudgings.projectId, projectId), eq(evalJudgings.id, id)));
    return row;
  },

  /** Newest first, those after a place. */
  list: (
    projectId: string,
    { runId, datasetId }: JudgingFilter,
    { limit, after }: { limit: number; after: readonly [createdAt: string, id: string] | null },
  ): Promise<JudgingRow[]> =>
    db
      .select()
      .from(evalJudgings)
      .where(
        and(
          eq(evalJudgings.projectId, projectId),
          datasetId === undefined ? undefined : eq(evalJudgings.datasetId, datasetId),
          runId === undefined ? undefined : sql`${evalJudgings.input} -> 'runs' @> to_jsonb(${runId}::text)`,
          after
            ? sql`(${evalJudgings.createdAt}, ${evalJudgings.id}) < (${after[0]}::timestamptz, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(evalJudgings.createdAt), desc(evalJudgings.id))
      .limit(limit),

  listActive: (projectId: string): Promise<JudgingRow[]> =>
    db
      .select()
      .from(evalJudgings)
      .where(and(eq(evalJudgings.projectId, projectId), inArray(evalJudgings.status, ["queued", "running"]))),

  async create(row: JudgingRow): Promise<void> {
    await db.insert(evalJudgings).values(row);
  },

  async update(projectId: string, id: string, changes: Partial<Omit<JudgingRow, "id" | "projectId">>): Promise<void> {
    await db
      .update(evalJudgings)
      .set(changes)
      .where(and(eq(evalJudgings.projectId, projectId), eq(evalJudgings.id, id)));
  },
});
