import { Link } from "@tanstack/react-router";
import { BookOpen, CircleHelp, ExternalLink } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { Checkbox } from "../../components/field.tsx";
import { formatCount, formatDuration } from "../../components/format.ts";
import { BackLink } from "../../components/page.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import type { AnsweringState, HeldItem } from "./answering-desk.ts";
import type { Queue } from "./use-queues.ts";

type HeaderProps = {
  queue: Queue;
  state: AnsweringState;
  item: HeldItem | undefined;
  isQuick: boolean;
  canBeQuick: boolean;
  onQuick: (isQuick: boolean) => void;
  onGuideline: () => void;
};

/** Which queue it is, how far it is, and how long this item has been looked at. */
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
        <ProgressBar
          label="Items of the queue that are done"
          value={total === 0 ? 0 : done / total}
          className="max-w-60 grow"
        />
        <span className="whitespace-nowrap">
          {formatCount(done)} of {formatCount(total)} done · {formatCount(mine)} by you
        </span>
        {state.mine?.medianMs != null && (
          <span className="whitespace-nowrap max-md:hidden" title="The median time of your last hundred answers">
            {formatDuration(state.mine.medianMs)} each
          </span>
        )}
        {item && (
          <span className="whitespace-nowrap" title="How long you have looked at this item">
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
          label={<span className="text-xs text-muted">One key answers</span>}
          checked={isQuick}
          onChange={({ target }) => onQuick(target.checked)}
          className="max-md:hidden"
        />
      )}
      <Button size="small" onClick={onGuideline}>
        <BookOpen aria-hidden size={14} /> Guideline
      </Button>
      <span className="inline-flex items-center gap-1 text-xs text-muted max-lg:hidden">
        <CircleHelp aria-hidden size={13} /> ? shows the keys
      </span>
    </header>
  );
}

/** Minutes and seconds, such as `1:05`. */
const clock = (ms: number) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
