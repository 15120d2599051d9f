import { Link } from "@tanstack/react-router";
import { BookOpen, CircleHelp, ExternalLink } from "lucide-react";
import { ProgressBar } from "../../../../components/feedback/progress-bar.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { BackLink } from "../../../../components/layout/page.tsx";
import { formatCount, formatDuration } from "../../../../components/text/format.ts";
import type { AnsweringState, HeldItem } from "../item/answering-desk.ts";
import type { Queue } from "../shared/use-queues.ts";

type HeaderProps = {
  queue: Queue;
  state: AnsweringState;
  item: HeldItem | undefined;
  isQuick: boolean;
  canBeQuick: boolean;
  onQuick: (isQuick: boolean) => void;
  onGuideline: () => void;
};

/** The queue, its progress, and the time spent on the current item. */
export function DeskHeader({ queue, state, item, isQuick, canBeQuick, onQuick, onGuideline }: HeaderProps) {
  const { total, done } = queue.items;
  const mine = state.mine?.submitted ?? queue.mine.submitted;
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-line border-b bg-panel px-6 py-2 max-md:px-4">
      <div className="min-w-0 max-md:grow">
        <BackLink to="/annotation" label="Annotation" />
        <h1 className="truncate text-base font-semibold">{queue.name}</h1>
      </div>
      <div className="num flex min-w-40 grow items-center gap-3 text-xs text-muted max-md:order-last max-md:basis-full">
        <ProgressBar label="Completed items" value={total === 0 ? 0 : done / total} className="max-w-60 grow" />
        <span className="whitespace-nowrap">
          {formatCount(done)} of {formatCount(total)} done · {formatCount(mine)} by you
        </span>
        {state.mine?.medianMs != null && (
          <span className="whitespace-nowrap max-md:hidden" title="The median time of your last 100 answers">
            {formatDuration(state.mine.medianMs)} per item
          </span>
        )}
        {item && (
          <span className="whitespace-nowrap" title="Your time on this item">
            {clock(item.work.msActive)}
          </span>
        )}
      </div>
      {item?.source?.traceId && (
        <Link
          to="/traces/$traceId"
          params={{ traceId: item.source.traceId }}
          target="_blank"
          className="inline-flex items-center gap-1 text-xs text-muted hover:text-text"
        >
          Trace <ExternalLink aria-hidden size={12} />
        </Link>
      )}
      {canBeQuick && (
        <Checkbox
          label={<span className="text-xs text-muted">Shortcuts for single-key answers</span>}
          checked={isQuick}
          onChange={({ target }) => onQuick(target.checked)}
          className="max-md:hidden"
        />
      )}
      <Button size="small" onClick={onGuideline}>
        <BookOpen aria-hidden size={14} /> Guideline
      </Button>
      <span className="inline-flex items-center gap-1 text-xs text-muted max-lg:hidden">
        <CircleHelp aria-hidden size={13} /> Press ? for shortcuts
      </span>
    </header>
  );
}

/** Minutes and seconds, such as `1:05`. */
const clock = (ms: number) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
