import { and, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { annotationAnnotators } from "./schema.ts";

export type AnnotatorRow = typeof annotationAnnotators.$inferSelect;
export type Counted = "submitted" | "skipped" | "discarded" | "flagged";
/** Where in the order of a queue somebody is. */
export type Along = { readonly rank: number; readonly place: number; readonly itemId: string; readonly time: Date };

const one = (queueId: string, annotator: string) =>
  and(eq(annotationAnnotators.queueId, queueId), eq(annotationAnnotators.annotator, annotator));

/** What people have done in a queue. */
export const createAnnotatorStore = (db: Postgres) => ({
  /** Until the transaction ends nothing else is given to this person in this queue. */
  async hold(queueId: string, annotator: string): Promise<AnnotatorRow | undefined> {
    const none = { submitted: 0, skipped: 0, discarded: 0, flagged: 0 };
    const [row] = await db
      .insert(annotationAnnotators)
      .values({ queueId, annotator, ...none })
      .onConflictDoUpdate({
        target: [annotationAnnotators.queueId, annotationAnnotators.annotator],
        set: { submitted: sql`${annotationAnnotators.submitted}` },
      })
      .returning();
    return row;
  },

  async moveOn(queueId: string, annotator: string, along: Along | null): Promise<void> {
    await db
      .update(annotationAnnotators)
      .set({
        atRank: along?.rank ?? null,
        atPlace: along?.place ?? null,
        atId: along?.itemId ?? null,
        atTime: along?.time ?? null,
      })
      .where(one(queueId, annotator));
  },

  /** One more, or with -1 one less, of something. */
  async add(
    { queueId, annotator }: { queueId: string; annotator: string },
    what: Counted,
    { by, at }: { by: 1 | -1; at: Date },
  ): Promise<void> {
    const column = annotationAnnotators[what];
    await db
      .insert(annotationAnnotators)
      .values({
        queueId,
        annotator,
        ...{ submitted: 0, skipped: 0, discarded: 0, flagged: 0 },
        [what]: by,
        lastAnswerAt: at,
      })
      .onConflictDoUpdate({
        target: [annotationAnnotators.queueId, annotationAnnotators.annotator],
        set: { [what]: sql`${column} + ${by}`, ...(by === 1 && { lastAnswerAt: at }) },
      });
  },

  async find(queueId: string, annotator: string): Promise<AnnotatorRow | undefined> {
    const [row] = await db.select().from(annotationAnnotators).where(one(queueId, annotator));
    return row;
  },

  list: (queueId: string): Promise<AnnotatorRow[]> =>
    db.select().from(annotationAnnotators).where(eq(annotationAnnotators.queueId, queueId)),

  /** How much one person has submitted, by queue. */
  async submittedBy(annotator: string, queueIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { queueId, submitted } = annotationAnnotators;
    const rows = await db
      .select({ queueId, submitted })
      .from(annotationAnnotators)
      .where(and(eq(annotationAnnotators.annotator, annotator), inArray(queueId, [...queueIds])));
    return new Map(rows.map((row) => [row.queueId, row.submitted]));
  },
});
