import { getRouteApi } from "@tanstack/react-router";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { TimeCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { IncidentLink } from "../shared/incident-link.tsx";
import { StateBadge } from "../shared/monitor-state.tsx";
import { STATE_WORDS, seriesLabel, unitOfValues, valueText } from "../shared/monitor-words.ts";
import { type Monitor, type MonitorTransition, useMonitorTransitions } from "../shared/use-monitors.ts";

const route = getRouteApi("/shell/monitors/$monitorId");

type Props = { monitor: Monitor; series: string | undefined };

/** The changes of state, newest first: of all series, or of the chosen one. */
export function Transitions({ monitor, series }: Props) {
  const list = useMonitorTransitions(monitor, series);
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="Changes of state" action={series !== undefined && <AllButton series={series} />}>
      {list.error && !items && (
        <ErrorState error={list.error} retry={() => list.refetch()} title="The changes could not be loaded" />
      )}
      {list.isPending && <Skeleton className="mx-4 mb-4 h-20" />}
      {items?.length === 0 && <p className="px-4 pb-4 text-muted">No state has changed yet.</p>}
      <ol className="flex flex-col">
        {items?.map((transition) => (
          <Transition key={transition.transitionId} transition={transition} monitor={monitor} />
        ))}
      </ol>
      {items && <MoreRows list={list} />}
    </Section>
  );
}

function AllButton({ series }: { series: string }) {
  const navigate = route.useNavigate();
  const showAll = () => void navigate({ search: (old) => ({ ...old, series: undefined }), replace: true });
  return (
    <>
      <span className="min-w-0 text-xs text-muted [overflow-wrap:anywhere]">only {seriesLabel(series)}</span>
      <Button size="small" onClick={showAll}>
        Show all series
      </Button>
    </>
  );
}

type RowProps = { transition: MonitorTransition; monitor: Monitor };

function Transition({ transition, monitor }: RowProps) {
  const { at, series, from, to, severity, point, message, incidentId } = transition;
  return (
    <li className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-4 border-line border-t px-4 py-2 max-sm:grid-cols-1">
      <TimeCell iso={at} />
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-muted">{STATE_WORDS[from]} →</span>
          <StateBadge state={to} severity={severity} />
          {series && <span className="min-w-0 [overflow-wrap:anywhere]">{series}</span>}
          {point.value !== null && (
            <span className="num text-muted">{valueText(point.value, unitOfValues(monitor))}</span>
          )}
          <IncidentLink incidentId={incidentId} />
        </p>
        {message && <p className="text-muted text-pretty [overflow-wrap:anywhere]">{message}</p>}
      </div>
    </li>
  );
}
