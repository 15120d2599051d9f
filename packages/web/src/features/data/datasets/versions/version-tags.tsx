import { Plus, X } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Button } from "../../../../components/form/button.tsx";
import { TextInput } from "../../../../components/form/field.tsx";
import { useProject } from "../../../system/session/index.ts";
import { TagMark } from "../shared/marks.tsx";
import { useTagChanges } from "./use-versions.ts";

/** The tags of a version. A tag that is set again moves to the new version. */
export function VersionTags({
  datasetId,
  version,
  tags,
}: {
  datasetId: string;
  version: number;
  tags: readonly string[];
}) {
  const { can } = useProject();
  const { put, remove } = useTagChanges(datasetId);
  const [name, setName] = useState<string>();
  const canWrite = can("datasets:write");
  if (!canWrite && tags.length === 0) return null;
  function add() {
    const tag = name?.trim();
    if (tag) put.mutate({ tag, version }, { onSuccess: () => setName(undefined) });
  }
  return (
    <section aria-label="Tags" className="flex flex-wrap items-center gap-1.5">
      <span className="mr-1 text-xs text-muted">Tags</span>
      {tags.map((tag) => (
        <span key={tag} className="inline-flex items-center">
          <TagMark tag={tag} />
          {canWrite && (
            <button
              type="button"
              aria-label={`Remove tag ${tag}`}
              disabled={remove.isPending}
              onClick={() => remove.mutate(tag)}
              className="flex size-5 items-center justify-center rounded text-muted hover:text-text"
            >
              <X size={12} />
            </button>
          )}
        </span>
      ))}
      {canWrite &&
        (name === undefined ? (
          <Button size="small" kind="quiet" onClick={() => setName("")}>
            <Plus aria-hidden size={12} /> Tag
          </Button>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              add();
            }}
            className="flex items-center gap-1.5"
          >
            <TextInput
              aria-label="Tag name"
              placeholder="golden"
              value={name}
              autoFocus
              maxLength={60}
              onChange={({ target }) => setName(target.value)}
              onKeyDown={({ key }) => key === "Escape" && setName(undefined)}
              className="h-7! w-36!"
            />
            <Button size="small" type="submit" isBusy={put.isPending} disabled={name.trim() === ""}>
              Add
            </Button>
          </form>
        ))}
      {put.error && (
        <p role="alert" className="w-full text-xs text-bad">
          {explain(put.error)}
        </p>
      )}
    </section>
  );
}
