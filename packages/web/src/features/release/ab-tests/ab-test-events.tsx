import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { TimeCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { EVENT_WORDS } from "./ab-test-words.tsx";
import { type AbTest, type AbTestEvent, useAbTestEvents } from "./use-ab-tests.ts";

/** Everything that happened to a test, newest first. */
export function AbTestEvents({ test }: { test: AbTest }) {
  const list = useAbTestEvents(test);
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

const Event = ({ event: { at, kind, message, report, actor } }: { event: AbTestEvent }) => (
  <li className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-4 max-sm:grid-cols-1">
    <TimeCell iso={at} />
    <div className="min-w-0">
      <p>
        <span className="font-medium">{EVENT_WORDS[kind]}</span>
        <span className="text-muted"> by {actor}</span>
      </p>
      {message && <p className="text-pretty [overflow-wrap:anywhere]">{message}</p>}
      {report && (
        <p className="num text-xs text-muted [overflow-wrap:anywhere]">
          {report.arms.map(({ variant, units }) => `${variant} ${units} units`).join(" · ")}
        </p>
      )}
    </div>
  </li>
);
