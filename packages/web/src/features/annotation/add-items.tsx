import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { toastDone } from "../../components/toast.tsx";
import { type ItemsDraft, newItemsDraft, readItems } from "./items-draft.ts";
import { ItemsFields } from "./items-fields.tsx";
import { type Queue, useQueueChanges } from "./use-queues.ts";

const SOURCES = { spans: "Traces", dataset: "Dataset", comparison: "Two runs", custom: "Your own" } as const;
type Source = keyof typeof SOURCES;
const NAMES = Object.keys(SOURCES) as readonly Source[];

/** Brings items into a queue; what it holds already does not come twice. */
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
            matching !== null && `of ${formatCount(matching)} that match`,
            present > 0 && `${formatCount(present)} were here already`,
            skipped > 0 && `${formatCount(skipped)} have nothing to look at`,
          ].filter(Boolean);
          toastDone(`Added ${formatNumberOf(added, "item")}${notes.length > 0 ? `; ${notes.join("; ")}` : ""}`);
          if (added > 0) close();
        },
      },
    );
  }
  return (
    <Dialog title="Add items" description={`To ${queue.name}`} close={close}>
      <form
        aria-label="Items"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4"
      >
        <Choice
          label="From"
          names={NAMES}
          words={SOURCES}
          chosen={draft.from}
          onChoose={(from) => setDraft({ ...draft, from })}
        />
        <ItemsFields draft={draft} change={(next) => setDraft({ ...draft, ...next })} />
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
