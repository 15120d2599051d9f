import { and, count, desc, eq, gte, isNull, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { statusNotes, statusPages } from "./schema.ts";

export type PageRow = typeof statusPages.$inferSelect;
export type NoteRow = typeof statusNotes.$inferSelect;
const isBefore = ([createdAt, id]: readonly [string, string]) =>
  sql`(${statusNotes.createdAt}, ${statusNotes.id}) < (${createdAt}::timestamptz, ${id})`;
type NoteChanges = Pick<NoteRow, "state" | "updates" | "resolvedAt">;

const isOwnNote = (projectId: string, noteId: string) =>
  and(eq(statusNotes.projectId, projectId), eq(statusNotes.id, noteId));

export const createStatusStore = (db: Postgres) => ({ ...pagesOf(db), ...noteListsOf(db), ...notesOf(db) });

const pagesOf = (db: Postgres) => ({
  async findPage(projectId: string): Promise<PageRow | undefined> {
    const [row] = await db.select().from(statusPages).where(eq(statusPages.projectId, projectId));
    return row;
  },
  /** The enabled page of an address, of any project. */
  async findPublic(slug: string): Promise<PageRow | undefined> {
    const [row] = await db
      .select()
      .from(statusPages)
      .where(and(eq(statusPages.slug, slug), eq(statusPages.isEnabled, true)));
    return row;
  },
  async isSlugUsed(projectId: string, slug: string): Promise<boolean> {
    const [row] = await db
      .select({ projectId: statusPages.projectId })
      .from(statusPages)
      .where(eq(statusPages.slug, slug));
    return row !== undefined && row.projectId !== projectId;
  },
  async savePage(row: PageRow): Promise<void> {
    const { projectId: _, ...changes } = row;
    await db.insert(statusPages).values(row).onConflictDoUpdate({ target: statusPages.projectId, set: changes });
  },
});

const noteListsOf = (db: Postgres) => ({
  /** Newest first, after the note of a cursor. */
  listNotes: (projectId: string, { limit, after }: { limit: number; after: readonly [string, string] | null }) =>
    db
      .select()
      .from(statusNotes)
      .where(and(eq(statusNotes.projectId, projectId), after === null ? undefined : isBefore(after)))
      .orderBy(desc(statusNotes.createdAt), desc(statusNotes.id))
      .limit(limit),
  /** Open notes, and notes since a time. Newest first. */
  listShown: (projectId: string, since: Date, limit: number) =>
    db
      .select()
      .from(statusNotes)
      .where(
        and(
          eq(statusNotes.projectId, projectId),
          or(isNull(statusNotes.resolvedAt), gte(statusNotes.createdAt, since)),
        ),
      )
      .orderBy(desc(isNull(statusNotes.resolvedAt)), desc(statusNotes.createdAt), desc(statusNotes.id))
      .limit(limit),
  async countNotes(projectId: string): Promise<number> {
    const [row] = await db.select({ count: count() }).from(statusNotes).where(eq(statusNotes.projectId, projectId));
    return row?.count ?? 0;
  },
});

const notesOf = (db: Postgres) => ({
  /** Locked until the end of the transaction. */
  async findNote(projectId: string, noteId: string): Promise<NoteRow | undefined> {
    const [row] = await db.select().from(statusNotes).where(isOwnNote(projectId, noteId)).for("update");
    return row;
  },
  async createNote(row: NoteRow): Promise<void> {
    await db.insert(statusNotes).values(row);
  },
  async updateNote(projectId: string, noteId: string, changes: NoteChanges): Promise<void> {
    await db.update(statusNotes).set(changes).where(isOwnNote(projectId, noteId));
  },
  async deleteNote(projectId: string, noteId: string): Promise<NoteRow | undefined> {
    const [row] = await db.delete(statusNotes).where(isOwnNote(projectId, noteId)).returning();
    return row;
  },
});
