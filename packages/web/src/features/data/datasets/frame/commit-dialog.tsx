import { useNavigate } from "@tanstack/react-router";
import type { Draft } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextArea } from "../../../../components/form/field.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { type DatasetPlace, useDraftMoves } from "../shared/use-draft.ts";

/** Commits the draft as a version with a message. */
export function CommitDialog({ place, draft, close }: { place: DatasetPlace; draft: Draft; close: () => void }) {
  const { commit } = useDraftMoves(place);
  const navigate = useNavigate();
  const applied = draft.steps.slice(0, draft.applied);
  const [message, setMessage] = useState(() => applied.map(({ summary }) => summary).join("\n"));
  function submit() {
    commit.mutate(
      { message: message.trim(), revision: draft.revision },
      {
        onSuccess: ({ version: number }) => {
          close();
          toastDone(`Committed version ${number}`, {
            label: "Show",
            run: () =>
              void navigate({
                to: "/datasets/$datasetId/versions",
                params: { datasetId: place.datasetId },
                search: { version: String(number) },
              }),
          });
        },
      },
    );
  }
  return (
    <Dialog
      title="Commit version"
      description={`${formatNumberOf(draft.rows, "item")} after ${formatNumberOf(applied.length, "step")}${
        draft.base === null ? ". This is the first version." : ` from version ${draft.base}.`
      } A committed version cannot be changed.`}
      close={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Message" help="What changed and why. The message helps when you compare versions">
          {(field) => (
            <TextArea
              {...field}
              value={message}
              onChange={({ target }) => setMessage(target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
              }}
              rows={Math.min(8, Math.max(3, applied.length + 1))}
              maxLength={2_000}
              required
              autoFocus
            />
          )}
        </Field>
        {draft.applied < draft.steps.length && (
          <p className="text-warn">
            {formatNumberOf(draft.steps.length - draft.applied, "undone step")} will be left out. You cannot redo undone
            steps after the commit.
          </p>
        )}
        <Failure text={commit.error ? explain(commit.error) : undefined} />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={commit.isPending} disabled={message.trim() === ""}>
            Commit
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
