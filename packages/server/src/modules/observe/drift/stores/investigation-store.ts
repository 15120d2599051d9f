import type { InvestigationState } from "@treadle/contract";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { driftInvestigations } from "./schema.ts";
import type { Before } from "./watch-store.ts";

export type InvestigationRow = typeof driftInvestigations.$inferSelect;

export const createInvestigations = (db: Postgres) => ({
  ...createList(db),
  ...createFinds(db),
  ...createOpen(db),
  ...createWrites(db),
});

const isInvestigation = (projectId: string, investigationId: string) =>
  and(eq(driftInvestigations.projectId, projectId), eq(driftInvestigations.id, investigationId));

type Listing = {
  readonly limit: number;
  readonly before: Before;
  readonly driftWatchId?: string | undefined;
  readonly state?: InvestigationState | undefined;
};

const createList = (db: Postgres) => ({
  /** Newest first. */
  listInvestigations(projectId: string, { limit, before, driftWatchId, state }: Listing): Promise<InvestigationRow[]> {
    const { createdAt, id, watchId } = driftInvestigations;
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    const isOfWatch = driftWatchId === undefined ? undefined : eq(watchId, driftWatchId);
    const isInState = state === undefined ? undefined : eq(driftInvestigations.state, state);
    return db
      .select()
      .from(driftInvestigations)
      .where(and(eq(driftInvestigations.projectId, projectId), isOfWatch, isInState, isBefore))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },
});

const createFinds = (db: Postgres) => ({
  async findInvestigation(projectId: string, investigationId: string): Promise<InvestigationRow | undefined> {
    const [row] = await db.select().from(driftInvestigations).where(isInvestigation(projectId, investigationId));
    return row;
  },

  /** The newest investigation of a watch, whatever its state. */
  async findNewest(projectId: string, watchId: string): Promise<InvestigationRow | undefined> {
    const [row] = await db
      .select()
      .from(driftInvestigations)
      .where(and(eq(driftInvestigations.projectId, projectId), eq(driftInvestigations.watchId, watchId)))
      .orderBy(desc(driftInvestigations.createdAt), desc(driftInvestigations.id))
      .limit(1);
    return row;
  },
});

const createOpen = (db: Postgres) => ({
  listOpen(projectId: string, watchIds: readonly string[]) {
    if (watchIds.length === 0) return Promise.resolve([]);
    return db
      .select({ id: driftInvestigations.id, watchId: driftInvestigations.watchId })
      .from(driftInvestigations)
      .where(
        and(
          eq(driftInvestigations.projectId, projectId),
          inArray(driftInvestigations.watchId, [...watchIds]),
          inArray(driftInvestigations.state, ["open", "explained"]),
        ),
      );
  },
});

const createWrites = (db: Postgres) => ({
  async createInvestigation(row: InvestigationRow): Promise<void> {
    await db.insert(driftInvestigations).values(row);
  },

  async updateInvestigation(
    projectId: string,
    investigationId: string,
    changes: Partial<InvestigationRow>,
  ): Promise<InvestigationRow | undefined> {
    const [row] = await db
      .update(driftInvestigations)
      .set(changes)
      .where(isInvestigation(projectId, investigationId))
      .returning();
    return row;
  },
});
