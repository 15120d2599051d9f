import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { type Queue, useQueueChanges } from "../shared/use-queues.ts";
import { type ItemsDraft, newItemsDraft, readItems } from "./items-draft.ts";
import { ItemsFields } from "./items-fields.tsx";

const SOURCES = {
  spans: "Traces",
  dataset: "Dataset",
  comparison: "Two runs",
  "guard-findings": "Findings",
  custom: "Custom",
} as const;
type Source = keyof typeof SOURCES;
const NAMES = Object.keys(SOURCES) as readonly Source[];

/** Adds items to a queue; duplicates are skipped. */
export function AddItems({ queue, close }: { queue: Queue; close: () => void }) {
  const { addItems } = useQueueChanges();
  const compares = queue.questions.some(({ type }) => type === "pairwise");
  const [draft, setDraft] = useState<ItemsDraft>(() => newItemsDraft(compares ? "comparison" : "spans"));
  const [problem, setProblem] = useState<string>();
  function submit() {
    const read = readItems(draft);
    if ("problem" in read) return setProblem(read.problem);
    setProblem(undefined);
    addItems.mutate(
      { queueId: queue.queueId, body: read.body },
      {
        onSuccess({ added, present, skipped, matching }) {
          const notes = [
            matching !== null && `of ${formatCount(matching)} matching`,
            present > 0 && `${formatCount(present)} already in the queue`,
            skipped > 0 && `${formatCount(skipped)} without content skipped`,
          ].filter(Boolean);
          toastDone(`Added ${formatNumberOf(added, "item")}${notes.length > 0 ? `; ${notes.join("; ")}` : ""}`);
          if (added > 0) close();
        },
      },
    );
  }
  return (
    <Dialog title="Add items" description={`To queue ${queue.name}`} close={close}>
      <form
        aria-label="Items"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4"
      >
        <Choice
          label="Source"
          names={NAMES}
          words={SOURCES}
          chosen={draft.from}
          onChoose={(from) => setDraft({ ...draft, from })}
        />
        <ItemsFields queue={queue} draft={draft} change={(next) => setDraft({ ...draft, ...next })} />
        <Failure text={problem ?? (addItems.error ? explain(addItems.error) : undefined)} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={addItems.isPending}>
            Add
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
