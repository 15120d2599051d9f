import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { TimeCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { formatPercent } from "../../../components/text/format.ts";
import { EVENT_WORDS, formatEvidence } from "./rollout-words.ts";
import { type Rollout, type RolloutEvent, useRolloutEvents } from "./use-rollouts.ts";

/** Everything that happened to a rollout, newest first, with the numbers it was decided from. */
export function RolloutEvents({ rollout }: { rollout: Rollout }) {
  const list = useRolloutEvents(rollout);
  const events = list.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="Events">
      {list.error && !events && (
        <ErrorState error={list.error} retry={() => list.refetch()} title="The events could not be loaded" />
      )}
      {list.isPending && <Skeleton className="mx-4 mb-4 h-20" />}
      <ol className="flex flex-col gap-3 px-4 pb-4">
        {events?.map((event) => (
          <Event key={event.eventId} event={event} />
        ))}
      </ol>
      {events && <MoreRows list={list} />}
    </Section>
  );
}

function Event({ event: { at, kind, stage, share, message, evidence, actor } }: { event: RolloutEvent }) {
  const where = stage === null ? "" : `stage ${stage + 1}${share > 0 ? `, ${formatPercent(share)}` : ""}`;
  return (
    <li className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-4 max-sm:grid-cols-1">
      <TimeCell iso={at} />
      <div className="min-w-0">
        <p>
          <span className="font-medium">{EVENT_WORDS[kind]}</span>
          {where && <span className="text-muted"> {where}</span>}
          <span className="text-muted"> by {actor === "system" ? "the rollout" : actor}</span>
        </p>
        {message && <p className="text-pretty [overflow-wrap:anywhere]">{message}</p>}
        {evidence && (
          <p className="num text-xs text-muted [overflow-wrap:anywhere]">
            {evidence.metrics.map(({ key, evidence: log10 }) => `${key} ${formatEvidence(log10)}`).join(" · ")}
            {` · ${evidence.units.candidate} and ${evidence.units.control} units`}
          </p>
        )}
      </div>
    </li>
  );
}
