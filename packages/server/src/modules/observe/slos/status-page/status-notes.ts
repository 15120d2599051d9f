import type { NoteUpdate, StatusNote, StatusNoteInput } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { StatusDeps } from "./deps.ts";
import { createStatusStore, type NoteRow } from "./status-store.ts";

const MOST_NOTES = 1_000;
const MOST_UPDATES = 100;

type Deps = Pick<StatusDeps, "db" | "audit" | "clock"> & {
  /** Called after a change, with the project. */
  readonly onChange: (projectId: string) => void;
};

/** Notes that people write for everyone to read. */
export const createStatusNotes = (deps: Deps) => ({
  async listNotes({ projectId }: Scope, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
    const after = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await createStatusStore(deps.db).listNotes(projectId, { limit: limit + 1, after });
    const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    return { items: page.items.map(toNote), nextCursor: page.nextCursor };
  },
  createNote: (scope: Scope, input: StatusNoteInput) => createNote(deps, scope, input),
  addUpdate: (scope: Scope, noteId: string, update: Omit<NoteUpdate, "at">) =>
    addUpdate(deps, scope, { noteId, update }),
  async deleteNote(scope: Scope, noteId: string): Promise<void> {
    await deps.db.transaction(async (tx) => {
      const row = await createStatusStore(tx).deleteNote(scope.projectId, noteId);
      if (!row) throw notFound("status note", noteId);
      const entry = { action: "status-note.delete", target: noteId, details: { title: row.title } };
      await deps.audit.record(scope, entry, tx);
    });
    deps.onChange(scope.projectId);
  },
});

async function createNote(deps: Deps, scope: Scope, { text, ...input }: StatusNoteInput): Promise<StatusNote> {
  const { db, audit, clock, onChange } = deps;
  const row = toRow(scope, input, { text, now: new Date(clock.now()) });
  await db.transaction(async (tx) => {
    const store = createStatusStore(tx);
    const page = await store.findPage(scope.projectId);
    checkComponents(input.components, page?.components.map(({ name }) => name) ?? []);
    if ((await store.countNotes(scope.projectId)) >= MOST_NOTES)
      throw new AppError("unprocessable", {
        message: `A project has at most ${MOST_NOTES} notes. Delete old notes first.`,
      });
    await store.createNote(row);
    await audit.record(scope, { action: "status-note.create", target: row.id, details: { title: row.title } }, tx);
  });
  onChange(scope.projectId);
  return toNote(row);
}

type Addition = { readonly noteId: string; readonly update: Omit<NoteUpdate, "at"> };

async function addUpdate(deps: Deps, scope: Scope, { noteId, update }: Addition): Promise<StatusNote> {
  const { db, audit, clock, onChange } = deps;
  const row = await db.transaction(async (tx) => {
    const store = createStatusStore(tx);
    const known = await store.findNote(scope.projectId, noteId);
    if (!known) throw notFound("status note", noteId);
    const changes = changesOf(known, update, new Date(clock.now()));
    await store.updateNote(scope.projectId, noteId, changes);
    await audit.record(scope, { action: "status-note.update", target: noteId, details: { state: update.state } }, tx);
    return { ...known, ...changes };
  });
  onChange(scope.projectId);
  return toNote(row);
}

function changesOf({ updates }: NoteRow, update: Omit<NoteUpdate, "at">, now: Date) {
  if (updates.length >= MOST_UPDATES)
    throw new AppError("unprocessable", {
      message: `A note has at most ${MOST_UPDATES} updates. Publish another note.`,
    });
  return {
    state: update.state,
    updates: [{ ...update, at: now.toISOString() }, ...updates],
    resolvedAt: update.state === "resolved" ? now : null,
  };
}

function checkComponents(named: readonly string[], known: readonly string[]): void {
  const unknown = named.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new AppError("unprocessable", {
    message: `The status page has no component "${unknown}". Its components: ${known.join(", ") || "none"}.`,
    details: { param: "components" },
  });
}

type Writing = { readonly text: string; readonly now: Date };

function toRow({ projectId, actor }: Scope, input: Omit<StatusNoteInput, "text">, { text, now }: Writing): NoteRow {
  return {
    id: newId("note", now.getTime()),
    projectId,
    ...input,
    updates: [{ state: input.state, text, at: now.toISOString() }],
    createdBy: actor,
    createdAt: now,
    resolvedAt: input.state === "resolved" ? now : null,
  };
}

const toNote = (row: NoteRow): StatusNote => ({
  noteId: row.id,
  title: row.title,
  components: row.components,
  state: row.state,
  updates: row.updates,
  createdAt: row.createdAt.toISOString(),
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
});
