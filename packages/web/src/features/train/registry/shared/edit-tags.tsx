import { Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { explain } from "../../../../api.ts";
import { Button } from "../../../../components/form/button.tsx";
import { TextInput } from "../../../../components/form/field.tsx";
import { tagText, withoutTag, withTag } from "./tag-words.ts";
import { tellUndoable } from "./undo.ts";

type Tags = Readonly<Record<string, string>>;
type TagsProps = { tags: Tags; canEdit: boolean; save: (tags: Record<string, string>) => Promise<unknown> };

/** Tags of a model or a version, edited in place. */
export function EditTags({ tags, canEdit, save }: TagsProps) {
  const [text, setText] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  async function change(next: Record<string, string>, words: string) {
    setIsBusy(true);
    setFailure(undefined);
    try {
      await save(next);
      tellUndoable(words, () => save({ ...tags }));
      setText(undefined);
    } catch (error) {
      setFailure(explain(error));
    } finally {
      setIsBusy(false);
    }
  }
  const added = withTag(tags, text ?? "");
  if (!canEdit && Object.keys(tags).length === 0) return null;
  return (
    <section aria-label="Tags" className="flex flex-wrap items-center gap-1.5">
      <span className="mr-1 text-sm font-medium">Tags</span>
      {Object.entries(tags).map(([key, value]) => (
        <Tag key={key} text={tagText(key, value)}>
          {canEdit && (
            <button
              type="button"
              aria-label={`Remove tag ${key}`}
              disabled={isBusy}
              onClick={() => void change(withoutTag(tags, key), `Removed tag ${key}`)}
              className="flex size-5 items-center justify-center rounded text-muted hover:text-text"
            >
              <X size={12} />
            </button>
          )}
        </Tag>
      ))}
      {canEdit && text === undefined && (
        <Button size="small" kind="quiet" onClick={() => setText("")}>
          <Plus aria-hidden size={12} /> Tag
        </Button>
      )}
      {text !== undefined && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (added) void change(added, "Tag added");
          }}
          className="flex items-center gap-1.5"
        >
          <TextInput
            aria-label="New tag"
            placeholder="team=support"
            value={text}
            autoFocus
            maxLength={500}
            onChange={({ target }) => setText(target.value)}
            onKeyDown={({ key }) => key === "Escape" && setText(undefined)}
            className="h-7! w-44!"
          />
          <Button size="small" type="submit" isBusy={isBusy} disabled={added === null}>
            Add
          </Button>
        </form>
      )}
      {failure && (
        <p role="alert" className="w-full text-xs text-bad">
          {failure}
        </p>
      )}
    </section>
  );
}

/** A tag in a list of tags. */
function Tag({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <span className="inline-flex max-w-full items-center rounded border border-line bg-raised pl-1.5 text-xs">
      <span dir="auto" title={text} className="truncate pr-1.5">
        {text}
      </span>
      {children}
    </span>
  );
}
