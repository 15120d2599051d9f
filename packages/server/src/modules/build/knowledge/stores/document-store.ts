import { and, count, desc, eq, ilike, inArray, isNotNull, isNull, or, sql, sum } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { type Before, likeText } from "./base-store.ts";
import { createDeletion } from "./deletion-store.ts";
import { createDocumentWindow } from "./document-window-store.ts";
import { knowledgeDocuments } from "./schema.ts";

export type DocumentRow = typeof knowledgeDocuments.$inferSelect;
export type DocumentListing = {
  readonly limit: number;
  readonly before: Before;
  readonly state?: DocumentRow["state"] | undefined;
  readonly sourceId?: string | undefined;
  readonly search?: string | undefined;
};

const isPresent = isNull(knowledgeDocuments.deletedAt);
const isOne = (baseId: string, documentId: string) =>
  and(eq(knowledgeDocuments.baseId, baseId), eq(knowledgeDocuments.id, documentId), isPresent);

export const createDocumentStore = (db: Postgres) => ({
  ...createList(db),
  ...createDocumentWindow(db),
  ...createSets(db),
  ...createAccess(db),
  ...createCounts(db),
  ...createFinds(db),
  ...createWrites(db),
  ...createIndexWrites(db),
  ...createDeletion(db),
});

const createList = (db: Postgres) => ({
  /** Newest first, without deleted ones. */
  listDocuments(baseId: string, { limit, before, state, sourceId, search }: DocumentListing): Promise<DocumentRow[]> {
    const { createdAt, id, key, title } = knowledgeDocuments;
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    const isInState = state ? eq(knowledgeDocuments.state, state) : undefined;
    const isOfSource = sourceId ? eq(knowledgeDocuments.sourceId, sourceId) : undefined;
    const isNamed = search ? or(ilike(key, likeText(search)), ilike(title, likeText(search))) : undefined;
    return db
      .select()
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), isPresent, isInState, isOfSource, isNamed, isBefore))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },
});

const createSets = (db: Postgres) => ({
  /** The ids of documents in a state, oldest first. */
  async listIds(baseId: string, state: DocumentRow["state"]): Promise<string[]> {
    const rows = await db
      .select({ id: knowledgeDocuments.id })
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), isPresent, eq(knowledgeDocuments.state, state)))
      .orderBy(knowledgeDocuments.id);
    return rows.map(({ id }) => id);
  },

  /** What an index version is made of: the documents with a text, by source and key. */
  listIndexable(baseId: string) {
    const { id, sourceId, key, title, contentHash, parsedObject, facts, chunking } = knowledgeDocuments;
    return db
      .select({ id, sourceId, key, title, contentHash, parsedObject, facts, chunking })
      .from(knowledgeDocuments)
      .where(
        and(eq(knowledgeDocuments.baseId, baseId), isPresent, inArray(knowledgeDocuments.state, ["parsed", "indexed"])),
      )
      .orderBy(sourceId, key);
  },
});

const createAccess = (db: Postgres) => ({
  /** Whether documents with a text wait for the text of newer bytes. */
  async hasReplaced(baseId: string): Promise<boolean> {
    const { state, parsedObject } = knowledgeDocuments;
    const isReplaced = and(isPresent, eq(state, "waiting"), isNotNull(parsedObject));
    return (await db.$count(knowledgeDocuments, and(eq(knowledgeDocuments.baseId, baseId), isReplaced))) > 0;
  },

  /** What decides which documents a search may find. */
  listAccess(baseId: string) {
    const { id, sourceId, principals, metadata, quarantinedAt } = knowledgeDocuments;
    return db
      .select({ id, sourceId, principals, metadata, quarantinedAt })
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), isPresent));
  },
});

const createCounts = (db: Postgres) => ({
  async countStates(baseIds: readonly string[]) {
    if (baseIds.length === 0) return [];
    const { baseId, state, sizeBytes } = knowledgeDocuments;
    return db
      .select({ baseId, state, count: count(), bytes: sum(sizeBytes).mapWith(Number) })
      .from(knowledgeDocuments)
      .where(and(inArray(baseId, [...baseIds]), isPresent))
      .groupBy(baseId, state);
  },
});

const createFinds = (db: Postgres) => ({
  async findDocument(baseId: string, documentId: string): Promise<DocumentRow | undefined> {
    const [row] = await db.select().from(knowledgeDocuments).where(isOne(baseId, documentId));
    return row;
  },

  /** Whether the document exists. It is locked until the transaction ends. */
  async lockDocument(baseId: string, documentId: string): Promise<boolean> {
    const { id } = knowledgeDocuments;
    const rows = await db.select({ id }).from(knowledgeDocuments).where(isOne(baseId, documentId)).for("update");
    return rows.length > 0;
  },

  async findByKey(sourceId: string, key: string): Promise<DocumentRow | undefined> {
    const [row] = await db
      .select()
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.sourceId, sourceId), eq(knowledgeDocuments.key, key), isPresent));
    return row;
  },

  /** Also deleted ones, which old answers name. */
  listByIds(baseId: string, ids: readonly string[]): Promise<DocumentRow[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return db
      .select()
      .from(knowledgeDocuments)
      .where(and(eq(knowledgeDocuments.baseId, baseId), inArray(knowledgeDocuments.id, [...ids])));
  },
});

const createWrites = (db: Postgres) => ({
  async createDocument(row: DocumentRow): Promise<void> {
    await db.insert(knowledgeDocuments).values(row);
  },

  async updateDocument(baseId: string, documentId: string, changes: Partial<DocumentRow>) {
    const [row] = await db.update(knowledgeDocuments).set(changes).where(isOne(baseId, documentId)).returning();
    return row;
  },

  /** The same, unless it was deleted or other bytes have arrived since. A title that was given meanwhile stays. */
  async updateParsed({ baseId, id, contentObject }: DocumentRow, { title, ...changes }: Partial<DocumentRow>) {
    const named = title !== undefined && { title: sql`coalesce(${knowledgeDocuments.ownTitle}, ${title})` };
    const rows = await db
      .update(knowledgeDocuments)
      .set({ ...changes, ...named })
      .where(and(isOne(baseId, id), eq(knowledgeDocuments.contentObject, contentObject)))
      .returning({ id: knowledgeDocuments.id });
    return rows.length > 0;
  },
});

const createIndexWrites = (db: Postgres) => ({
  /** Notes that the version with these documents is ready. A document that changed since waits for the next one. */
  async markIndexed(baseId: string, documents: readonly { id: string; parsedObject: string; chunks: number }[]) {
    for (const { id, parsedObject, chunks } of documents)
      await db
        .update(knowledgeDocuments)
        .set({ state: "indexed", chunks })
        .where(
          and(
            isOne(baseId, id),
            eq(knowledgeDocuments.parsedObject, parsedObject),
            inArray(knowledgeDocuments.state, ["parsed", "indexed"]),
          ),
        );
  },
});
