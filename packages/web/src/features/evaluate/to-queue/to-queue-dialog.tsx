import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type Answer, explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Field, Select } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { formatCount, formatNumberOf } from "../../../components/text/format.ts";
import { useQueueChoices } from "../../system/choices/index.ts";
import { type ItemsBody, type QueueKind, useAddToQueue, useMakeQueue } from "./use-to-queue.ts";

type DialogProps = { body: ItemsBody; what: string; close: () => void };
type Queue = Answer<"GET /api/v1/annotation-queues">["items"][number];

/** Chooses a queue and adds the items; duplicates are skipped. */
export function ToQueueDialog({ body, what, close }: DialogProps) {
  const queues = useQueueChoices("open");
  const fitting = queues.data?.filter((queue) => fits(queue, body));
  return (
    <Dialog title={`Add to queue: ${what}`} close={close} width="narrow">
      {queues.error ? (
        <ErrorState error={queues.error} retry={() => queues.refetch()} title="The queues could not be loaded" />
      ) : !fitting ? (
        <Skeleton className="h-16" />
      ) : fitting.length === 0 ? (
        <NoQueue kind={kindOf(body)} />
      ) : (
        <QueueForm queues={fitting} body={body} close={close} />
      )}
    </Dialog>
  );
}

/** Answers can be compared only in a queue that asks for a comparison, and findings need a yes-or-no question. */
function fits({ questions }: Queue, { from }: ItemsBody): boolean {
  if (from === "guard-findings") return questions.some(({ type }) => type === "binary");
  if (from !== "comparison") return true;
  // A ranking of fixed options does not use answers.
  return questions.some((one) => one.type === "pairwise" || (one.type === "ranking" && one.options === null));
}

const kindOf = ({ from }: ItemsBody): QueueKind | undefined =>
  from === "comparison" ? "pairs" : from === "guard-findings" ? "findings" : undefined;

type FormProps = { queues: readonly Queue[]; body: ItemsBody; close: () => void };

function QueueForm({ queues, body, close }: FormProps) {
  const [chosen, setChosen] = useState<string>();
  const [key, setKey] = useState<string>();
  const queue = queues.find(({ queueId }) => queueId === chosen) ?? queues[0];
  const questions = body.from === "guard-findings" ? (queue?.questions ?? []).filter(isYesOrNo) : [];
  const question = questions.find((one) => one.key === key) ?? questions[0];
  const { submit, isBusy, error } = useSubmit(close);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (queue) submit(queue.queueId, withQuestion(body, question?.key));
      }}
      className="flex flex-col gap-4"
    >
      <QueueField queues={queues} queueId={queue?.queueId} choose={setChosen} />
      {question && <QuestionField questions={questions} value={question.key} choose={setKey} />}
      <Failure text={error ? explain(error) : undefined} />
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" kind="primary" isBusy={isBusy}>
          Add
        </Button>
      </DialogActions>
    </form>
  );
}

type Question = Queue["questions"][number];
const isYesOrNo = ({ type }: Question) => type === "binary";
const withQuestion = (body: ItemsBody, question: string | undefined): ItemsBody =>
  body.from === "guard-findings" && question !== undefined ? { ...body, question } : body;

type QueueProps = { queues: readonly Queue[]; queueId: string | undefined; choose: (queueId: string) => void };

const QueueField = ({ queues, queueId, choose }: QueueProps) => (
  <Field label="Queue">
    {(field) => (
      <Select {...field} value={queueId} onChange={({ target }) => choose(target.value)}>
        {queues.map((one) => (
          <option key={one.queueId} value={one.queueId}>
            {one.name}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

type QuestionProps = { questions: readonly Question[]; value: string; choose: (key: string) => void };

const QuestionField = ({ questions, value, choose }: QuestionProps) => (
  <Field label="Question" help="The answer Yes labels the finding as right, No as a false alarm.">
    {(field) => (
      <Select {...field} value={value} onChange={({ target }) => choose(target.value)}>
        {questions.map((one) => (
          <option key={one.key} value={one.key}>
            {one.title}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

/** Adds the items, closes the dialog, and offers to open the queue. */
function useSubmit(close: () => void) {
  const add = useAddToQueue();
  const navigate = useNavigate();
  function submit(queueId: string, body: ItemsBody) {
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
  return { submit, isBusy: add.isPending, error: add.error };
}

const NO_QUEUE = {
  pairs: "No open queue compares two answers.",
  findings: "No open queue has a yes-or-no question.",
} as const;

/** Without a queue that fits, a queue with the needed question can be created. */
const NoQueue = ({ kind }: { kind: QueueKind | undefined }) => (
  <div className="flex flex-col items-start gap-3">
    <p className="text-muted">{kind ? NO_QUEUE[kind] : "You cannot add items to any open queue."}</p>
    {kind ? <MakeQueue kind={kind} /> : <NewQueueLink look="primary" />}
  </div>
);

function MakeQueue({ kind }: { kind: QueueKind }) {
  const make = useMakeQueue(kind);
  return (
    <>
      <Failure text={make.error ? explain(make.error) : undefined} />
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" isBusy={make.isPending} onClick={() => make.mutate()}>
          Create queue
        </Button>
        <NewQueueLink look="plain" />
      </div>
    </>
  );
}

const NewQueueLink = ({ look }: { look: "plain" | "primary" }) => (
  <Link to="/annotation/new" className={buttonLook(look)}>
    New queue
  </Link>
);
