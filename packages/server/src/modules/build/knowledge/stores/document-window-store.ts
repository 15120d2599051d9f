import { and, count, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { knowledgeDocuments } from "./schema.ts";
import { type Window, windowOf } from "./window-store.ts";

type Row = typeof knowledgeDocuments.$inferSelect;
export type DocumentWindow = Window & {
  readonly states?: readonly Row["state"][] | undefined;
  readonly fileIds?: readonly string[] | undefined;
};

const isPresent = isNull(knowledgeDocuments.deletedAt);

/** What the store of documents does with files. */
export const createDocumentWindow = (db: Postgres) => ({ ...createList(db), ...createFinds(db) });

const createList = (db: Postgres) => ({
  listWindow(baseId: string, { states, fileIds, ...window }: DocumentWindow): Promise<Row[]> {
    const { where, orderBy, limit } = windowOf(knowledgeDocuments, window);
    const { state, fileId } = knowledgeDocuments;
    const isInState = states && inArray(state, [...states]);
    const isOfFile = fileIds && inArray(fileId, [...fileIds]);
    return db
      .select()
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), isPresent, isInState, isOfFile, where))
      .orderBy(...orderBy)
      .limit(limit);
  },
});

const createFinds = (db: Postgres) => ({
  /** The document with an id, or of a file. */
  async findByName(baseId: string, name: string): Promise<Row | undefined> {
    const { id, fileId } = knowledgeDocuments;
    const isNamed = or(eq(id, name), eq(fileId, name));
    const [row] = await db
      .select()
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), isNamed))
      // A document that was removed still has its place in a list.
      .orderBy(sql`${knowledgeDocuments.deletedAt} DESC NULLS FIRST`)
      .limit(1);
    return row;
  },

  /** How many documents of files are in each state. */
  countFiles(baseId: string, fileIds: readonly string[]) {
    const { state, fileId } = knowledgeDocuments;
    return db
      .select({ state, count: count() })
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), isPresent, inArray(fileId, [...fileIds])))
      .groupBy(state);
  },
});
