import type { AbTestState } from "@treadle/contract";
import { and, count, desc, eq, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { abTestEvents, abTests } from "./schema.ts";

export type AbTestRow = typeof abTests.$inferSelect;
export type AbTestChanges = Partial<Omit<AbTestRow, "id" | "projectId" | "createdAt">>;
export type EventRow = typeof abTestEvents.$inferSelect;
type Page = {
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [at: string, id: string] | null;
};
type EventPage = Page & { readonly only?: "shares" | "decisions" | undefined };
type Listing = Page & { readonly endpointId?: string | undefined; readonly state?: AbTestState | undefined };

const one = (projectId: string, id: string) => and(eq(abTests.projectId, projectId), eq(abTests.id, id));

export const createAbTestStore = (db: Postgres) => ({
  ...createReads(db),
  ...createSharesReads(db),
  ...createWrites(db),
  ...createEvents(db),
});
export type AbTestStore = ReturnType<typeof createAbTestStore>;

const createReads = (db: Postgres) => ({
  /** Newest first. */
  list: (projectId: string, listing: Listing) => listTests(db, projectId, listing),

  async count(projectId: string): Promise<number> {
    const [row] = await db.select({ count: count() }).from(abTests).where(eq(abTests.projectId, projectId));
    return row?.count ?? 0;
  },

  async find(projectId: string, id: string): Promise<AbTestRow | undefined> {
    const [row] = await db.select().from(abTests).where(one(projectId, id));
    return row;
  },

  /** The test, locked until the transaction ends. */
  async lock(projectId: string, id: string): Promise<AbTestRow | undefined> {
    const [row] = await db.select().from(abTests).where(one(projectId, id)).for("update");
    return row;
  },
});

/** For adaptive shares. */
const createSharesReads = (db: Postgres) => ({
  listRunning: (projectId: string): Promise<AbTestRow[]> =>
    db
      .select()
      .from(abTests)
      .where(and(eq(abTests.projectId, projectId), eq(abTests.state, "running"))),

  /** Tests of an endpoint that have shares, or had them. */
  listAdaptive: (projectId: string, endpointId: string): Promise<AbTestRow[]> =>
    db
      .select()
      .from(abTests)
      .where(
        and(
          eq(abTests.projectId, projectId),
          eq(abTests.endpointId, endpointId),
          sql`${abTests.plan}->>'allocation' = 'adaptive'`,
        ),
      ),
});

function listTests(
  db: Postgres,
  projectId: string,
  { limit, before, endpointId, state }: Listing,
): Promise<AbTestRow[]> {
  const wanted = [
    eq(abTests.projectId, projectId),
    ...(endpointId === undefined ? [] : [eq(abTests.endpointId, endpointId)]),
    ...(state === undefined ? [] : [eq(abTests.state, state)]),
    ...(before === null
      ? []
      : [sql`(${abTests.createdAt}, ${abTests.id}) < (${before[0]}::timestamptz, ${before[1]})`]),
  ];
  return db
    .select()
    .from(abTests)
    .where(and(...wanted))
    .orderBy(desc(abTests.createdAt), desc(abTests.id))
    .limit(limit);
}

const createWrites = (db: Postgres) => ({
  async create(row: AbTestRow): Promise<void> {
    await db.insert(abTests).values(row);
  },

  async update(projectId: string, id: string, changes: AbTestChanges): Promise<AbTestRow | undefined> {
    const [row] = await db.update(abTests).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(abTests).where(one(projectId, id));
  },
});

const createEvents = (db: Postgres) => ({
  async addEvent(row: EventRow): Promise<void> {
    await db.insert(abTestEvents).values(row);
  },

  /** Newest first. */
  async listEvents(projectId: string, abTestId: string, { limit, before, only }: EventPage): Promise<EventRow[]> {
    const isBefore =
      before === null
        ? undefined
        : sql`(${abTestEvents.at}, ${abTestEvents.id}) < (${before[0]}::timestamptz, ${before[1]})`;
    const isWanted = only && (only === "shares" ? eq : ne)(abTestEvents.kind, "shares");
    const rows = await db
      .select({ event: abTestEvents })
      .from(abTestEvents)
      .innerJoin(abTests, eq(abTests.id, abTestEvents.abTestId))
      .where(and(one(projectId, abTestId), isBefore, isWanted))
      .orderBy(desc(abTestEvents.at), desc(abTestEvents.id))
      .limit(limit);
    return rows.map(({ event }) => event);
  },
});
