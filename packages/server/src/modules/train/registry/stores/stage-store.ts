import type { StageRequestState } from "@treadle/contract";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { registryStageRequests } from "./schema.ts";

export type StageRow = typeof registryStageRequests.$inferSelect;
type Query = {
  readonly state?: StageRequestState | undefined;
  readonly name?: string | undefined;
  readonly version?: number | undefined;
  readonly after: readonly [string, string] | null;
  readonly limit: number;
};

/** The stage requests. */
export const createStageStore = (db: Postgres) => ({
  list(projectId: string, { state, name, version, after, limit }: Query): Promise<StageRow[]> {
    return db
      .select()
      .from(registryStageRequests)
      .where(
        and(
          eq(registryStageRequests.projectId, projectId),
          state === undefined ? undefined : eq(registryStageRequests.state, state),
          name === undefined ? undefined : eq(registryStageRequests.name, name),
          version === undefined ? undefined : eq(registryStageRequests.number, version),
          after === null
            ? undefined
            : sql`(${registryStageRequests.proposedAt}, ${registryStageRequests.id}) < (${after[0]}::timestamptz, ${after[1]})`,
        ),
      )
      .orderBy(desc(registryStageRequests.proposedAt), desc(registryStageRequests.id))
      .limit(limit);
  },

  listPending(versionIds: readonly string[]): Promise<StageRow[]> {
    if (versionIds.length === 0) return Promise.resolve([]);
    return db
      .select()
      .from(registryStageRequests)
      .where(
        and(eq(registryStageRequests.state, "pending"), inArray(registryStageRequests.versionId, [...versionIds])),
      );
  },

  /** Held until the transaction ends, so that one decision comes after the other. */
  async findHeld(projectId: string, requestId: string): Promise<StageRow | undefined> {
    const [row] = await db
      .select()
      .from(registryStageRequests)
      .where(and(eq(registryStageRequests.projectId, projectId), eq(registryStageRequests.id, requestId)))
      .for("update");
    return row;
  },

  /** Undefined when the version waits for another already. */
  async create(row: StageRow): Promise<StageRow | undefined> {
    const [created] = await db.insert(registryStageRequests).values(row).onConflictDoNothing().returning();
    return created;
  },

  async decide(
    projectId: string,
    requestId: string,
    decision: Pick<StageRow, "state" | "decidedBy" | "decidedAt" | "decisionNote">,
  ): Promise<void> {
    await db
      .update(registryStageRequests)
      .set(decision)
      .where(and(eq(registryStageRequests.projectId, projectId), eq(registryStageRequests.id, requestId)));
  },
});
