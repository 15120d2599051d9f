import { History, Lock, Tag, Undo2, X } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useProject } from "../../../system/session/index.ts";
import { LabelChip } from "../shared/label-chip.tsx";
import { useLabelChanges } from "../shared/use-prompt-changes.ts";
import { type Prompt, useLabelHistory } from "../shared/use-prompts.ts";

type PanelProps = { prompt: Prompt; shown: number; onMove: () => void };

/** Which version each label names, a way back for each, and every move there was. */
export function LabelsPanel({ prompt, shown, onMove }: PanelProps) {
  const { can } = useProject();
  const move = can("prompts:write") && (
    <Button size="small" onClick={onMove}>
      <Tag aria-hidden size={13} /> Move a label to v{shown}
    </Button>
  );
  return (
    <div className="flex flex-col gap-4">
      <Section title="Labels" action={move}>
        {prompt.labels.length === 0 ? (
          <EmptyState title="No labels yet" icon={<Tag size={22} />}>
            Programs that specify neither a label nor a version request <code>production</code>. Move this label to the
            version they should get.
          </EmptyState>
        ) : (
          <ul aria-label="Labels" className="divide-y divide-line border-line border-t">
            {prompt.labels.map((place) => (
              <LabelRow key={place.label} prompt={prompt} place={place} />
            ))}
          </ul>
        )}
      </Section>
      <HistorySection name={prompt.name} />
    </div>
  );
}

function LabelRow({ prompt, place }: { prompt: Prompt; place: Prompt["labels"][number] }) {
  const { can } = useProject();
  const { rollBack, remove } = useLabelChanges(prompt);
  const [isAsked, setIsAsked] = useState(false);
  const { label, version, isProtected, movedAt, movedBy } = place;
  const mayMove = can("prompts:write") && (!isProtected || can("prompts:protect"));
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5">
      <LabelChip label={label} isProtected={isProtected} />
      <span className="num font-medium">version {version}</span>
      <span className="text-muted">
        moved by {movedBy}, <AgoCell iso={movedAt} />
      </span>
      {mayMove ? (
        <span className="ml-auto flex items-center gap-1">
          <Button size="small" isBusy={rollBack.isPending} onClick={() => rollBack.mutate({ label })}>
            <Undo2 aria-hidden size={13} /> Roll back<span className="sr-only"> {label}</span>
          </Button>
          <IconButton label={`Remove ${label}`} size="small" onClick={() => setIsAsked(true)}>
            <X size={14} />
          </IconButton>
        </span>
      ) : (
        isProtected && (
          <span className="ml-auto inline-flex items-center gap-1 text-xs text-muted">
            <Lock aria-hidden size={12} /> only admins can move it
          </span>
        )
      )}
      {isAsked && (
        <ConfirmDialog
          title={`Remove the label ${label}?`}
          verb="Remove label"
          isBusy={remove.isPending}
          close={() => setIsAsked(false)}
          onConfirm={() =>
            void whenDone(remove.mutateAsync(label), () => toastDone(`Removed ${label}`)).then(() => setIsAsked(false))
          }
        >
          Programs that request <code>{label}</code> will get an error. Version {version} remains.
        </ConfirmDialog>
      )}
    </li>
  );
}

const WORDS = { move: "moved", rollback: "rolled back", remove: "removed" } as const;

function HistorySection({ name }: { name: string }) {
  const list = useLabelHistory(name);
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="History">
      {list.error && !items ? (
        <ErrorState error={list.error} retry={() => list.refetch()} />
      ) : !items ? (
        <Skeleton className="m-4 h-16" />
      ) : items.length === 0 ? (
        <EmptyState title="No label changes yet" icon={<History size={22} />} />
      ) : (
        <>
          <ol aria-label="Label history" className="divide-y divide-line border-line border-t">
            {items.map((change) => (
              <li
                key={`${change.label} ${change.movedAt} ${change.toVersion}`}
                className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 px-4 py-2"
              >
                <LabelChip label={change.label} />
                <span className="num">
                  {change.fromVersion !== null && `v${change.fromVersion} `}→{" "}
                  {change.toVersion === null ? "nowhere" : `v${change.toVersion}`}
                </span>
                <span className="text-muted">
                  {change.fromVersion === null ? "set" : WORDS[change.kind]} by {change.movedBy},{" "}
                  <AgoCell iso={change.movedAt} />
                </span>
                {change.message && <span className="basis-full [overflow-wrap:anywhere]">{change.message}</span>}
              </li>
            ))}
          </ol>
          <MoreRows list={list} />
        </>
      )}
    </Section>
  );
}
