import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { annotationAnswers, annotationWork } from "./schema.ts";

export type AnswerRow = typeof annotationAnswers.$inferSelect;
/** An answer, and whether it is the one that counts. */
export type KnownAnswer = { readonly answer: AnswerRow; readonly isCurrent: boolean };
type Before = readonly [createdAt: string, id: string] | null;

const MOST_TIMED = 100;
const ofWork = and(
  eq(annotationWork.itemId, annotationAnswers.itemId),
  eq(annotationWork.annotator, annotationAnswers.annotator),
);
const known = { answer: annotationAnswers, currentId: annotationWork.answerId };
const toKnown = ({ answer, currentId }: { answer: AnswerRow; currentId: string | null }): KnownAnswer => ({
  answer,
  isCurrent: currentId === answer.id,
});

/** Answers are only ever added: which one counts is said by the work of its person. */
export const createAnswerStore = (db: Postgres) => ({
  async add(row: AnswerRow): Promise<void> {
    await db.insert(annotationAnswers).values(row);
  },

  async findByClient(projectId: string, annotator: string, clientId: string): Promise<AnswerRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationAnswers)
      .where(
        and(
          eq(annotationAnswers.projectId, projectId),
          eq(annotationAnswers.annotator, annotator),
          eq(annotationAnswers.clientId, clientId),
        ),
      );
    return row;
  },

  async find(projectId: string, id: string): Promise<AnswerRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationAnswers)
      .where(and(eq(annotationAnswers.projectId, projectId), eq(annotationAnswers.id, id)));
    return row;
  },

  /** The answers to an item that count, skipped and flagged ones left out. */
  listCurrent: (itemId: string): Promise<AnswerRow[]> =>
    db
      .select({ answer: annotationAnswers })
      .from(annotationAnswers)
      .innerJoin(annotationWork, and(ofWork, eq(annotationWork.answerId, annotationAnswers.id)))
      .where(and(eq(annotationAnswers.itemId, itemId), inArray(annotationWork.state, ["submitted", "discarded"])))
      .orderBy(asc(annotationAnswers.createdAt), asc(annotationAnswers.id))
      .then((rows) => rows.map(({ answer }) => answer)),

  /** All that was ever answered to an item, oldest first. */
  async listAll(itemId: string): Promise<KnownAnswer[]> {
    const rows = await db
      .select(known)
      .from(annotationAnswers)
      .innerJoin(annotationWork, ofWork)
      .where(eq(annotationAnswers.itemId, itemId))
      .orderBy(asc(annotationAnswers.createdAt), asc(annotationAnswers.id));
    return rows.map(toKnown);
  },

  /** What one person answered in a queue, newest first. */
  async listOf(
    { queueId, annotator }: { queueId: string; annotator: string },
    { limit, before }: { limit: number; before: Before },
  ): Promise<KnownAnswer[]> {
    const { createdAt, id } = annotationAnswers;
    const rows = await db
      .select(known)
      .from(annotationAnswers)
      .innerJoin(annotationWork, ofWork)
      .where(
        and(
          eq(annotationAnswers.queueId, queueId),
          eq(annotationAnswers.annotator, annotator),
          before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined,
        ),
      )
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
    return rows.map(toKnown);
  },

  /** The median of the active time of each person's last hundred answers, in milliseconds. */
  async medianMs(queueId: string, annotators: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (annotators.length === 0) return new Map();
    const { rows } = await db.execute<{ annotator: string; ms: number }>(sql`
      SELECT person.annotator, percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.ms_active)::float8 AS ms
      FROM json_array_elements_text(${JSON.stringify(annotators)}::json) AS person(annotator)
      JOIN LATERAL (
        SELECT ms_active FROM annotation_answers
        WHERE queue_id = ${queueId} AND annotator = person.annotator AND status = 'submitted' AND ms_active > 0
        ORDER BY created_at DESC, id DESC LIMIT ${MOST_TIMED}) AS recent ON true
      GROUP BY person.annotator`);
    return new Map(rows.map(({ annotator, ms }) => [annotator, ms]));
  },
});
