import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { useProject } from "../../../system/session/index.ts";
import { MonitorFailure } from "../shared/monitor-failure.tsx";
import { MonitorMenu } from "../shared/monitor-menu.tsx";
import { StateBadge } from "../shared/monitor-state.tsx";
import { watchWords } from "../shared/monitor-words.ts";
import { type Monitor, useMonitor } from "../shared/use-monitors.ts";
import { LearnNotice } from "./learn-notice.tsx";
import { MonitorNotices } from "./monitor-notices.tsx";
import { MonitorSettings } from "./monitor-settings.tsx";
import { MuteButton } from "./mute-button.tsx";
import { SeriesSection } from "./series-section.tsx";
import { Transitions } from "./transitions.tsx";

const route = getRouteApi("/shell/monitors/$monitorId");

/** One monitor: its series, the course of one of them, the changes of state and the settings. */
export function MonitorPage() {
  const { monitorId } = route.useParams();
  const monitor = useMonitor(monitorId);
  const { data, error } = monitor;
  const canWrite = useProject().can("monitors:write");
  return (
    <>
      <PageHeader
        title={data?.name ?? "Monitor"}
        back={<BackLink to="/monitors" label="Monitors" />}
        beside={data && <HeaderState monitor={data} />}
        description={data ? watchWords(data) : !error && <Skeleton className="h-4 w-60" />}
        action={data && canWrite && <Actions monitor={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {error && !data && <MonitorFailure error={error} retry={() => monitor.refetch()} />}
        {!error && !data && <Skeleton className="h-52 rounded-card" />}
        {data && <Parts monitor={data} />}
      </div>
    </>
  );
}

const HeaderState = ({ monitor: { state } }: { monitor: Monitor }) => (
  <span className="ml-2 text-sm">
    <StateBadge state={state} />
  </span>
);

function Actions({ monitor }: { monitor: Monitor }) {
  const navigate = useNavigate();
  return (
    <>
      <MuteButton monitor={monitor} />
      <Link to="/monitors/$monitorId/edit" params={{ monitorId: monitor.monitorId }} className={buttonLook("primary")}>
        <Pencil aria-hidden size={14} /> Edit
      </Link>
      <MonitorMenu monitor={monitor} size="normal" onDeleted={() => void navigate({ to: "/monitors" })} />
    </>
  );
}

function Parts({ monitor }: { monitor: Monitor }) {
  const { series } = route.useSearch();
  return (
    <>
      <MonitorNotices monitor={monitor} />
      {monitor.condition.kind === "change" && monitor.state === "firing" && <LearnNotice monitor={monitor} />}
      <SeriesSection monitor={monitor} />
      <div className="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)] items-start gap-4 max-lg:grid-cols-1">
        <Transitions monitor={monitor} series={series} />
        <MonitorSettings monitor={monitor} />
      </div>
    </>
  );
}
