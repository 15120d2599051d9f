import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { CardRows } from "../../../components/layout/settings-collection.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { useProject } from "../../system/session/index.ts";
import { NoteForm, UpdateForm } from "./note-form.tsx";
import { NOTE_STATES } from "./note-words.ts";
import { type StatusNote, useNoteChanges, useNotes } from "./use-status-page.ts";

type Open = { kind: "new" } | { kind: "update" | "delete"; note: StatusNote };

/** The notes of the public page. */
export function NotesSection({ components }: { components: readonly string[] }) {
  const notes = useNotes();
  const canWrite = useProject().can("incidents:write");
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const items = notes.data?.pages.flatMap((page) => page.items);
  const add = canWrite && (
    <Button onClick={() => setOpen({ kind: "new" })}>
      <Plus aria-hidden size={14} /> New note
    </Button>
  );
  return (
    <Section title="Notes" description="What you tell readers about an incident. Everyone can read notes." action={add}>
      {notes.error && !items ? (
        <ErrorState error={notes.error} retry={() => notes.refetch()} title="The notes could not be loaded" />
      ) : (
        <NoteList items={items} canWrite={canWrite} setOpen={setOpen} />
      )}
      <MoreRows list={notes} />
      {open?.kind === "new" && <NoteForm components={components} close={close} />}
      {open?.kind === "update" && <UpdateForm note={open.note} close={close} />}
      {open?.kind === "delete" && <Removal note={open.note} close={close} />}
    </Section>
  );
}

type ListProps = { items: readonly StatusNote[] | undefined; canWrite: boolean; setOpen: (open: Open) => void };

function NoteList({ items, canWrite, setOpen }: ListProps) {
  if (items?.length === 0) return <p className="px-4 pb-4 text-muted">No notes yet.</p>;
  return (
    <CardRows items={items} skeletons={["h-12", "h-12"]} label="Notes">
      {(note) => (
        <NoteRow
          key={note.noteId}
          note={note}
          canWrite={canWrite}
          onUpdate={() => setOpen({ kind: "update", note })}
          onDelete={() => setOpen({ kind: "delete", note })}
        />
      )}
    </CardRows>
  );
}

type RowProps = { note: StatusNote; canWrite: boolean; onUpdate: () => void; onDelete: () => void };

const NoteRow = ({ note, canWrite, onUpdate, onDelete }: RowProps) => (
  <li className="flex items-start gap-3 px-4 py-3">
    <div className="min-w-0 grow">
      <p className="font-medium [overflow-wrap:anywhere]">
        {note.title}{" "}
        <span className={`ml-1 text-sm font-normal ${note.resolvedAt === null ? "text-warn" : "text-good"}`}>
          ● {NOTE_STATES[note.state]}
        </span>
      </p>
      <p className="text-sm text-muted [overflow-wrap:anywhere]">
        {note.components.length > 0 && `${note.components.join(", ")}. `}
        {note.updates[0]?.text} <AgoCell iso={note.updates[0]?.at ?? note.createdAt} />
      </p>
    </div>
    {canWrite && (
      <div className="flex shrink-0 items-center gap-1">
        <Button size="small" onClick={onUpdate}>
          Update
        </Button>
        <IconButton label={`Delete ${note.title}`} onClick={onDelete}>
          <Trash2 size={14} />
        </IconButton>
      </div>
    )}
  </li>
);

function Removal({ note: { noteId, title }, close }: { note: StatusNote; close: () => void }) {
  const { remove } = useNoteChanges();
  const confirm = () =>
    remove.mutate(noteId, {
      onSuccess: () => {
        toastDone(`Deleted ${title}`);
        close();
      },
    });
  return (
    <ConfirmDialog
      title={`Delete ${title}?`}
      verb="Delete note"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      The note and all its updates disappear from the status page.
    </ConfirmDialog>
  );
}
