import type { QuestionJudgement } from "@treadle/contract";
import { and, asc, count, eq, ilike, max, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { questions } from "./schema.ts";

export type QuestionRow = typeof questions.$inferSelect;
/** A question to store. An existing one keeps what is undefined. */
export type NewQuestion = {
  readonly id: string;
  readonly question: string;
  readonly relevant: QuestionJudgement[];
};
type Listing = {
  readonly limit: number;
  readonly after: readonly [place: number, id: string] | null;
  readonly search?: string | undefined;
};

const isOne = (setId: string, id: string) => and(eq(questions.setId, setId), eq(questions.id, id));
const isLike = (text: string) => ilike(questions.question, `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`);
/** PostgreSQL takes 65,535 values in a statement. */
const BATCH = 1_000;

export const createQuestionStore = (db: Postgres) => ({
  ...createLists(db),
  ...createFinds(db),
  ...createWrites(db),
});

const createLists = (db: Postgres) => ({
  /** In the order in which they were added. */
  list(setId: string, { limit, after, search }: Listing): Promise<QuestionRow[]> {
    const { place, id } = questions;
    const isAfter = after ? sql`(${place}, ${id}) > (${after[0]}::int, ${after[1]})` : undefined;
    return db
      .select()
      .from(questions)
      .where(and(eq(questions.setId, setId), isAfter, search ? isLike(search) : undefined))
      .orderBy(asc(place), asc(id))
      .limit(limit);
  },

  listAll: (setId: string): Promise<QuestionRow[]> =>
    db.select().from(questions).where(eq(questions.setId, setId)).orderBy(asc(questions.place), asc(questions.id)),
});

const createFinds = (db: Postgres) => ({
  async find(setId: string, id: string): Promise<QuestionRow | undefined> {
    const [row] = await db.select().from(questions).where(isOne(setId, id));
    return row;
  },

  async findByText(setId: string, question: string): Promise<QuestionRow | undefined> {
    const isText = and(eq(questions.setId, setId), eq(questions.question, question));
    const [row] = await db.select().from(questions).where(isText).orderBy(asc(questions.place)).limit(1);
    return row;
  },

  async countQuestions(setId: string): Promise<number> {
    const [row] = await db.select({ rows: count() }).from(questions).where(eq(questions.setId, setId));
    return row?.rows ?? 0;
  },
});

const createWrites = (db: Postgres) => ({
  /** Adds questions in their order, and replaces those with the same id. The set must be locked. */
  async put(setId: string, list: readonly NewQuestion[]): Promise<void> {
    const [row] = await db
      .select({ last: max(questions.place) })
      .from(questions)
      .where(eq(questions.setId, setId));
    const first = (row?.last ?? 0) + 1;
    const rows = list.map((one, at) => ({ setId, ...one, place: first + at }));
    const replaced = { question: sql`excluded.question`, relevant: sql`excluded.relevant` };
    for (let at = 0; at < rows.length; at += BATCH)
      await db
        .insert(questions)
        .values(rows.slice(at, at + BATCH))
        .onConflictDoUpdate({ target: [questions.setId, questions.id], set: replaced });
  },

  async delete(setId: string, id: string): Promise<boolean> {
    return (await db.delete(questions).where(isOne(setId, id)).returning({ id: questions.id })).length > 0;
  },
});
