import type { ShadowAnswer } from "@treadle/contract";
import { and, desc, eq, gt, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { shadowPairs, shadows } from "./schema.ts";

export type PairRow = typeof shadowPairs.$inferSelect;
/** A pair without its texts. */
export type PairNumbers = Pick<PairRow, "matches"> & {
  readonly primary: AnswerNumbers;
  readonly candidate: AnswerNumbers;
};
export type AnswerNumbers = Omit<ShadowAnswer, "text" | "toolCalls"> & { readonly calls: number };

type Listing = {
  readonly shadowId: string;
  readonly limit: number;
  readonly before: readonly [at: string, id: string] | null;
  readonly differs: boolean;
};
type FromOldest = { readonly shadowId: string; readonly limit: number; readonly after: PairRow | null };

const numbersOf = (column: typeof shadowPairs.primary | typeof shadowPairs.candidate) =>
  sql<AnswerNumbers>`(${column} - 'text' - 'toolCalls') || jsonb_build_object('calls', jsonb_array_length(${column}->'toolCalls'))`;
const ofProject = (projectId: string, shadowId: string) =>
  and(
    eq(shadowPairs.shadowId, shadowId),
    sql`EXISTS (SELECT 1 FROM ${shadows} WHERE ${shadows.id} = ${shadowId} AND ${shadows.projectId} = ${projectId})`,
  );

export const createPairStore = (db: Postgres) => ({
  async add(row: PairRow): Promise<void> {
    await db.insert(shadowPairs).values(row);
  },
  /** Newest first. */
  list: (projectId: string, listing: Listing) => listNewest(db, projectId, listing),
  /** Oldest first, after the last pair of the page before. */
  listOldest: (projectId: string, listing: FromOldest) => listOldest(db, projectId, listing),
  /** All pairs without their texts, in the order in which the requests began. */
  listNumbers: (projectId: string, shadowId: string) => listNumbers(db, projectId, shadowId),
});

function listNewest(db: Postgres, projectId: string, listing: Listing): Promise<PairRow[]> {
  const { shadowId, limit, before, differs } = listing;
  const wanted = [
    ofProject(projectId, shadowId),
    ...(differs ? [eq(shadowPairs.differs, true)] : []),
    ...(before === null
      ? []
      : [sql`(${shadowPairs.at}, ${shadowPairs.id}) < (${before[0]}::timestamptz, ${before[1]})`]),
  ];
  return db
    .select()
    .from(shadowPairs)
    .where(and(...wanted))
    .orderBy(desc(shadowPairs.at), desc(shadowPairs.id))
    .limit(limit);
}

function listOldest(db: Postgres, projectId: string, { shadowId, limit, after }: FromOldest): Promise<PairRow[]> {
  const later =
    after && or(gt(shadowPairs.at, after.at), and(eq(shadowPairs.at, after.at), gt(shadowPairs.id, after.id)));
  return db
    .select()
    .from(shadowPairs)
    .where(and(ofProject(projectId, shadowId), ...(later ? [later] : [])))
    .orderBy(shadowPairs.at, shadowPairs.id)
    .limit(limit);
}

const listNumbers = (db: Postgres, projectId: string, shadowId: string): Promise<PairNumbers[]> =>
  db
    .select({
      matches: shadowPairs.matches,
      primary: numbersOf(shadowPairs.primary),
      candidate: numbersOf(shadowPairs.candidate),
    })
    .from(shadowPairs)
    .where(ofProject(projectId, shadowId))
    .orderBy(shadowPairs.at, shadowPairs.id);
