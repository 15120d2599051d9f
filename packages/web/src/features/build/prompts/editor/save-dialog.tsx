import { DEFAULT_PROMPT_LABEL, type PromptContent } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { explain } from "../../../../api.ts";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { Prompt } from "../shared/use-prompts.ts";
import { DiffFields } from "../versions/diff-fields.tsx";
import { diffContents } from "../versions/diff-lines.ts";

export type Commit = { message: string; labels: string[] };
type SaveProps = {
  title: string;
  /** What it is compared with; undefined for a first version. */
  before: PromptContent | undefined;
  after: PromptContent;
  /** Undefined for a new prompt, which has no labels yet. */
  prompt: Prompt | undefined;
  isBusy: boolean;
  error: unknown;
  /** Next to an error that can be overridden. */
  children?: React.ReactNode;
  onSave: (commit: Commit) => void;
  close: () => void;
};

/** What was changed, why, and which labels go along. */
export function SaveDialog({ title, before, after, prompt, isBusy, error, children, onSave, close }: SaveProps) {
  const { can } = useProject();
  const [message, setMessage] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const names = [...new Set([DEFAULT_PROMPT_LABEL, ...(prompt?.labels.map(({ label }) => label) ?? [])])];
  const isBarred = (label: string) => prompt?.protectedLabels.includes(label) && !can("prompts:protect");
  const fields = before ? diffContents(before, after) : [];
  function toggle(label: string, isChosen: boolean) {
    const next = new Set(chosen);
    if (isChosen) next.add(label);
    else next.delete(label);
    setChosen(next);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    onSave({ message: message.trim(), labels: [...chosen] });
  }
  return (
    <Dialog title={title} close={close} width={before ? "wide" : "normal"}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Change note" isOptional>
          {(field) => (
            <TextInput
              {...field}
              value={message}
              maxLength={2_000}
              placeholder={before ? "Shorten the reply and name the order" : "First version"}
              onChange={({ target }) => setMessage(target.value)}
              autoFocus
              spellCheck
            />
          )}
        </Field>
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
          <legend className="mb-1 text-sm font-medium">Move labels to this version</legend>
          {names.map((label) => (
            <Checkbox
              key={label}
              label={isBarred(label) ? `${label} (protected)` : label}
              disabled={isBarred(label)}
              checked={chosen.has(label)}
              onChange={({ target }) => toggle(label, target.checked)}
            />
          ))}
        </fieldset>
        {before &&
          (fields.length > 0 ? (
            <DiffFields fields={fields} />
          ) : (
            <p className="text-muted">The text is identical to the version you started from.</p>
          ))}
        {Boolean(error) && (
          <div role="alert" className="rounded-control bg-bad-soft px-3 py-2 text-bad">
            <p>{explain(error)}</p>
            {children}
          </div>
        )}
        <DialogActions>
          <Button onClick={close}>Keep editing</Button>
          <Button type="submit" kind="primary" isBusy={isBusy}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
