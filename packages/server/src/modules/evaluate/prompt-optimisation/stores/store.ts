import { and, desc, eq, ilike, inArray, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Outcome } from "../search/evaluator.ts";
import { optimisationAnswers, optimisationReflections, optimisations } from "./schema.ts";

export type OptimisationRow = typeof optimisations.$inferSelect;
export type OptimisationFilter = {
  readonly search: string;
  readonly prompt?: string | undefined;
  readonly version?: number | undefined;
  readonly status?: OptimisationRow["status"] | undefined;
};

const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

const conditionsOf = (projectId: string, { search, prompt, version, status }: OptimisationFilter) => {
  const pattern = search && `%${literally(search)}%`;
  return and(
    eq(optimisations.projectId, projectId),
    pattern ? or(ilike(optimisations.name, pattern), ilike(optimisations.promptName, pattern)) : undefined,
    prompt === undefined ? undefined : eq(optimisations.promptName, prompt),
    version === undefined ? undefined : sql`${optimisations.saved} @> ${JSON.stringify([{ version }])}::jsonb`,
    status === undefined ? undefined : eq(optimisations.status, status),
  );
};

export const createOptimisationStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<OptimisationRow | undefined> {
    const [row] = await db
      .select()
      .from(optimisations)
      .where(and(eq(optimisations.projectId, projectId), eq(optimisations.id, id)));
    return row;
  },

  /** Newest first, those after a place. */
  list: (
    projectId: string,
    filter: OptimisationFilter,
    { limit, after }: { limit: number; after: readonly [createdAt: string, id: string] | null },
  ): Promise<OptimisationRow[]> =>
    db
      .select()
      .from(optimisations)
      .where(
        and(
          conditionsOf(projectId, filter),
          after
            ? sql`(${optimisations.createdAt}, ${optimisations.id}) < (${after[0]}::timestamptz, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(optimisations.createdAt), desc(optimisations.id))
      .limit(limit),

  listActive: (projectId: string): Promise<OptimisationRow[]> =>
    db
      .select()
      .from(optimisations)
      .where(and(eq(optimisations.projectId, projectId), inArray(optimisations.status, ["queued", "running"]))),

  async create(row: OptimisationRow): Promise<void> {
    await db.insert(optimisations).values(row);
  },

  async update(
    projectId: string,
    id: string,
    changes: Partial<Omit<OptimisationRow, "id" | "projectId">>,
  ): Promise<void> {
    await db
      .update(optimisations)
      .set(changes)
      .where(and(eq(optimisations.projectId, projectId), eq(optimisations.id, id)));
  },
});

/** The stored answers, so that no call is repeated. */
export const createAnswerStore = (db: Postgres) => ({
  list: (optimisationId: string, program: string, itemIds: readonly string[]): Promise<Outcome[]> => {
    const { itemId, score, feedback, output, tokens, costUsd, latencyMs } = optimisationAnswers;
    return db
      .select({ itemId, score, feedback, output, tokens, costUsd, latencyMs })
      .from(optimisationAnswers)
      .where(
        and(
          eq(optimisationAnswers.optimisationId, optimisationId),
          eq(optimisationAnswers.program, program),
          inArray(itemId, [...itemIds]),
        ),
      );
  },

  async add(optimisationId: string, program: string, outcome: Outcome): Promise<void> {
    await db
      .insert(optimisationAnswers)
      .values({ optimisationId, program, ...outcome })
      .onConflictDoNothing();
  },

  async findReflection(optimisationId: string, request: string): Promise<string | undefined> {
    const { answer } = optimisationReflections;
    const [row] = await db
      .select({ answer })
      .from(optimisationReflections)
      .where(
        and(eq(optimisationReflections.optimisationId, optimisationId), eq(optimisationReflections.request, request)),
      );
    return row?.answer;
  },

  async addReflection(optimisationId: string, request: string, answer: string): Promise<void> {
    await db.insert(optimisationReflections).values({ optimisationId, request, answer }).onConflictDoNothing();
  },
});
