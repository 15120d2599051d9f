import { Ellipsis, Pause, Pencil, Play, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import {
  type Source,
  useDeleteSource,
  useSettleSource,
  useSyncSource,
  useUpdateSource,
} from "../shared/use-sources.ts";
import { SourceDialog } from "./source-dialog.tsx";

type Props = { knowledgeBaseId: string; source: Source };
type Opened = "change" | "delete" | "review" | undefined;

/** What can be done with a source. */
export function SourceActions({ knowledgeBaseId, source }: Props) {
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  const props = { knowledgeBaseId, source, close };
  return (
    <span className="inline-flex items-center gap-1">
      {source.state === "held" ? (
        <Button size="small" onClick={() => setOpened("review")}>
          Review…
        </Button>
      ) : (
        <SyncButton knowledgeBaseId={knowledgeBaseId} source={source} />
      )}
      <SourceMenu knowledgeBaseId={knowledgeBaseId} source={source} show={setOpened} />
      {opened === "change" && <SourceDialog {...props} />}
      {opened === "delete" && <DeleteSource {...props} />}
      {opened === "review" && <ReviewDialog {...props} />}
    </span>
  );
}

function SyncButton({ knowledgeBaseId, source: { sourceId, name, state } }: Props) {
  const sync = useSyncSource({ knowledgeBaseId, sourceId });
  return (
    <Button size="small" isBusy={sync.isPending || state === "running"} onClick={() => sync.mutate()}>
      <span>
        Sync<span className="sr-only"> {name}</span> now
      </span>
    </Button>
  );
}

function SourceMenu({ knowledgeBaseId, source, show }: Props & { show: (dialog: Opened) => void }) {
  const place = { knowledgeBaseId, sourceId: source.sourceId };
  const sync = useSyncSource(place);
  const { state, name } = source;
  const trigger = (
    <IconButton label={`Actions for ${name}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <Menu align="end" trigger={trigger}>
      <MenuItem icon={<Pencil size={14} />} onSelect={() => show("change")}>
        Change…
      </MenuItem>
      {state === "held" && (
        <MenuItem icon={<RefreshCw size={14} />} onSelect={() => sync.mutate()}>
          Sync now
        </MenuItem>
      )}
      <ScheduleItem knowledgeBaseId={knowledgeBaseId} source={source} />
      <MenuLine />
      <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => show("delete")}>
        Delete…
      </MenuItem>
    </Menu>
  );
}

function ScheduleItem({ knowledgeBaseId, source: { sourceId, isEnabled, everySeconds } }: Props) {
  const update = useUpdateSource({ knowledgeBaseId, sourceId });
  if (everySeconds === null) return null;
  return (
    <MenuItem
      icon={isEnabled ? <Pause size={14} /> : <Play size={14} />}
      onSelect={() => update.mutate({ isEnabled: !isEnabled })}
    >
      {isEnabled ? "Pause schedule" : "Resume schedule"}
    </MenuItem>
  );
}

type DialogProps = Props & { close: () => void };

function DeleteSource({ knowledgeBaseId, source: { sourceId, name, documents }, close }: DialogProps) {
  const remove = useDeleteSource({ knowledgeBaseId, sourceId });
  const confirm = () =>
    void whenDone(remove.mutateAsync(), () => {
      toastDone(`Deleted ${name}`);
      close();
    });
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete source"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      Its {formatNumberOf(documents, "document")} are deleted too. No version finds them any more. You cannot undo this.
    </ConfirmDialog>
  );
}

/** Approves or discards the deletions of a held sync. */
function ReviewDialog({ knowledgeBaseId, source: { sourceId, name, documents, heldDeletions }, close }: DialogProps) {
  const settle = useSettleSource({ knowledgeBaseId, sourceId });
  const end = (verb: "approve" | "discard", done: string) =>
    void whenDone(settle.mutateAsync(verb), () => {
      toastDone(done);
      close();
    });
  return (
    <ConfirmDialog
      title={`Delete ${formatNumberOf(heldDeletions, "document")} of ${name}?`}
      verb="Approve deletions"
      isBusy={settle.isPending}
      onConfirm={() => end("approve", `Deleted ${formatNumberOf(heldDeletions, "document")}`)}
      close={close}
    >
      <ReviewText
        heldDeletions={heldDeletions}
        documents={documents}
        isBusy={settle.isPending}
        discard={() => end("discard", "Discarded the deletions. The documents stay.")}
      />
    </ConfirmDialog>
  );
}

type ReviewProps = { heldDeletions: number; documents: number; isBusy: boolean; discard: () => void };

const ReviewText = ({ heldDeletions, documents, isBusy, discard }: ReviewProps) => (
  <span className="flex flex-col items-start gap-3">
    <span>
      The last sync did not find {heldDeletions} of {formatNumberOf(documents, "document")} in the source. If the source
      is damaged or incomplete, discard the deletions. The next sync checks again.
    </span>
    <Button size="small" isBusy={isBusy} onClick={discard}>
      Discard deletions
    </Button>
  </span>
);
