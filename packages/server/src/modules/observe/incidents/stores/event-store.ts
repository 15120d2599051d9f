import { and, asc, eq, gt } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { incidentEvents } from "./schema.ts";

export type EventRow = typeof incidentEvents.$inferSelect;

export const createEventStore = (db: Postgres) => ({
  async add(row: Omit<EventRow, "place">): Promise<void> {
    await db.insert(incidentEvents).values(row);
  },

  /** Oldest first. */
  list(
    projectId: string,
    incidentId: string,
    { limit, after }: { readonly limit: number; readonly after: number | null },
  ): Promise<EventRow[]> {
    const { place } = incidentEvents;
    const isAfter = after === null ? undefined : gt(place, after);
    return db
      .select()
      .from(incidentEvents)
      .where(and(eq(incidentEvents.projectId, projectId), eq(incidentEvents.incidentId, incidentId), isAfter))
      .orderBy(asc(place))
      .limit(limit);
  },
});
