import { useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { formatNumberOf } from "../../../components/text/format.ts";
import type { useQueueChoices } from "../../system/choices/index.ts";
import { usePreferenceChanges } from "./use-preferences.ts";

type DialogProps = { queues: ReturnType<typeof useQueueChoices>; close: () => void };

/** Chooses the sources of preference pairs; existing pairs are updated. */
export function CollectDialog({ queues, close }: DialogProps) {
  const { collect } = usePreferenceChanges();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [isFeedback, setIsFeedback] = useState(true);
  const mine = queues.data?.filter(({ mine: { mayReview } }) => mayReview);
  const chosenQueues = mine?.filter(({ queueId }) => !left.has(queueId)) ?? [];
  function toggle(queueId: string) {
    const next = new Set(left);
    if (!next.delete(queueId)) next.add(queueId);
    setLeft(next);
  }
  const submit = () =>
    collect.mutate(
      { queueIds: chosenQueues.map(({ queueId }) => queueId), feedback: isFeedback },
      {
        onSuccess({ pairs, added }) {
          close();
          toastDone(`Found ${formatNumberOf(pairs, "pair")} (${added} new)`);
        },
      },
    );
  return (
    <Dialog title="Collect preferences" description="Existing pairs are updated." close={close} width="narrow">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4"
      >
        <Checkbox
          label="User feedback: corrections, thumbs and regenerated answers"
          checked={isFeedback}
          onChange={({ target }) => setIsFeedback(target.checked)}
        />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 text-sm font-medium">Queues that you review</legend>
          {queues.isPending && <Skeleton className="h-8" />}
          <Failure text={queues.error ? `The queues could not be loaded. ${explain(queues.error)}` : undefined} />
          {mine?.length === 0 && <p className="text-sm text-muted">No queues.</p>}
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
            disabled={queues.isPending || (chosenQueues.length === 0 && !isFeedback)}
          >
            Collect
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
