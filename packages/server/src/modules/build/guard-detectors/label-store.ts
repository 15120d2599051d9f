import type { GuardLabel } from "@treadle/contract";
import { and, desc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { guardLabels } from "./schema.ts";

type Row = typeof guardLabels.$inferSelect;
export type LabeledPlace = Pick<
  GuardLabel,
  "traceId" | "spanId" | "detector" | "kind" | "path" | "start" | "end" | "actor"
>;
type Listing = {
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [updatedAt: string, id: string] | null;
  readonly detector?: string | undefined;
  readonly traceId?: string | undefined;
  readonly isRight?: boolean | undefined;
};
/** The labeled findings of a detector by what most people say. */
export type LabelCount = {
  readonly detector: string;
  readonly right: number;
  readonly wrong: number;
  readonly disputed: number;
};

const {
  projectId: ofProject,
  traceId,
  spanId,
  detector,
  kind,
  path,
  start,
  end,
  isRight,
  actor,
  updatedAt,
  id,
} = guardLabels;
const finding = [traceId, spanId, detector, kind, path, start, end] as const;

export const createLabelStore = (db: Postgres) => ({ ...createWrites(db), ...createReads(db) });

const createWrites = (db: Postgres) => ({
  /** The label of a person. It replaces an earlier one of the same finding. */
  async put(row: Row): Promise<GuardLabel> {
    const { isRight: verdict, updatedAt: now } = row;
    const [stored] = await db
      .insert(guardLabels)
      .values(row)
      .onConflictDoUpdate({ target: [ofProject, ...finding, actor], set: { isRight: verdict, updatedAt: now } })
      .returning();
    return toLabel(stored ?? row);
  },

  /** Deletes the label of a person. */
  async deleteOf(projectId: string, place: LabeledPlace): Promise<void> {
    await db.delete(guardLabels).where(and(eq(ofProject, projectId), isAt(place)));
  },

  async delete(projectId: string, labelId: string): Promise<GuardLabel | undefined> {
    const [row] = await db
      .delete(guardLabels)
      .where(and(eq(ofProject, projectId), eq(id, labelId)))
      .returning();
    return row && toLabel(row);
  },
});

const isAt = (place: LabeledPlace) =>
  and(
    eq(traceId, place.traceId),
    eq(spanId, place.spanId),
    eq(detector, place.detector),
    eq(kind, place.kind),
    eq(path, place.path),
    eq(start, place.start),
    eq(end, place.end),
    eq(actor, place.actor),
  );

const createReads = (db: Postgres) => ({
  /** Each finding counts once, by the majority of its labels. */
  count: (projectId: string): Promise<LabelCount[]> => countFindings(db, projectId),

  /** Newest first. */
  async list(projectId: string, { limit, before, ...only }: Listing): Promise<GuardLabel[]> {
    const isBefore = before ? sql`(${updatedAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    const rows = await db
      .select()
      .from(guardLabels)
      .where(
        and(
          eq(ofProject, projectId),
          isBefore,
          only.detector === undefined ? undefined : eq(detector, only.detector),
          only.traceId === undefined ? undefined : eq(traceId, only.traceId),
          only.isRight === undefined ? undefined : eq(isRight, only.isRight),
        ),
      )
      .orderBy(desc(updatedAt), desc(id))
      .limit(limit);
    return rows.map(toLabel);
  },
});

function countFindings(db: Postgres, projectId: string): Promise<LabelCount[]> {
  const balance = sql<number>`sum(CASE WHEN ${guardLabels.isRight} THEN 1 ELSE -1 END)`.as("balance");
  const votes = db
    .select({ detector, balance })
    .from(guardLabels)
    .where(eq(ofProject, projectId))
    .groupBy(...finding)
    .as("votes");
  const countOf = (condition: ReturnType<typeof sql>) => sql<number>`count(*) FILTER (WHERE ${condition})::integer`;
  return db
    .select({
      detector: votes.detector,
      right: countOf(sql`${votes.balance} > 0`),
      wrong: countOf(sql`${votes.balance} < 0`),
      disputed: countOf(sql`${votes.balance} = 0`),
    })
    .from(votes)
    .groupBy(votes.detector);
}

const toLabel = ({ id: guardLabelId, projectId: _, createdAt, updatedAt: changedAt, ...row }: Row): GuardLabel => ({
  guardLabelId,
  ...row,
  createdAt: createdAt.toISOString(),
  updatedAt: changedAt.toISOString(),
});
