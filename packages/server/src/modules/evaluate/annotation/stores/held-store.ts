import { and, asc, eq, inArray, lt } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { AnswerRow } from "./answer-store.ts";
import type { QueueRow } from "./queue-store.ts";
import { annotationAnswers, annotationItems, annotationQueues, annotationWork } from "./schema.ts";
import type { ItemRow, WorkRow } from "./work-store.ts";

/** Work with its item, and the earlier submission with the same client id. */
export type HeldWork = { readonly work: WorkRow; readonly item: ItemRow; readonly known: AnswerRow | null };

/** The same with its queue, which others may change. */
type HeldInQueue = HeldWork & { readonly queue: QueueRow };
type Lease = {
  readonly projectId: string;
  readonly annotator: string;
  readonly leaseId: string;
  readonly clientId: string;
};

const MOST_DUE = 500;
const withItem = (db: Postgres, annotator: string, clientId: string) =>
  db
    .select({ work: annotationWork, item: annotationItems, known: annotationAnswers, queue: annotationQueues })
    .from(annotationWork)
    .innerJoin(annotationItems, eq(annotationItems.id, annotationWork.itemId))
    .innerJoin(annotationQueues, eq(annotationQueues.id, annotationWork.queueId))
    .leftJoin(
      annotationAnswers,
      and(
        eq(annotationAnswers.projectId, annotationWork.projectId),
        eq(annotationAnswers.annotator, annotator),
        eq(annotationAnswers.clientId, clientId),
      ),
    );

/**
 * Locks work until the transaction ends. A transaction that changes work and its item locks the work first, which
 * prevents deadlocks.
 */
export const createHeldStore = (db: Postgres) => ({
  /** Expired leases of a queue. Locked ones are skipped. */
  holdDue: (queueId: string, now: Date): Promise<WorkRow[]> =>
    db
      .select()
      .from(annotationWork)
      .where(
        and(eq(annotationWork.queueId, queueId), eq(annotationWork.state, "leased"), lt(annotationWork.expiresAt, now)),
      )
      .limit(MOST_DUE)
      .for("update", { skipLocked: true }),

  /** A person's own leases. */
  holdLeases: (projectId: string, annotator: string, leaseIds: readonly string[]): Promise<WorkRow[]> =>
    db
      .select()
      .from(annotationWork)
      .where(
        and(
          inArray(annotationWork.leaseId, [...leaseIds]),
          eq(annotationWork.projectId, projectId),
          eq(annotationWork.annotator, annotator),
          eq(annotationWork.state, "leased"),
        ),
      )
      .orderBy(asc(annotationWork.leaseId))
      .for("update"),

  /** A person's work and its item, whatever became of the lease. */
  async hold({ projectId, annotator, leaseId, clientId }: Lease): Promise<HeldInQueue | undefined> {
    const [row] = await withItem(db, annotator, clientId)
      .where(
        and(
          eq(annotationWork.leaseId, leaseId),
          eq(annotationWork.projectId, projectId),
          eq(annotationWork.annotator, annotator),
        ),
      )
      .for("update", { of: [annotationWork, annotationItems] })
      .prepare("annotation_hold")
      .execute();
    return row;
  },

  async holdOf(itemId: string, annotator: string): Promise<HeldWork | undefined> {
    const [row] = await withItem(db, annotator, "")
      .where(and(eq(annotationWork.itemId, itemId), eq(annotationWork.annotator, annotator)))
      .for("update", { of: [annotationWork, annotationItems] });
    return row;
  },
});
