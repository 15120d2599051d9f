import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Field, Select } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { formatCount, formatNumberOf } from "../../../components/text/format.ts";
import { useQueueChoices } from "../../system/choices/index.ts";
import { type ItemsBody, useAddToQueue, useMakePairQueue } from "./use-to-queue.ts";

type DialogProps = { body: ItemsBody; what: string; close: () => void };

/** Chooses a queue and adds the items; duplicates are skipped. */
export function ToQueueDialog({ body, what, close }: DialogProps) {
  const queues = useQueueChoices("open");
  const add = useAddToQueue();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string>();
  // Answers can be compared only in a queue that asks for a comparison.
  const fitting = queues.data?.filter(
    ({ questions }) =>
      body.from !== "comparison" ||
      // A ranking of fixed options does not use answers.
      questions.some((one) => one.type === "pairwise" || (one.type === "ranking" && one.options === null)),
  );
  const queueId = chosen ?? fitting?.[0]?.queueId;
  function submit() {
    if (queueId === undefined) return;
    add.mutate(
      { queueId, body },
      {
        onSuccess({ added, present, skipped }) {
          const notes = [
            present > 0 && `${formatCount(present)} already in the queue`,
            skipped > 0 && `${formatCount(skipped)} without content skipped`,
          ].filter(Boolean);
          close();
          toastDone(`Added ${formatNumberOf(added, "item")}${notes.length > 0 ? `; ${notes.join("; ")}` : ""}`, {
            label: "Show",
            run: () => void navigate({ to: "/annotation/$queueId", params: { queueId } }),
          });
        },
      },
    );
  }
  return (
    <Dialog title={`Add to queue: ${what}`} close={close} width="narrow">
      {queues.error ? (
        <ErrorState error={queues.error} retry={() => queues.refetch()} title="The queues could not be loaded" />
      ) : !fitting ? (
        <Skeleton className="h-16" />
      ) : fitting.length === 0 ? (
        <NoQueue isPairs={body.from === "comparison"} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
          className="flex flex-col gap-4"
        >
          <Field label="Queue">
            {(field) => (
              <Select {...field} value={queueId} onChange={({ target }) => setChosen(target.value)}>
                {fitting.map((queue) => (
                  <option key={queue.queueId} value={queue.queueId}>
                    {queue.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Failure text={add.error ? explain(add.error) : undefined} />
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" kind="primary" isBusy={add.isPending}>
              Add
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}

const PAIR_QUEUE = "Which answer is better";

/** Creates a comparison queue for pairs of answers. */
function NoQueue({ isPairs }: { isPairs: boolean }) {
  const make = useMakePairQueue();
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-muted">
        {isPairs ? "No open queue compares two answers." : "You cannot add items to any open queue."}
      </p>
      <Failure text={make.error ? explain(make.error) : undefined} />
      <div className="flex flex-wrap gap-2">
        {isPairs && (
          <Button kind="primary" isBusy={make.isPending} onClick={() => make.mutate(PAIR_QUEUE)}>
            Create queue
          </Button>
        )}
        <Link to="/annotation/new" className={buttonLook(isPairs ? "plain" : "primary")}>
          New queue
        </Link>
      </div>
    </div>
  );
}
