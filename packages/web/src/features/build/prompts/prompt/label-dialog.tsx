import { DEFAULT_PROMPT_LABEL, LabelName } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { ApiError, explain } from "../../../../api.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useLabelChanges } from "../shared/use-prompt-changes.ts";
import type { Prompt } from "../shared/use-prompts.ts";

type DialogProps = { prompt: Prompt; version: number; close: () => void };

/** Suggested names before any label exists. */
const USUAL = [DEFAULT_PROMPT_LABEL, "staging"];

/** Moves a label to a version for all users. The toast offers an undo. */
export function LabelDialog({ prompt, version, close }: DialogProps) {
  const { can } = useProject();
  const { move, rollBack } = useLabelChanges(prompt);
  const places = new Map(prompt.labels.map((place) => [place.label, place.version]));
  const names = [...new Set([...USUAL, ...places.keys()])];
  const [label, setLabel] = useState(() => names.find((name) => places.get(name) !== version) ?? "");
  const [message, setMessage] = useState("");
  const [isTried, setIsTried] = useState(false);
  const problem = LabelName.safeParse(label).error?.issues[0]?.message;
  const from = places.get(label);
  const isProtected = prompt.protectedLabels.includes(label) && !can("prompts:protect");
  const isThere = from === version;
  function submit(event: FormEvent) {
    event.preventDefault();
    setIsTried(true);
    if (problem || isProtected || isThere) return;
    move.mutate(
      { label, version, message },
      {
        onSuccess: () => {
          toastDone(`${label} points to version ${version}`, {
            label: "Undo",
            run: () => rollBack.mutate({ label, expectedVersion: version }),
          });
          close();
        },
      },
    );
  }
  return (
    <Dialog
      title={`Move a label to version ${version}`}
      description="Programs that request the label then get this version."
      close={close}
      width="narrow"
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">Existing labels</legend>
          {names.map((name) => (
            <Button
              key={name}
              size="small"
              aria-pressed={name === label}
              onClick={() => setLabel(name)}
              className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
            >
              {name}
              {places.has(name) && <span className="num text-muted">v{places.get(name)}</span>}
            </Button>
          ))}
        </fieldset>
        <Field label="Label" help="Choose an existing label or enter a new one." error={isTried ? problem : undefined}>
          {(field) => (
            <TextInput
              {...field}
              value={label}
              maxLength={60}
              onChange={({ target }) => setLabel(target.value)}
              className="font-mono text-sm"
            />
          )}
        </Field>
        <Field label="Reason" isOptional>
          {(field) => (
            <TextInput
              {...field}
              value={message}
              maxLength={2_000}
              onChange={({ target }) => setMessage(target.value)}
              autoFocus
            />
          )}
        </Field>
        <Outcome
          label={label}
          from={from}
          version={version}
          isProtected={isProtected}
          isThere={isThere}
          error={move.error}
        />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={move.isPending} disabled={isProtected || isThere}>
            Move label
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type OutcomeProps = {
  label: string;
  from: number | undefined;
  version: number;
  isProtected: boolean;
  isThere: boolean;
  error: unknown;
};

/** The result of the move, or why it is not possible or failed. */
function Outcome({ label, from, version, isProtected, isThere, error }: OutcomeProps) {
  if (error)
    return (
      <p role="alert" className="rounded-control bg-bad-soft px-3 py-2 text-bad">
        {explain(error)}
        {error instanceof ApiError && error.code === "conflict" && " The dialog now shows the current state."}
      </p>
    );
  if (isProtected) return <p className="text-warn">{label} is protected. Ask an admin to move it.</p>;
  if (isThere) return <p className="text-muted">{label} already points to this version.</p>;
  if (label === "") return null;
  return (
    <p className="num text-muted">
      {label}: {from === undefined ? "new" : `version ${from}`} → <span className="text-text">version {version}</span>
    </p>
  );
}
