import { and, asc, eq, inArray, lt } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { annotationWork } from "./schema.ts";
import type { WorkRow } from "./work-store.ts";

const MOST_DUE = 500;

/**
 * Work that nobody else changes until the transaction ends. Whoever changes work and its item takes hold of the work first, so
 * that no two wait for each other.
 */
export const createHeldStore = (db: Postgres) => ({
  /** What has run out in a queue, held until the transaction ends. What somebody is just working on is passed over. */
  holdDue: (queueId: string, now: Date): Promise<WorkRow[]> =>
    db
      .select()
      .from(annotationWork)
      .where(
        and(eq(annotationWork.queueId, queueId), eq(annotationWork.state, "leased"), lt(annotationWork.expiresAt, now)),
      )
      .limit(MOST_DUE)
      .for("update", { skipLocked: true }),

  /** A person's own leases, held until the transaction ends. */
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

  /** Whoever's it is and whatever became of it, held until the transaction ends. */
  async hold(projectId: string, leaseId: string): Promise<WorkRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationWork)
      .where(and(eq(annotationWork.projectId, projectId), eq(annotationWork.leaseId, leaseId)))
      .for("update");
    return row;
  },

  async holdOf(itemId: string, annotator: string): Promise<WorkRow | undefined> {
    const [row] = await db
      .select()
      .from(annotationWork)
      .where(and(eq(annotationWork.itemId, itemId), eq(annotationWork.annotator, annotator)))
      .for("update");
    return row;
  },
});
