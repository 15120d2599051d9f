import { and, asc, eq, getTableColumns, gte, lt, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { DayCount } from "./compute-status.ts";
import { sloDays, slos } from "./schema.ts";

export type SloRow = typeof slos.$inferSelect;
type Changes = Partial<Omit<SloRow, "id" | "projectId" | "createdAt" | "createdBy">>;

const isOwn = (projectId: string, sloId: string) => and(eq(slos.projectId, projectId), eq(slos.id, sloId));

export const createSloStore = (db: Postgres) => ({ ...readsOf(db), ...writesOf(db), ...daysOf(db) });

const readsOf = (db: Postgres) => ({
  list: (projectId: string) =>
    db
      .select()
      .from(slos)
      .where(eq(slos.projectId, projectId))
      .orderBy(asc(sql`lower(${slos.name})`), asc(slos.id)),

  async find(projectId: string, sloId: string): Promise<SloRow | undefined> {
    const [row] = await db.select().from(slos).where(isOwn(projectId, sloId));
    return row;
  },

  async isNameUsed(projectId: string, name: string, exceptId: string): Promise<boolean> {
    const rows = await db
      .select({ id: slos.id })
      .from(slos)
      .where(and(eq(slos.projectId, projectId), eq(sql`lower(${slos.name})`, name.toLowerCase())));
    return rows.some(({ id }) => id !== exceptId);
  },

  /** The projects with an SLO. */
  async listProjects(): Promise<string[]> {
    const rows = await db.selectDistinct({ projectId: slos.projectId }).from(slos);
    return rows.map(({ projectId }) => projectId);
  },
});

const writesOf = (db: Postgres) => ({
  async create(row: SloRow): Promise<void> {
    await db.insert(slos).values(row);
  },

  async update(projectId: string, sloId: string, changes: Changes): Promise<SloRow | undefined> {
    const [row] = await db.update(slos).set(changes).where(isOwn(projectId, sloId)).returning();
    return row;
  },

  async delete(projectId: string, sloId: string): Promise<SloRow | undefined> {
    const [row] = await db.delete(slos).where(isOwn(projectId, sloId)).returning();
    return row;
  },
});

const { sloId: _, ...COUNTS } = getTableColumns(sloDays);

const daysOf = (db: Postgres) => ({
  /** The stored days from a day on. */
  listDays: (projectId: string, sloId: string, from: string): Promise<DayCount[]> =>
    db
      .select(COUNTS)
      .from(sloDays)
      .innerJoin(slos, eq(slos.id, sloDays.sloId))
      .where(and(isOwn(projectId, sloId), gte(sloDays.day, from)))
      .orderBy(asc(sloDays.day)),

  async deleteDays(projectId: string, sloId: string, before?: string): Promise<void> {
    const owned = db.select({ id: slos.id }).from(slos).where(isOwn(projectId, sloId));
    const isOld = before === undefined ? undefined : lt(sloDays.day, before);
    await db.delete(sloDays).where(and(sql`${sloDays.sloId} IN (${owned})`, isOld));
  },

  /**
   * Stores final days, in the caller's transaction. False if the SLO changed since it was read, so that the days may not fit it, or
   * if another caller stored them.
   */
  saveDays: (row: SloRow, days: readonly DayCount[], through: string) => saveDays(db, row, { days, through }),
});

type Final = { readonly days: readonly DayCount[]; readonly through: string };

async function saveDays(db: Postgres, row: SloRow, { days, through }: Final): Promise<boolean> {
  const { id, projectId, revision, daysThrough } = row;
  const isSame = and(
    isOwn(projectId, id),
    eq(slos.revision, revision),
    sql`${slos.daysThrough} IS NOT DISTINCT FROM ${daysThrough}`,
  );
  const marked = await db.update(slos).set({ daysThrough: through }).where(isSame).returning({ id: slos.id });
  if (marked.length === 0) return false;
  if (days.length > 0)
    await db
      .insert(sloDays)
      .values(days.map((day) => ({ ...day, sloId: id })))
      .onConflictDoNothing();
  return true;
}
