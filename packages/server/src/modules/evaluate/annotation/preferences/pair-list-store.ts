import type { PreferenceKind } from "@treadle/contract";
import { and, asc, count, desc, eq, gt, ilike, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { PairRow } from "./pair-store.ts";
import { preferencePairs } from "./schema.ts";

export type PairQuery = {
  readonly queueId?: string | undefined;
  readonly kinds?: readonly PreferenceKind[] | undefined;
  readonly conflict?: "any" | "only" | "without" | undefined;
  readonly search?: string | undefined;
};

const BATCH = 100;
const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");
const { projectId, queueId, kind, conflict, said, createdAt, id } = preferencePairs;

const matching = (project: string, query: PairQuery) =>
  and(
    eq(projectId, project),
    query.queueId === undefined ? undefined : eq(queueId, query.queueId),
    query.kinds === undefined || query.kinds.length === 0 ? undefined : inArray(kind, [...query.kinds]),
    query.conflict === "only" ? isNotNull(conflict) : query.conflict === "without" ? isNull(conflict) : undefined,
    query.search ? ilike(said, `%${literally(query.search)}%`) : undefined,
  );

/** Queries for a project's pairs. */
export const createPairListStore = (db: Postgres) => ({
  list: (
    project: string,
    query: PairQuery,
    { limit, before }: { limit: number; before: readonly [createdAt: string, id: string] | null },
  ): Promise<PairRow[]> =>
    db
      .select()
      .from(preferencePairs)
      .where(
        and(
          matching(project, query),
          before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined,
        ),
      )
      .orderBy(desc(createdAt), desc(id))
      .limit(limit),

  async count(project: string, query: PairQuery): Promise<{ total: number; conflicts: number }> {
    const [row] = await db
      .select({ total: count(), conflicts: count(conflict) })
      .from(preferencePairs)
      .where(matching(project, query));
    return row ?? { total: 0, conflicts: 0 };
  },

  /** Some at a time, in the order of their ids. */
  async *readAll(project: string, query: PairQuery): AsyncGenerator<PairRow, void, void> {
    let after = "";
    for (;;) {
      const rows = await db
        .select()
        .from(preferencePairs)
        .where(and(matching(project, query), gt(id, after)))
        .orderBy(asc(id))
        .limit(BATCH);
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  },
});
