import { Link, useNavigate } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../../components/table/row-keys.ts";
import { formatTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { MonitorMenu } from "../shared/monitor-menu.tsx";
import { StateBadge } from "../shared/monitor-state.tsx";
import { alarmsText, countWords, MOST_FALSE_ALARMS, watchWords } from "../shared/monitor-words.ts";
import type { Monitor } from "../shared/use-monitors.ts";
import { isMuted } from "../shared/use-muting.ts";

/** The monitors with their states. The keys j and k move through it. */
export function MonitorTable({ monitors }: { monitors: readonly Monitor[] | undefined }) {
  const box = useRowKeys("Monitors");
  const navigate = useNavigate();
  const canWrite = useProject().can("monitors:write");
  return (
    <div ref={box}>
      <PlainTable
        label="Monitors"
        columns={canWrite ? [...COLUMNS, ACTIONS] : COLUMNS}
        rows={monitors}
        idOf={({ monitorId }) => monitorId}
        onOpen={({ monitorId }) => void navigate({ to: "/monitors/$monitorId", params: { monitorId } })}
      />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<Monitor>[] = [
  { id: "state", header: "State", className: "w-28", cell: ({ state }) => <StateBadge state={state} /> },
  {
    id: "name",
    header: "Monitor",
    className: "w-full min-w-40",
    cell: (monitor) => <NameCell monitor={monitor} />,
  },
  {
    id: "series",
    header: "Series",
    isWide: true,
    className: "min-w-32",
    cell: ({ counts }) => <span className="num text-muted">{countWords(counts) || "none yet"}</span>,
  },
  {
    id: "alarms",
    header: <span title="Expected false alarms per 30 days, over all series">False alarms</span>,
    isNumber: true,
    isWide: true,
    cell: ({ expectedFalseAlarms }) => <AlarmsCell count={expectedFalseAlarms} />,
  },
  {
    id: "evaluated",
    header: "Evaluated",
    isWide: true,
    cell: ({ evaluatedAt }) => <AgoCell iso={evaluatedAt} />,
  },
];

const ACTIONS: PlainColumn<Monitor> = {
  id: "actions",
  header: <span className="sr-only">Actions</span>,
  className: "w-px text-right!",
  cell: (monitor) => (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only prevents clicks on the menu from opening the row.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same.
    <span onClick={(event) => event.stopPropagation()}>
      <MonitorMenu monitor={monitor} />
    </span>
  ),
};

function NameCell({ monitor }: { monitor: Monitor }) {
  const { monitorId, name, lastError, mutedUntil, isFlapping } = monitor;
  return (
    <span className="flex min-w-0 flex-col py-1">
      <Link
        to="/monitors/$monitorId"
        params={{ monitorId }}
        data-row
        onClick={(event) => event.stopPropagation()}
        className="self-start font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {name}
      </Link>
      <span className="text-xs text-muted [overflow-wrap:anywhere]">{watchWords(monitor)}</span>
      {isMuted(monitor) && mutedUntil && (
        <span className="text-xs text-muted">Muted until {formatTime(mutedUntil)}</span>
      )}
      {isFlapping && <span className="text-xs text-warn">Flapping: no notifications until it is stable</span>}
      {lastError && <span className="line-clamp-2 text-xs text-warn [overflow-wrap:anywhere]">{lastError}</span>}
    </span>
  );
}

const AlarmsCell = ({ count }: { count: number | null }) => {
  if (count === null) return <span className="text-muted">unknown</span>;
  if (count <= MOST_FALSE_ALARMS) return alarmsText(count);
  return (
    <span className="inline-flex items-center gap-1 text-warn" title="More than 1 per 30 days is too many">
      <TriangleAlert aria-label="Too many:" size={13} /> {alarmsText(count)}
    </span>
  );
};
