import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox } from "../../components/field.tsx";
import { formatNumberOf } from "../../components/format.ts";
import { Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import type { useQueueChoices } from "../choices/index.ts";
import { usePreferenceChanges } from "./use-preferences.ts";

type DialogProps = { queues: ReturnType<typeof useQueueChoices>; close: () => void };

/** Chooses where pairs are looked for; those that are there already are brought up to date. */
export function CollectDialog({ queues, close }: DialogProps) {
  const { collect } = usePreferenceChanges();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [isFeedback, setIsFeedback] = useState(true);
  const mine = queues.data?.filter(({ mine: { mayReview } }) => mayReview);
  const chosen = mine?.filter(({ queueId }) => !left.has(queueId)) ?? [];
  function toggle(queueId: string) {
    const next = new Set(left);
    if (!next.delete(queueId)) next.add(queueId);
    setLeft(next);
  }
  const submit = () =>
    collect.mutate(
      { queueIds: chosen.map(({ queueId }) => queueId), feedback: isFeedback },
      {
        onSuccess({ pairs, added }) {
          close();
          toastDone(`Found ${formatNumberOf(pairs, "pair")}, ${added} of them new`);
        },
      },
    );
  return (
    <Dialog
      title="Collect preferences"
      description="Pairs that are there already are brought up to date."
      close={close}
      width="narrow"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4"
      >
        <Checkbox
          label="What end users said: corrections, thumbs, answers asked for again"
          checked={isFeedback}
          onChange={({ target }) => setIsFeedback(target.checked)}
        />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 text-sm font-medium">Queues that you review</legend>
          {queues.isPending && <Skeleton className="h-8" />}
          <Failure text={queues.error ? `The queues cannot be listed. ${explain(queues.error)}` : undefined} />
          {mine?.length === 0 && <p className="text-sm text-muted">There are none.</p>}
          {mine?.map(({ queueId, name }) => (
            <Checkbox key={queueId} label={name} checked={!left.has(queueId)} onChange={() => toggle(queueId)} />
          ))}
        </fieldset>
        <Failure text={collect.error ? explain(collect.error) : undefined} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            kind="primary"
            isBusy={collect.isPending}
            disabled={queues.isPending || (chosen.length === 0 && !isFeedback)}
          >
            Collect
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
