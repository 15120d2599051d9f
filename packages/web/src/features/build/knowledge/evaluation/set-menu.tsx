import { FileUp, Trash2 } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { NewQuestion } from "./new-question.tsx";
import { type FileFormat, type QuestionSet, useDeleteSet, useImportQuestions } from "./use-question-sets.ts";

const FORMATS = [
  ["jsonl", "Questions as JSONL"],
  ["topics", "TREC topics"],
  ["qrels", "TREC qrels"],
] as const;

/** What can be done with a question set. */
export function SetMenu({ set }: { set: QuestionSet }) {
  const input = useRef<HTMLInputElement>(null);
  const [format, setFormat] = useState<FileFormat>("jsonl");
  const [open, setOpen] = useState<"question" | "delete">();
  const load = useImportQuestions(set.questionSetId);
  const close = () => setOpen(undefined);
  const choose = (next: FileFormat) => {
    setFormat(next);
    input.current?.click();
  };
  const send = (file: File) =>
    void whenDone(load.mutateAsync({ file, format }), ({ questions }) =>
      toastDone(`The set has ${formatNumberOf(questions, "question")} now.`),
    );
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="small" onClick={() => setOpen("question")}>
        Add question
      </Button>
      <ActionMenu isBusy={load.isPending} onImport={choose} onDelete={() => setOpen("delete")} />
      <FileInput ref={input} onFile={send} />
      {open === "question" && <NewQuestion set={set} close={close} />}
      {open === "delete" && <DeleteSet set={set} close={close} />}
    </div>
  );
}

type ActionProps = { isBusy: boolean; onImport: (format: FileFormat) => void; onDelete: () => void };

const ActionMenu = ({ isBusy, onImport, onDelete }: ActionProps) => (
  <Menu
    align="end"
    trigger={
      <Button size="small" isBusy={isBusy}>
        Actions
      </Button>
    }
  >
    {FORMATS.map(([name, words]) => (
      <MenuItem key={name} icon={<FileUp size={14} />} onSelect={() => onImport(name)}>
        Import {words}…
      </MenuItem>
    ))}
    <MenuItem isDanger icon={<Trash2 size={14} />} onSelect={onDelete}>
      Delete question set…
    </MenuItem>
  </Menu>
);

type InputProps = { ref: RefObject<HTMLInputElement | null>; onFile: (file: File) => void };

/** Hidden: the menu opens the browser's dialog for files with it. */
const FileInput = ({ ref, onFile }: InputProps) => (
  <input
    ref={ref}
    type="file"
    aria-label="Question file"
    tabIndex={-1}
    onChange={({ target }) => {
      const [file] = target.files ?? [];
      if (file) onFile(file);
      // The same file can be chosen again.
      target.value = "";
    }}
    className="sr-only"
  />
);

function DeleteSet({ set, close }: { set: QuestionSet; close: () => void }) {
  const remove = useDeleteSet();
  return (
    <ConfirmDialog
      title={`Delete ${set.name}?`}
      verb="Delete"
      isBusy={remove.isPending}
      onConfirm={() => void whenDone(remove.mutateAsync(set.questionSetId), close)}
      close={close}
    >
      Its {formatNumberOf(set.questions, "question")} and all of its runs are deleted.
    </ConfirmDialog>
  );
}
