import { and, eq, isNull, or } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Blobs } from "./blobs.ts";
import { knowledgeDocuments, knowledgeSegments, knowledgeVersions } from "./schema.ts";

export const createObjectStore = (db: Postgres) => ({
  /** All objects of a base, each once. */
  async listObjects(baseId: string): Promise<string[]> {
    const lists = [await ofDocuments(db, baseId), await ofSegments(db, baseId), await ofVersions(db, baseId)];
    return [...new Set(lists.flat().filter((object) => object !== null))];
  },

  /** Whether a document or a segment of the base needs the object: equal files are one object. */
  async isUsed(baseId: string, object: string): Promise<boolean> {
    const { contentObject, parsedObject, deletedAt } = knowledgeDocuments;
    const isNamed = or(eq(contentObject, object), eq(parsedObject, object));
    const isOfBase = and(eq(knowledgeDocuments.baseId, baseId), isNull(deletedAt), isNamed);
    if ((await db.$count(knowledgeDocuments, isOfBase)) > 0) return true;
    const isInSegment = or(eq(knowledgeSegments.object, object), eq(knowledgeSegments.parsedObject, object));
    return (await db.$count(knowledgeSegments, and(eq(knowledgeSegments.baseId, baseId), isInSegment))) > 0;
  },
});

/** A deleted document has none. */
async function ofDocuments(db: Postgres, baseId: string) {
  const { contentObject, parsedObject, deletedAt } = knowledgeDocuments;
  const rows = await db
    .select({ contentObject, parsedObject })
    .from(knowledgeDocuments)
    .where(and(eq(knowledgeDocuments.baseId, baseId), isNull(deletedAt)));
  return rows.flatMap((row) => [row.contentObject, row.parsedObject]);
}

async function ofSegments(db: Postgres, baseId: string) {
  const rows = await db
    .select({ object: knowledgeSegments.object, parsed: knowledgeSegments.parsedObject })
    .from(knowledgeSegments)
    .where(eq(knowledgeSegments.baseId, baseId));
  return rows.flatMap(({ object, parsed }) => [object, parsed]);
}

async function ofVersions(db: Postgres, baseId: string) {
  const rows = await db
    .select({ object: knowledgeVersions.manifestObject })
    .from(knowledgeVersions)
    .where(eq(knowledgeVersions.baseId, baseId));
  return rows.map(({ object }) => object);
}

/** Deletes those of the objects that nothing of the base needs any more. */
export async function deleteUnused(
  db: Postgres,
  blobs: Pick<Blobs, "delete">,
  { baseId, objects }: { readonly baseId: string; readonly objects: readonly string[] },
): Promise<void> {
  for (const object of new Set(objects))
    if (!(await createObjectStore(db).isUsed(baseId, object))) await blobs.delete(object);
}
