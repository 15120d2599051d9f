import { Pencil } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { explain } from "../../../../api.ts";
import { printKeys } from "../../../../components/browser/keys.ts";
import { Markdown } from "../../../../components/content/markdown.tsx";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { tellUndoable } from "./undo.ts";

type EditProps = {
  /** The name of the text, such as `Notes`. */
  label: string;
  text: string;
  /** Shown while the text is empty. */
  empty: string;
  maxLength: number;
  canEdit: boolean;
  save: (text: string) => Promise<unknown>;
};

/** A Markdown text that is edited in place. Escape closes the editor and stores the draft. */
export function EditText({ label, text, empty, maxLength, canEdit, save }: EditProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [draft, setDraft] = useState<string>();
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-1">
      <div className="flex min-h-7 items-center gap-2">
        <h3 className="text-sm font-medium">{label}</h3>
        {canEdit && !isOpen && (
          <Button size="small" kind="quiet" onClick={() => setIsOpen(true)}>
            <Pencil aria-hidden size={12} /> {draft === undefined ? "Edit" : "Resume editing"}
            <span className="sr-only"> {label}</span>
          </Button>
        )}
      </div>
      {isOpen ? (
        <Editor
          label={label}
          maxLength={maxLength}
          save={save}
          before={text}
          draft={draft ?? text}
          onDraft={setDraft}
          leave={(isDone) => {
            if (isDone) setDraft(undefined);
            setIsOpen(false);
          }}
        />
      ) : text.trim() === "" ? (
        <p className="text-muted">{empty}</p>
      ) : (
        <Markdown text={text} />
      )}
    </section>
  );
}

type EditorProps = Pick<EditProps, "label" | "maxLength" | "save"> & {
  before: string;
  draft: string;
  onDraft: (draft: string | undefined) => void;
  /** True if the draft has no changes to store. */
  leave: (isDone: boolean) => void;
};

function Editor({ label, maxLength, save, before, draft, onDraft, leave }: EditorProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  async function keep() {
    if (draft === before) return leave(true);
    setIsBusy(true);
    setFailure(undefined);
    try {
      await save(draft);
      tellUndoable(`${label} saved`, () => save(before));
      leave(true);
    } catch (error) {
      setFailure(`The text was not saved. ${explain(error)}`);
    } finally {
      setIsBusy(false);
    }
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void keep();
    else if (event.key === "Escape") leave(draft === before);
    else return;
    event.preventDefault();
  }
  return (
    <div className="flex flex-col gap-2">
      <GrowingText
        aria-label={label}
        value={draft}
        maxLength={maxLength}
        autoFocus
        onChange={({ target }) => onDraft(target.value)}
        onKeyDown={onKeyDown}
        className="min-h-20!"
      />
      <Failure text={failure} />
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small" kind="primary" isBusy={isBusy} onClick={() => void keep()}>
          Save
        </Button>
        <Button size="small" onClick={() => leave(true)}>
          Cancel
        </Button>
        <span className="text-xs text-muted max-md:hidden">
          Markdown. {printKeys("mod+enter")} saves. Esc closes the editor. The draft is retained.
        </span>
      </div>
    </div>
  );
}
