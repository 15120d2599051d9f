import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationAnswers, annotationWork } from "./schema.ts";

export type AnswerRow = typeof annotationAnswers.$inferSelect;
/** An answer, and whether it counts. */
export type KnownAnswer = { readonly answer: AnswerRow; readonly isCurrent: boolean };
type Sent = Pick<AnswerRow, "projectId" | "annotator" | "clientId">;
type Before = readonly [createdAt: string, id: string] | null;

const ofWork = and(
  eq(annotationWork.itemId, annotationAnswers.itemId),
  eq(annotationWork.annotator, annotationAnswers.annotator),
);
const known = { answer: annotationAnswers, currentId: annotationWork.answerId };
const toKnown = ({ answer, currentId }: { answer: AnswerRow; currentId: string | null }): KnownAnswer => ({
  answer,
  isCurrent: currentId === answer.id,
});

/** Answers are only added. The person's work row names the answer that counts. */
export const createAnswerStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<AnswerRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationAnswers)
      .where(and(eq(annotationAnswers.projectId, projectId), eq(annotationAnswers.id, id)));
    return row;
  },

  /** A person's submission with a client id. */
  async findSent({ projectId, annotator, clientId }: Sent): Promise<AnswerRow | undefined> {
    const of = annotationAnswers;
    const [row] = await db
      .select()
      .from(of)
      .where(and(eq(of.projectId, projectId), eq(of.annotator, annotator), eq(of.clientId, clientId)));
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
      .prepare("annotation_current_answers")
      .execute()
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

  /** One person's answers in a queue, newest first. */
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
});
