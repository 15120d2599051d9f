import { and, count, desc, eq, ilike, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationGuidelines, annotationQuestionSets, annotationQueues } from "./schema.ts";

export type QueueRow = typeof annotationQueues.$inferSelect;
export type GuidelineRow = typeof annotationGuidelines.$inferSelect;
export type QuestionSetRow = typeof annotationQuestionSets.$inferSelect;
export type QueueChanges = Partial<Omit<QueueRow, "id" | "projectId" | "createdBy" | "createdAt">>;
const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");
const one = (projectId: string, id: string) =>
  and(eq(annotationQueues.projectId, projectId), eq(annotationQueues.id, id));

type Listing = {
  readonly search: string;
  /** Only queues that this one may answer. */
  readonly annotator: string | null;
  readonly limit: number;
  readonly before: readonly [createdAt: string, id: string] | null;
};

export const createQueueStore = (db: Postgres) => ({
  list(projectId: string, { search, annotator, limit, before }: Listing): Promise<QueueRow[]> {
    const { createdAt, id, annotators } = annotationQueues;
    return db
      .select()
      .from(annotationQueues)
      .where(
        and(
          eq(annotationQueues.projectId, projectId),
          search === "" ? undefined : ilike(annotationQueues.name, `%${literally(search)}%`),
          annotator === null ? undefined : or(sql`${annotators} = '[]'::jsonb`, sql`${annotators} ? ${annotator}`),
          before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined,
        ),
      )
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },

  async count(projectId: string): Promise<number> {
    const [row] = await db
      .select({ queues: count() })
      .from(annotationQueues)
      .where(eq(annotationQueues.projectId, projectId));
    return row?.queues ?? 0;
  },

  async find(projectId: string, id: string): Promise<QueueRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationQueues)
      .where(one(projectId, id))
      .prepare("annotation_queue")
      .execute();
    return row;
  },

  /** Locks the queue and its versions until the transaction ends. */
  async findAndHold(projectId: string, id: string): Promise<QueueRow | undefined> {
    const [row] = await db.select().from(annotationQueues).where(one(projectId, id)).for("update");
    return row;
  },

  /** False when there is one of that name. */
  async create(row: QueueRow): Promise<boolean> {
    const made = await db
      .insert(annotationQueues)
      .values(row)
      .onConflictDoNothing({ target: [annotationQueues.projectId, annotationQueues.name] })
      .returning({ id: annotationQueues.id });
    return made.length > 0;
  },

  async isNameTaken(projectId: string, name: string, butOf: string): Promise<boolean> {
    const [row] = await db
      .select({ id: annotationQueues.id })
      .from(annotationQueues)
      .where(and(eq(annotationQueues.projectId, projectId), eq(annotationQueues.name, name)));
    return row !== undefined && row.id !== butOf;
  },

  async update(projectId: string, id: string, changes: QueueChanges): Promise<QueueRow | undefined> {
    const [row] = await db.update(annotationQueues).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(annotationQueues).where(one(projectId, id));
  },
});

/** Guidelines and sets of questions: each version is written once. */
export const createVersionStore = (db: Postgres) => ({
  listGuidelines: (queueId: string): Promise<GuidelineRow[]> =>
    db
      .select()
      .from(annotationGuidelines)
      .where(eq(annotationGuidelines.queueId, queueId))
      .orderBy(desc(annotationGuidelines.version)),

  async findGuideline(queueId: string, version: number): Promise<GuidelineRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationGuidelines)
      .where(and(eq(annotationGuidelines.queueId, queueId), eq(annotationGuidelines.version, version)));
    return row;
  },

  async addGuideline(row: GuidelineRow): Promise<void> {
    await db.insert(annotationGuidelines).values(row);
  },

  listQuestionSets: (queueId: string): Promise<QuestionSetRow[]> =>
    db
      .select()
      .from(annotationQuestionSets)
      .where(eq(annotationQuestionSets.queueId, queueId))
      .orderBy(desc(annotationQuestionSets.version)),

  async findQuestions(queueId: string, version: number): Promise<QuestionSetRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationQuestionSets)
      .where(and(eq(annotationQuestionSets.queueId, queueId), eq(annotationQuestionSets.version, version)));
    return row;
  },

  async addQuestions(row: QuestionSetRow): Promise<void> {
    await db.insert(annotationQuestionSets).values(row);
  },
});
