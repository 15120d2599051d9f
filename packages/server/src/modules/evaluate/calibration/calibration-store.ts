import { and, desc, eq, isNotNull, isNull, ne, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { calibrations } from "./schema.ts";

export type CalibrationRow = typeof calibrations.$inferSelect;
/** One whose pairs have been compared. */
export type DoneRow = CalibrationRow & { readonly report: NonNullable<CalibrationRow["report"]> };
type Changes = Partial<Pick<CalibrationRow, "report" | "alarm" | "createdAt">>;

const MOST_FOR_SCORE = 50;
const one = (projectId: string, id: string) => and(eq(calibrations.projectId, projectId), eq(calibrations.id, id));
const isDone = (row: CalibrationRow): row is DoneRow => row.report !== null;
const newestFirst = [desc(calibrations.createdAt), desc(calibrations.id)] as const;

export const createCalibrationStore = (db: Postgres) => ({
  /** Newest first, those before a place; of a scorer by its name or id. */
  async list(
    projectId: string,
    scorer: string | undefined,
    { limit, before }: { limit: number; before: readonly [createdAt: string, id: string] | null },
  ): Promise<DoneRow[]> {
    const rows = await db
      .select()
      .from(calibrations)
      .where(
        and(
          eq(calibrations.projectId, projectId),
          isNotNull(calibrations.report),
          scorer === undefined ? undefined : or(eq(calibrations.scorerId, scorer), eq(calibrations.scorerName, scorer)),
          before
            ? sql`(${calibrations.createdAt}, ${calibrations.id}) < (${before[0]}::timestamptz, ${before[1]})`
            : undefined,
        ),
      )
      .orderBy(...newestFirst)
      .limit(limit);
    return rows.filter(isDone);
  },

  async find(projectId: string, id: string): Promise<DoneRow | undefined> {
    const [row] = await db.select().from(calibrations).where(one(projectId, id));
    return row && isDone(row) ? row : undefined;
  },

  /** The newest of exactly this judge, or else of any version of the scorer. */
  async findFor(
    projectId: string,
    { signature, scorerName }: { signature: string; scorerName: string },
  ): Promise<DoneRow | undefined> {
    const [row] = await db
      .select()
      .from(calibrations)
      .where(
        and(
          eq(calibrations.projectId, projectId),
          isNotNull(calibrations.report),
          or(eq(calibrations.signature, signature), eq(calibrations.scorerName, scorerName)),
        ),
      )
      .orderBy(desc(sql`${calibrations.signature} = ${signature}`), ...newestFirst)
      .limit(1);
    return row && isDone(row) ? row : undefined;
  },

  /**
   * Calibrations of the scorer whose scores have this name, or calibrations from scores with this name. Newest first,
   * at most 50.
   */
  async listForScore(projectId: string, score: string): Promise<DoneRow[]> {
    const rows = await db
      .select()
      .from(calibrations)
      .where(
        and(
          eq(calibrations.projectId, projectId),
          isNotNull(calibrations.report),
          or(eq(calibrations.scorerName, score), sql`${calibrations.source} ->> 'score' = ${score}`),
        ),
      )
      .orderBy(...newestFirst)
      .limit(MOST_FOR_SCORE);
    return rows.filter(isDone);
  },

  async create(row: CalibrationRow): Promise<void> {
    await db.insert(calibrations).values(row);
  },

  async update(projectId: string, id: string, changes: Changes): Promise<void> {
    await db.update(calibrations).set(changes).where(one(projectId, id));
  },

  async delete(projectId: string, id: string): Promise<boolean> {
    return (await db.delete(calibrations).where(one(projectId, id)).returning({ id: calibrations.id })).length > 0;
  },
});

/** Calibrations of one anchor set. */
export const createAnchorHistory = (db: Postgres) => ({
  /** The newest of an anchor set but one; with `isCalm` the newest without an alarm. */
  async findOfAnchor(
    anchorId: string,
    { but = "", isCalm = false }: { but?: string; isCalm?: boolean },
  ): Promise<DoneRow | undefined> {
    const [row] = await db
      .select()
      .from(calibrations)
      .where(
        and(
          eq(calibrations.anchorId, anchorId),
          isNotNull(calibrations.report),
          ne(calibrations.id, but),
          isCalm ? isNull(calibrations.alarm) : undefined,
        ),
      )
      .orderBy(...newestFirst)
      .limit(1);
    return row && isDone(row) ? row : undefined;
  },

  /** The one of an anchor set that was begun for a judge and not ended. */
  async findBegun(anchorId: string, signature: string): Promise<CalibrationRow | undefined> {
    const [row] = await db
      .select()
      .from(calibrations)
      .where(
        and(eq(calibrations.anchorId, anchorId), eq(calibrations.signature, signature), isNull(calibrations.report)),
      )
      .limit(1);
    return row;
  },
});
