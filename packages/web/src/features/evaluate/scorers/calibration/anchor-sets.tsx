import { Ellipsis, Pause, Play, Plus, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { formatPercent } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Scorer } from "../shared/use-scorers.ts";
import { AnchorForm } from "./anchor-form.tsx";
import { type AnchorSet, useAnchorChanges, useAnchorSets } from "./use-anchor-sets.ts";

type SetsProps = { scorer: Scorer; onShow: (calibrationId: string) => void };

/** Labelled answers that check the scorer after each change. */
export function AnchorSets({ scorer, onShow }: SetsProps) {
  const { can } = useProject();
  const sets = useAnchorSets(scorer.scorerId);
  const [isNew, setIsNew] = useState(false);
  const canWrite = can("scorers:write");
  return (
    <Section
      title="Anchor sets"
      description="Labeled answers that are scored again whenever the scorer changes."
      action={
        canWrite && (
          <Button size="small" onClick={() => setIsNew(true)}>
            <Plus aria-hidden size={13} /> Add
          </Button>
        )
      }
      className="overflow-hidden"
    >
      {sets.error && !sets.data && <p className="px-4 pb-3 text-sm text-bad">The anchor sets could not be loaded.</p>}
      {sets.data?.length === 0 && (
        <p className="px-4 pb-3 text-sm text-muted">
          No anchor sets yet. An anchor set alerts you when a new model or prompt makes the scorer worse.
        </p>
      )}
      {sets.data && sets.data.length > 0 && (
        <ul className="divide-y divide-line border-line border-t">
          {sets.data.map((set) => (
            <AnchorRow key={set.anchorId} set={set} canWrite={canWrite} onShow={onShow} />
          ))}
        </ul>
      )}
      {isNew && <AnchorForm scorer={scorer} close={() => setIsNew(false)} />}
    </Section>
  );
}

type RowProps = { set: AnchorSet; canWrite: boolean; onShow: SetsProps["onShow"] };

function AnchorRow({ set, canWrite, onShow }: RowProps) {
  const { latest, lastError } = set;
  return (
    <li className="flex items-start gap-1 py-2 pr-2 pl-4">
      <div className="min-w-0 grow">
        <p className="font-medium [overflow-wrap:anywhere]">
          {set.name}
          {!set.isEnabled && <span className="ml-2 text-sm font-normal text-muted">● paused</span>}
        </p>
        {latest ? (
          <p className="num text-xs text-muted">
            <button
              type="button"
              onClick={() => onShow(latest.calibrationId)}
              className="underline underline-offset-2 hover:text-text"
            >
              Version {latest.version}: {formatPercent(latest.report.agreement.value ?? 0)} of {latest.report.pairs}{" "}
              agree
            </button>
            , <AgoCell iso={latest.createdAt} />
          </p>
        ) : (
          !lastError && <p className="text-xs text-muted">Scoring…</p>
        )}
        {latest?.alarm && <p className="text-xs text-bad">● {latest.alarm.message}</p>}
        {lastError && <p className="text-xs text-warn [overflow-wrap:anywhere]">{lastError}</p>}
      </div>
      {canWrite && <Actions set={set} />}
    </li>
  );
}

function Actions({ set: { anchorId, name, isEnabled } }: { set: AnchorSet }) {
  const { check, update, remove } = useAnchorChanges();
  const [isDeleting, setIsDeleting] = useState(false);
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton size="small" label={`Actions for ${name}`}>
            <Ellipsis size={15} />
          </IconButton>
        }
      >
        <MenuItem
          icon={<RotateCw size={14} />}
          onSelect={() => check.mutate(anchorId, { onSuccess: () => toastDone(`Scoring ${name} again`) })}
        >
          Score again
        </MenuItem>
        <MenuItem
          icon={isEnabled ? <Pause size={14} /> : <Play size={14} />}
          onSelect={() => update.mutate({ anchorId, isEnabled: !isEnabled })}
        >
          {isEnabled ? "Pause" : "Resume"}
        </MenuItem>
        <MenuItem icon={<Trash2 size={14} />} onSelect={() => setIsDeleting(true)} isDanger>
          Delete…
        </MenuItem>
      </Menu>
      {isDeleting && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(anchorId, { onSuccess: () => setIsDeleting(false) })}
          close={() => setIsDeleting(false)}
        >
          This also deletes its calibrations. The dataset stays.
        </ConfirmDialog>
      )}
    </>
  );
}
