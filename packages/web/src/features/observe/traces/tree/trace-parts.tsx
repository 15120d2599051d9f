import { Skeleton } from "../../../../components/feedback/states.tsx";
import { formatCount, formatDuration, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { totalsOf } from "../model/trace-errors.ts";
import type { LoadedTrace } from "../model/use-trace.ts";

/** What a trace is called: by the first span without a parent. */
export function nameOf({ model }: LoadedTrace): string {
  for (let place = 0; place < model.count; place += model.size[place] ?? 1)
    if (model.isOrphan[place] === 0) return model.names[place] ?? "Trace";
  return model.names[0] ?? "Trace";
}

/** The trace in one line. */
export function TraceTotals({ trace, isPending }: { trace: LoadedTrace | undefined; isPending: boolean }) {
  if (!trace) return isPending ? <Skeleton className="h-4 w-64" /> : null;
  const totals = totalsOf(trace.model);
  const { count } = trace.model;
  return (
    <p className="num flex flex-wrap gap-x-3 text-muted">
      <span>{formatDuration(totals.durationMs)}</span>
      <span>{formatNumberOf(count, "span")}</span>
      {totals.errors > 0 && (
        <span className="font-medium text-bad">{formatNumberOf(totals.errors, "failed span")}</span>
      )}
      {totals.inputTokens + totals.outputTokens > 0 && (
        <>
          <span>
            {formatCount(totals.inputTokens)} → {formatCount(totals.outputTokens)} tokens
          </span>
          <span>{totals.costUsd === null ? "no price" : formatMoney(totals.costUsd)}</span>
        </>
      )}
    </p>
  );
}

/** Problems with the spans and how they were handled; empty without problems. */
export function TraceNotes({ trace }: { trace: LoadedTrace }) {
  const { notes, count } = trace.model;
  const spans = (number: number, one: string, many: string) => `${formatCount(number)} ${number === 1 ? one : many}`;
  const sentences = [
    trace.isCut && `Only the first ${formatCount(count)} spans are shown. The trace has more.`,
    notes.orphans > 0 &&
      `${spans(notes.orphans, "span has a parent that was", "spans have parents that were")} not received. They appear at the top level.`,
    notes.rings > 0 &&
      `${spans(notes.rings, "cycle", "cycles")} of spans that are each other’s parents. Each starts at its earliest span.`,
    notes.repeats > 0 && `${spans(notes.repeats, "span was", "spans were")} received more than once and shown once.`,
    notes.sharedIds > 0 && `${spans(notes.sharedIds, "span shares its", "spans share their")} id with another.`,
    notes.moved > 0 &&
      `The senders’ clocks differ: ${spans(notes.moved, "span was", "spans were")} moved by up to ${formatDuration(notes.furthestMs)} so that none starts before its parent.`,
  ].filter((sentence) => sentence !== false);
  if (sentences.length === 0) return null;
  return (
    <p role="note" className="shrink-0 border-line border-b bg-warn-soft px-3 py-1 text-xs">
      {sentences.join(" ")}
    </p>
  );
}

export function TraceSkeleton() {
  return (
    <div aria-busy className="flex grow flex-col gap-2.5 p-4">
      <Skeleton className="h-7 w-full" />
      {["w-1/3", "w-1/2", "w-2/5", "w-1/2", "w-1/4", "w-2/5", "w-1/3"].map((width, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey bars that never move.
        <Skeleton key={row} className={`h-4 ${width}`} />
      ))}
    </div>
  );
}
