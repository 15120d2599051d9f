import { Link } from "@tanstack/react-router";
import { ChevronDown, ChevronRight, Pencil, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { formatCount, formatDuration, formatExactTime } from "../../../components/text/format.ts";
import { ExportFiles } from "./export-files.tsx";
import { adviceFor, formatPeriod, nextOf, stateOf } from "./export-words.ts";
import { type ScheduledExport, useUpdateExport } from "./use-exports.ts";

type CardProps = {
  item: ScheduledExport;
  canWrite: boolean;
  /** Whether the files are open initially. */
  isOpenAtFirst: boolean;
  onEdit: () => void;
  onDelete: () => void;
};

/** One scheduled export: its settings, state and files. */
export function ExportCard({ item, canWrite, isOpenAtFirst, onEdit, onDelete }: CardProps) {
  const { scheduledExportId, name, isEnabled } = item;
  const update = useUpdateExport(isEnabled ? "The export was not paused" : "The export was not resumed");
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const Fold = isOpen ? ChevronDown : ChevronRight;
  const toggle = (
    <Button
      size="small"
      onClick={() => update.mutate({ scheduledExportId, body: { isEnabled: !isEnabled } })}
      isBusy={update.isPending}
    >
      {isEnabled ? "Pause" : "Resume"}
    </Button>
  );
  return (
    <li className="flex flex-col">
      <div className="flex items-start gap-3 px-4 pt-3 pb-2 max-md:flex-wrap">
        <div className="min-w-0 grow max-md:basis-full">
          <p className="font-medium break-words">
            {name} <State item={item} />
          </p>
          <p className="mt-0.5 text-sm break-words text-muted">
            <What item={item} />
          </p>
          <p className="mt-0.5 text-sm text-muted">
            <Next item={item} />
          </p>
        </div>
        {canWrite && (
          <div className="flex shrink-0 items-center gap-1">
            {toggle}
            <IconButton label={`Edit ${name}`} onClick={onEdit}>
              <Pencil size={14} />
            </IconButton>
            <IconButton label={`Delete ${name}`} onClick={onDelete}>
              <Trash2 size={14} />
            </IconButton>
          </div>
        )}
      </div>
      {item.lastError && <Trouble item={item} canWrite={canWrite} onEdit={onEdit} />}
      <button
        type="button"
        aria-expanded={isOpen}
        aria-label={`Files of ${name}`}
        onClick={() => setIsOpen(!isOpen)}
        className="flex h-8 items-center gap-1 px-4 pb-1 text-left text-sm text-muted hover:text-text"
      >
        <Fold aria-hidden size={14} /> Files
      </button>
      {isOpen && <ExportFiles item={item} />}
    </li>
  );
}

const STATES = {
  paused: ["text-muted", "paused"],
  failing: ["text-warn", "failing"],
  behind: ["text-info", "catching up"],
  waiting: ["text-good", "on schedule"],
} as const;

function State({ item }: { item: ScheduledExport }) {
  const [look, word] = STATES[stateOf(item, Date.now())];
  return <span className={`ml-1 text-sm font-normal ${look}`}>● {word}</span>;
}

function What({ item: { every, filter, includesContent, keepFiles } }: { item: ScheduledExport }) {
  return (
    <>
      Every {every} ·{" "}
      {filter === "" ? (
        "all spans"
      ) : (
        <Link
          to="/traces"
          search={{ view: "spans", filter }}
          title="View the spans that match this filter"
          className="hover:text-text"
        >
          <code className="text-xs break-all underline decoration-line-strong underline-offset-2">{filter}</code>
        </Link>
      )}{" "}
      · {includesContent ? "with content" : "without content"} · retains the newest{" "}
      <span className="num">{formatCount(keepFiles)}</span> {keepFiles === 1 ? "file" : "files"}
    </>
  );
}

function Next({ item }: { item: ScheduledExport }) {
  const next = nextOf(item);
  const period = <span className="num">{formatPeriod(next)}</span>;
  const waitMs = next.dueAt - Date.now();
  if (!item.isEnabled) return <>Continues with {period} (UTC) when you resume the export</>;
  if (item.lastError) return <>Next file: {period} (UTC), retried automatically at least once per hour</>;
  if (waitMs <= 0) return <>Next file: {period} (UTC), due now</>;
  return (
    <>
      Next file: {period} (UTC), written{" "}
      <time dateTime={new Date(next.dueAt).toISOString()} title={formatExactTime(new Date(next.dueAt).toISOString())}>
        in <span className="num">{formatDuration(Math.max(60_000, waitMs - (waitMs % 60_000)))}</span>
      </time>
    </>
  );
}

type TroubleProps = { item: ScheduledExport; canWrite: boolean; onEdit: () => void };

/** Why the last period could not be written, and what helps. */
function Trouble({ item: { scheduledExportId, name, lastError, isEnabled }, canWrite, onEdit }: TroubleProps) {
  const retry = useUpdateExport("The export was not retried");
  const tryNow = () =>
    retry.mutate(
      { scheduledExportId, body: { isEnabled: true } },
      { onSuccess: () => toastDone(`${name} will be retried within a few seconds`) },
    );
  return (
    <div className="mx-4 mb-2 flex items-start gap-3 rounded-control bg-warn-soft px-3 py-2 text-sm max-md:flex-col max-md:gap-2">
      <div className="min-w-0 grow">
        <p className="font-medium [overflow-wrap:anywhere]">{lastError}</p>
        <p className="mt-0.5">
          {ADVICE[adviceFor(lastError)]} {isEnabled && "No period is skipped. The export continues with this one."}
        </p>
      </div>
      {canWrite && isEnabled && (
        <div className="flex shrink-0 gap-1">
          <Button size="small" onClick={tryNow} isBusy={retry.isPending}>
            Retry now
          </Button>
          <Button size="small" kind="quiet" onClick={onEdit}>
            Edit
          </Button>
        </div>
      )}
    </div>
  );
}

const ADVICE: Readonly<Record<ReturnType<typeof adviceFor>, ReactNode>> = {
  narrow: "Narrow the filter so that fewer spans fall into one second.",
  space: "Free up space where the files are stored, or keep fewer files.",
  filter: "Edit the filter. It may have been written for another version.",
  stores: (
    <>
      Check under{" "}
      <Link to="/settings/system" className="underline underline-offset-2">
        System
      </Link>{" "}
      that the stores are reachable.
    </>
  ),
};
