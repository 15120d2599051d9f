import { and, eq, inArray, isNull, or } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createBaseStore } from "./base-store.ts";
import type { Blobs } from "./blobs.ts";
import { knowledgeDocuments, knowledgeSegments, knowledgeVersions, PURGED } from "./schema.ts";

export const createObjectStore = (db: Postgres) => ({
  /** All objects of a base, each once. */
  async listObjects(baseId: string): Promise<string[]> {
    const lists = [await ofDocuments(db, baseId), await ofSegments(db, baseId), await ofVersions(db, baseId)];
    return [...new Set(lists.flat().flatMap((object) => (object === null || object === PURGED ? [] : [object])))];
  },

  /** Whether a version, or a document that is not deleted, needs the object: equal files are one object. */
  async isUsed(baseId: string, object: string): Promise<boolean> {
    const { id, contentObject, parsedObject, deletedAt } = knowledgeDocuments;
    const isPresent = and(eq(knowledgeDocuments.baseId, baseId), isNull(deletedAt));
    const isNamed = or(eq(contentObject, object), eq(parsedObject, object));
    if ((await db.$count(knowledgeDocuments, and(isPresent, isNamed))) > 0) return true;
    const isInSegment = or(eq(knowledgeSegments.object, object), eq(knowledgeSegments.parsedObject, object));
    const isOfPresent = inArray(
      knowledgeSegments.documentId,
      db.select({ id }).from(knowledgeDocuments).where(isPresent),
    );
    if ((await db.$count(knowledgeSegments, and(isOfPresent, isInSegment))) > 0) return true;
    const isManifest = eq(knowledgeVersions.manifestObject, object);
    return (await db.$count(knowledgeVersions, and(eq(knowledgeVersions.baseId, baseId), isManifest))) > 0;
  },
});

async function ofDocuments(db: Postgres, baseId: string) {
  const { contentObject, parsedObject } = knowledgeDocuments;
  const rows = await db
    .select({ contentObject, parsedObject })
    .from(knowledgeDocuments)
    .where(eq(knowledgeDocuments.baseId, baseId));
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

type Unused = {
  readonly base: { readonly projectId: string; readonly baseId: string };
  readonly objects: readonly (string | null)[];
};

/**
 * Deletes those of the objects that nothing of the base needs any more. The base is locked, so that none is named again between the
 * look and the deletion.
 */
export async function deleteUnused(
  db: Postgres,
  blobs: Pick<Blobs, "delete">,
  { base, objects }: Unused,
): Promise<void> {
  const named = new Set(objects.filter((object) => object !== null && object !== PURGED));
  if (named.size === 0) return;
  await db.transaction(async (tx) => {
    await createBaseStore(tx).lockBase(base.projectId, base.baseId);
    for (const object of named)
      if (object && !(await createObjectStore(tx).isUsed(base.baseId, object))) await blobs.delete(object);
  });
}
