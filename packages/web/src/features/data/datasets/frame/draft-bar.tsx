import { Link } from "@tanstack/react-router";
import type { Draft } from "@treadle/contract";
import { History, Redo2, Undo2 } from "lucide-react";
import { useState } from "react";
import { printKeys, useKeys } from "../../../../components/browser/keys.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Popover } from "../../../../components/overlay/popover.tsx";
import { formatAgo, formatExactTime, formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { draftRef } from "../shared/dataset-search.ts";
import { Counts } from "../shared/marks.tsx";
import { type DatasetPlace, useDraft, useDraftMoves } from "../shared/use-draft.ts";
import { CommitDialog } from "./commit-dialog.tsx";

/** The draft bar on every page of a dataset: its steps, undo and redo, and the commit. */
export function DraftBar({ place }: { place: DatasetPlace }) {
  const { can } = useProject();
  const { data: draft } = useDraft(place);
  if (!draft || draft.steps.length === 0 || !can("datasets:write")) return null;
  return <Bar place={place} draft={draft} />;
}

function Bar({ place, draft }: { place: DatasetPlace; draft: Draft }) {
  const { undo, redo, discard } = useDraftMoves(place);
  const [dialog, setDialog] = useState<"commit" | "discard">();
  const canUndo = draft.applied > 0 && !undo.isPending;
  const canRedo = draft.applied < draft.steps.length && !redo.isPending;
  const back = () => canUndo && undo.mutate();
  const forth = () => canRedo && redo.mutate();
  useKeys("Draft", [
    { keys: "mod+z", label: "Undo last step", run: back },
    { keys: "mod+shift+z", label: "Redo step", run: forth },
    { keys: "c", label: "Commit draft", run: () => draft.isDirty && setDialog("commit") },
  ]);
  const applied = draft.steps.slice(0, draft.applied);
  const last = applied.at(-1);
  return (
    <section
      aria-label="Draft"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-line-strong border-t bg-panel px-6 py-2 max-md:px-4"
    >
      <p className="flex min-w-0 grow items-center gap-2 max-md:basis-full">
        <span aria-hidden className={`size-1.75 shrink-0 rounded-full ${draft.isDirty ? "bg-warn" : "bg-faint"}`} />
        <span className="shrink-0 font-medium">Draft{place.branch === "main" ? "" : ` of ${place.branch}`}</span>
        <StepsButton draft={draft} />
        <span className="truncate text-muted max-lg:hidden" title={last?.summary}>
          {last?.summary ?? "all steps undone"}
        </span>
      </p>
      <div className="flex items-center gap-1">
        <IconButton label={`Undo (${printKeys("mod+z")})`} disabled={!canUndo} onClick={back}>
          <Undo2 size={16} />
        </IconButton>
        <IconButton label={`Redo (${printKeys("mod+shift+z")})`} disabled={!canRedo} onClick={forth}>
          <Redo2 size={16} />
        </IconButton>
      </div>
      <Link
        to="/datasets/$datasetId/diff"
        params={{ datasetId: place.datasetId }}
        search={{ from: place.branch, to: draftRef(place.branch) }}
        disabled={draft.base === null}
        className={draft.base === null ? "hidden" : "text-accent hover:underline max-sm:hidden"}
      >
        View changes
      </Link>
      <Button kind="quiet" onClick={() => setDialog("discard")}>
        Discard
      </Button>
      <Button kind="primary" disabled={!draft.isDirty} onClick={() => setDialog("commit")}>
        Commit…
      </Button>
      {dialog === "commit" && <CommitDialog place={place} draft={draft} close={() => setDialog(undefined)} />}
      {dialog === "discard" && (
        <ConfirmDialog
          title="Discard the draft?"
          verb="Discard"
          isBusy={discard.isPending}
          close={() => setDialog(undefined)}
          onConfirm={() =>
            discard.mutate(draft.revision, {
              onSuccess: () => {
                toastDone("Draft discarded");
                setDialog(undefined);
              },
            })
          }
        >
          This permanently deletes {formatNumberOf(draft.steps.length, "step")} of the draft, including undone steps.
          Versions do not change.
        </ConfirmDialog>
      )}
    </section>
  );
}

/** The steps of the draft, newest first; undone steps are muted. */
function StepsButton({ draft }: { draft: Draft }) {
  const [isOpen, setIsOpen] = useState(false);
  const trigger = (
    <Button size="small">
      <History aria-hidden size={12} />
      <span className="sr-only">Draft steps: </span>
      {draft.applied === draft.steps.length
        ? formatNumberOf(draft.steps.length, "step")
        : `${draft.applied} of ${formatNumberOf(draft.steps.length, "step")}`}
    </Button>
  );
  return (
    <Popover trigger={trigger} label="Draft steps" isOpen={isOpen} setIsOpen={setIsOpen}>
      <ol className="w-100 max-w-full divide-y divide-line">
        {draft.steps
          .map((step, place) => ({ step, place }))
          .reverse()
          .map(({ step, place }) => {
            const isUndone = place >= draft.applied;
            return (
              <li key={`${step.createdAt} ${place}`} className={`flex gap-3 px-3 py-2 ${isUndone ? "text-muted" : ""}`}>
                <span className="num w-4 shrink-0 text-right text-xs leading-5 text-muted">{place + 1}</span>
                <div className="min-w-0 grow">
                  <p className={`[overflow-wrap:anywhere] ${isUndone ? "line-through" : ""}`}>{step.summary}</p>
                  <p className="flex flex-wrap gap-x-2 text-xs text-muted">
                    <Counts counts={step.counts} />
                    <time dateTime={step.createdAt} title={formatExactTime(step.createdAt)}>
                      {formatAgo(step.createdAt)}
                    </time>
                    {isUndone && <span>undone</span>}
                  </p>
                </div>
              </li>
            );
          })}
      </ol>
    </Popover>
  );
}
