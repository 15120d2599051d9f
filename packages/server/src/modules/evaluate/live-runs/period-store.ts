import { and, asc, desc, eq, gt, lt, or } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { livePeriods } from "./schema.ts";

export type PeriodRow = typeof livePeriods.$inferSelect;
type Key = Pick<PeriodRow, "projectId" | "ruleId" | "endsAt">;
type Changes = Partial<Omit<PeriodRow, keyof Key>>;

const one = ({ projectId, ruleId, endsAt }: Key) =>
  and(eq(livePeriods.projectId, projectId), eq(livePeriods.ruleId, ruleId), eq(livePeriods.endsAt, endsAt));

export const createPeriodStore = (db: Postgres) => ({ ...readsOf(db), ...listsOf(db), ...writesOf(db) });

const readsOf = (db: Postgres) => ({
  async find(key: Key): Promise<PeriodRow | undefined> {
    const [row] = await db.select().from(livePeriods).where(one(key));
    return row;
  },

  /** The oldest period whose run was not complete when the server stopped. */
  async findPreparing({ projectId, ruleId }: Pick<Key, "projectId" | "ruleId">): Promise<PeriodRow | undefined> {
    const { endsAt, state } = livePeriods;
    const [row] = await db
      .select()
      .from(livePeriods)
      .where(and(eq(livePeriods.projectId, projectId), eq(livePeriods.ruleId, ruleId), eq(state, "preparing")))
      .orderBy(asc(endsAt))
      .limit(1);
    return row;
  },
});

const listsOf = (db: Postgres) => ({
  /** Newest first, those that end before a time. */
  list: (
    { projectId, ruleId }: Pick<Key, "projectId" | "ruleId">,
    { limit, before }: { limit: number; before: Date | null },
  ): Promise<PeriodRow[]> =>
    db
      .select()
      .from(livePeriods)
      .where(
        and(
          eq(livePeriods.projectId, projectId),
          eq(livePeriods.ruleId, ruleId),
          before === null ? undefined : lt(livePeriods.endsAt, before),
        ),
      )
      .orderBy(desc(livePeriods.endsAt))
      .limit(limit),

  /** The periods whose runs are not complete. */
  listPreparing: (projectId: string): Promise<PeriodRow[]> =>
    db
      .select()
      .from(livePeriods)
      .where(and(eq(livePeriods.projectId, projectId), eq(livePeriods.state, "preparing")))
      .orderBy(asc(livePeriods.endsAt)),

  /** The periods whose runs can still cost something: those that run, and those that ended after a time and can be resumed. */
  listCounting: (projectId: string, since: Date): Promise<PeriodRow[]> =>
    db
      .select()
      .from(livePeriods)
      .where(
        and(
          eq(livePeriods.projectId, projectId),
          eq(livePeriods.state, "started"),
          or(eq(livePeriods.isCounted, false), gt(livePeriods.endsAt, since)),
        ),
      ),
});

const writesOf = (db: Postgres) => ({
  /** A period that exists is unchanged. */
  async create(row: PeriodRow): Promise<void> {
    await db.insert(livePeriods).values(row).onConflictDoNothing();
  },

  async update(key: Key, changes: Changes): Promise<void> {
    await db.update(livePeriods).set(changes).where(one(key));
  },
});
