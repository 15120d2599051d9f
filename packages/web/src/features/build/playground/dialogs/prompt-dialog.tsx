import { DEFAULT_PROMPT_LABEL } from "@treadle/contract";
import { useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatNumberOf, formatTime } from "../../../../components/text/format.ts";
import type { Playground } from "../runs/use-playground.ts";
import { usePromptNames, usePromptVersions } from "../state/playground-data.ts";
import { promptColumn } from "../state/playground-state.ts";

type DialogProps = { playground: Playground; close: () => void };

/** Adds versions of a stored prompt, each as a column. */
export function PromptDialog({ playground, close }: DialogProps) {
  const [search, setSearch] = useState("");
  const [name, setName] = useState("");
  const [picked, pick] = useState<ReadonlyMap<number, string>>(new Map());
  const list = usePromptNames(search.trim());
  const prompts = list.data?.items ?? [];
  const add = () => {
    const model = playground.state.columns.at(-1)?.model ?? "";
    const columns = [...picked].sort(([a], [b]) => a - b);
    playground.addColumns(columns.map(([version, own]) => promptColumn({ name, version }, own === "" ? model : "")));
    close();
  };
  return (
    <Dialog title="Add a stored prompt" description="Each selected version becomes a column." close={close}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (picked.size > 0) add();
        }}
      >
        <Field label="Find a prompt">
          {(field) => (
            <TextInput {...field} value={search} autoFocus onChange={({ target }) => setSearch(target.value)} />
          )}
        </Field>
        {list.error && <ErrorState error={list.error} retry={() => list.refetch()} />}
        {list.isPending && <Skeleton className="h-24" />}
        {list.data && prompts.length === 0 && (
          <EmptyState title={search ? "No matching prompts" : "No prompts yet"}>
            {search
              ? "Try other words."
              : "Save a column as a prompt version from its menu. The prompt then appears here."}
          </EmptyState>
        )}
        <div className="flex max-h-80 flex-col overflow-y-auto">
          {prompts.map((prompt) => (
            <div key={prompt.promptId} className="border-line border-b last:border-b-0">
              <button
                type="button"
                aria-expanded={prompt.name === name}
                onClick={() => {
                  setName(prompt.name === name ? "" : prompt.name);
                  pick(new Map());
                }}
                className="flex w-full items-center gap-2 rounded-control px-2 py-1.5 text-left hover:bg-raised"
              >
                <span className="min-w-0 grow truncate font-medium">{prompt.name}</span>
                <span className="shrink-0 text-xs text-muted">{formatNumberOf(prompt.latestVersion, "version")}</span>
              </button>
              {prompt.name === name && <Versions name={name} picked={picked} pick={pick} />}
            </div>
          ))}
        </div>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={picked.size === 0}>
            {picked.size > 1 ? `Add ${picked.size} columns` : "Add column"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type VersionsProps = {
  name: string;
  /** The model of each picked version, by its number; "" for one without. */
  picked: ReadonlyMap<number, string>;
  pick: (picked: ReadonlyMap<number, string>) => void;
};

function Versions({ name, picked, pick }: VersionsProps) {
  const list = usePromptVersions(name);
  if (list.error) return <ErrorState error={list.error} retry={() => list.refetch()} />;
  if (!list.data) return <Skeleton className="m-2 h-12" />;
  return (
    <ul aria-label={`Versions of ${name}`} className="flex flex-col gap-1 px-3 pb-2">
      {list.data.items.map(({ version, labels, message, model, createdAt }) => (
        <li key={version} className="flex items-baseline gap-2">
          <Checkbox
            label={`v${version}`}
            checked={picked.has(version)}
            onChange={() => {
              const next = new Map(picked);
              if (!next.delete(version)) next.set(version, model ?? "");
              pick(next);
            }}
          />
          {labels.map((label) => (
            <span
              key={label}
              className={`text-xs ${label === DEFAULT_PROMPT_LABEL ? "font-medium text-accent" : "text-muted"}`}
            >
              {label}
            </span>
          ))}
          <span className="min-w-0 grow truncate text-muted" title={message}>
            {message}
          </span>
          <time dateTime={createdAt} className="shrink-0 text-xs text-muted">
            {formatTime(createdAt)}
          </time>
        </li>
      ))}
    </ul>
  );
}
