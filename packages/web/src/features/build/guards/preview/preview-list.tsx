import { getRouteApi } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import { ErrorState } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf, formatTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import type { PolicySearch } from "../shared/policy-search.ts";
import { shareWords } from "../shared/share-words.ts";
import { daysOf } from "./days-of.ts";
import { type PreviewHead, useDeletePreview, usePreviews } from "./use-previews.ts";

const route = getRouteApi("/shell/guards/$policyId");

type ListProps = { policyId: string; shown: string | undefined };

/** The earlier previews of a policy, each with a button to show its result again. Nothing if there are none. */
export function PreviewList({ policyId, shown }: ListProps) {
  const list = usePreviews(policyId);
  const canWrite = useProject().can("guards:write");
  const previews = list.data?.pages.flatMap(({ items }) => items);
  if (list.error && !previews)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The previews could not be loaded" />;
  if (previews?.length === 0) return null;
  return (
    <Section title="Previews of this policy" description="Newest first. Results are stored for 30 days.">
      <PlainTable
        label="Previews of this policy"
        columns={[...COLUMNS, openColumn(shown), ...(canWrite ? [DELETE_COLUMN] : [])]}
        rows={previews}
        idOf={({ previewId }) => previewId}
      />
      <MoreRows list={list} />
    </Section>
  );
}

const STATE_WORDS: Readonly<Record<PreviewHead["state"], string>> = {
  running: "running",
  done: "done",
  failed: "failed",
  cancelled: "canceled",
};

const COLUMNS: readonly PlainColumn<PreviewHead>[] = [
  {
    id: "started",
    header: "Started",
    className: "w-full",
    cell: (preview) => (
      <span className="flex flex-col py-1">
        <time dateTime={preview.createdAt} className="num">
          {formatTime(preview.createdAt)}
        </time>
        {/* On a phone there is no room for more columns. */}
        <span className="num text-xs text-muted">
          {preview.version === null ? "unsaved rules" : `version ${preview.version}`}
          <span className="md:hidden">
            , {formatNumberOf(daysOf(preview), "day")}, {affectedWords(preview)}
          </span>
        </span>
      </span>
    ),
  },
  { id: "days", header: "Days", isNumber: true, isWide: true, cell: (preview) => daysOf(preview) },
  {
    id: "calls",
    header: "Calls",
    isNumber: true,
    isWide: true,
    cell: ({ affected }) => (affected ? formatCount(affected.of) : ""),
  },
  {
    id: "affected",
    header: "Changed or blocked",
    isNumber: true,
    isWide: true,
    cell: (preview) => affectedWords(preview),
  },
  { id: "state", header: "State", isWide: true, cell: ({ state }) => STATE_WORDS[state] },
];

const affectedWords = ({ affected, state }: PreviewHead): string => {
  if (!affected) return state === "done" ? "" : STATE_WORDS[state];
  return affected.share === null ? "no calls" : `${formatCount(affected.count)} · ${shareWords(affected)}`;
};

const openColumn = (shown: string | undefined): PlainColumn<PreviewHead> => ({
  id: "open",
  header: <span className="sr-only">Result</span>,
  className: "w-px",
  cell: ({ previewId, createdAt }) => (
    <OpenButton previewId={previewId} when={formatTime(createdAt)} isShown={previewId === shown} />
  ),
});

function OpenButton({ previewId, when, isShown }: { previewId: string; when: string; isShown: boolean }) {
  const navigate = route.useNavigate();
  const show = () => void navigate({ search: (old) => ({ ...old, preview: previewId }), replace: true });
  return (
    <Button size="small" aria-pressed={isShown} onClick={show}>
      {isShown ? "Shown" : "Show"}
      <span className="sr-only"> the preview of {when}</span>
    </Button>
  );
}

const DELETE_COLUMN: PlainColumn<PreviewHead> = {
  id: "delete",
  header: <span className="sr-only">Delete</span>,
  className: "w-px",
  cell: (preview) => <DeleteButton preview={preview} />,
};

function DeleteButton({ preview: { previewId, createdAt } }: { preview: PreviewHead }) {
  const [isAsking, setIsAsking] = useState(false);
  const label = `Delete the preview of ${formatTime(createdAt)}`;
  return (
    <>
      <IconButton size="small" label={label} onClick={() => setIsAsking(true)}>
        <X size={14} />
      </IconButton>
      {isAsking && <DeleteDialog previewId={previewId} close={() => setIsAsking(false)} />}
    </>
  );
}

function DeleteDialog({ previewId, close }: { previewId: string; close: () => void }) {
  const remove = useDeletePreview();
  const navigate = route.useNavigate();
  const search = (old: PolicySearch) => ({ ...old, preview: old.preview === previewId ? undefined : old.preview });
  const confirm = () =>
    void whenDone(remove.mutateAsync(previewId), () => {
      toastDone("Deleted the preview");
      close();
      void navigate({ search, replace: true });
    });
  return (
    <ConfirmDialog
      title="Delete this preview?"
      verb="Delete preview"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      This deletes its result. Labels of its findings are not deleted.
    </ConfirmDialog>
  );
}
