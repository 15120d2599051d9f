import { ModelAlias, ModelName } from "@treadle/contract";
import type { FormEvent, ReactNode } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { DialogActions } from "../../../../components/overlay/dialog.tsx";
import type { ChosenFile } from "./chosen-files.ts";
import { FileChoice } from "./file-choice.tsx";

export type UploadDraft = {
  readonly name: string;
  readonly base: string;
  readonly alias: string;
  /** Whether the user has tried to upload; only then are errors shown. */
  readonly isTried: boolean;
};
type FormProps = {
  draft: UploadDraft;
  change: (next: Partial<UploadDraft>) => void;
  files: readonly ChosenFile[];
  onChoose: (files: readonly ChosenFile[]) => void;
  /** The label of the submit button. */
  verb: string;
  /** Called when the form is valid and has files. */
  onSend: () => void;
  close: () => void;
  /** Why the last attempt failed. */
  children: ReactNode;
};

/** The form of an upload: the name of the model, its files, its base and an alias. */
export function UploadForm({ draft, change, files, onChoose, verb, onSend, close, children }: FormProps) {
  const { isTried } = draft;
  const alias = draft.alias.trim();
  const nameProblem = ModelName.safeParse(draft.name.trim()).error?.issues[0]?.message;
  const aliasProblem = alias === "" ? undefined : ModelAlias.safeParse(alias).error?.issues[0]?.message;
  function submit(event: FormEvent) {
    event.preventDefault();
    change({ isTried: true });
    if (!nameProblem && !aliasProblem && files.length > 0) onSend();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label="Name"
        help="The name to use in requests: lower-case letters, digits, dots and hyphens"
        error={isTried ? nameProblem : undefined}
      >
        {(field) => (
          <TextInput
            {...field}
            value={draft.name}
            autoFocus
            onChange={({ target }) => change({ name: target.value })}
          />
        )}
      </Field>
      <FileChoice
        files={files}
        error={isTried && files.length === 0 ? "Choose the files or the folder of a model." : undefined}
        onChoose={onChoose}
      />
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <Field label="Base model" isOptional help="For adapters only: name@v1, or local: and a pulled model">
          {(field) => (
            <TextInput
              {...field}
              value={draft.base}
              onChange={({ target }) => change({ base: target.value })}
              className="font-mono text-xs"
            />
          )}
        </Field>
        <Field
          label="Alias"
          isOptional
          help="An alias to point at the new version"
          error={isTried ? aliasProblem : undefined}
        >
          {(field) => (
            <TextInput
              {...field}
              value={draft.alias}
              placeholder="staging"
              onChange={({ target }) => change({ alias: target.value })}
              className="font-mono text-xs"
            />
          )}
        </Field>
      </div>
      {children}
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" kind="primary">
          {verb}
        </Button>
      </DialogActions>
    </form>
  );
}
