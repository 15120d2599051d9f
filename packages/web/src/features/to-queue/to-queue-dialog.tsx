import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button, buttonLook } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, Select } from "../../components/field.tsx";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useQueueChoices } from "../choices/index.ts";
import { type ItemsBody, useAddToQueue, useMakePairQueue } from "./use-to-queue.ts";

type DialogProps = { body: ItemsBody; what: string; close: () => void };

/** Chooses the queue; what it holds already does not come twice. */
export function ToQueueDialog({ body, what, close }: DialogProps) {
  const queues = useQueueChoices("open");
  const add = useAddToQueue();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string>();
  // Two answers are held against each other only where that is asked.
  const fitting = queues.data?.filter(
    ({ questions }) =>
      body.from !== "comparison" ||
      // A ranking of options of its own does not look at answers.
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
            present > 0 && `${formatCount(present)} ${present === 1 ? "was" : "were"} there already`,
            skipped > 0 && `${formatCount(skipped)} ${skipped === 1 ? "has" : "have"} nothing to look at`,
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
    <Dialog title={`To a queue: ${what}`} close={close} width="narrow">
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

/** Two answers need a queue that asks which is better: that one is made here. */
function NoQueue({ isPairs }: { isPairs: boolean }) {
  const make = useMakePairQueue();
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-muted">
        {isPairs ? "No open queue asks which of two answers is better." : "No open queue takes items from you."}
      </p>
      <Failure text={make.error ? explain(make.error) : undefined} />
      <div className="flex flex-wrap gap-2">
        {isPairs && (
          <Button kind="primary" isBusy={make.isPending} onClick={() => make.mutate(PAIR_QUEUE)}>
            Make one
          </Button>
        )}
        <Link to="/annotation/new" className={buttonLook(isPairs ? "plain" : "primary")}>
          New queue
        </Link>
      </div>
    </div>
  );
}
