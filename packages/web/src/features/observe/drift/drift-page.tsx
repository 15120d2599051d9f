import { Link, useNavigate } from "@tanstack/react-router";
import { Plus, Waves } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useProject } from "../../system/session/index.ts";
import { DriftForm } from "./drift-form.tsx";
import { DriftStatus, formatEffect } from "./drift-words.tsx";
import { type DriftWatch, useDriftWatches } from "./use-drift.ts";

/** The project's drift watches, newest first. */
export function DriftPage() {
  const [isAdding, setIsAdding] = useState(false);
  const canWrite = useProject().can("monitors:write");
  const list = useDriftWatches();
  const items = list.data?.pages.flatMap((page) => page.items);
  const add = canWrite && (
    <Button kind="primary" onClick={() => setIsAdding(true)}>
      <Plus aria-hidden size={14} /> New drift watch
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Drift"
        description="A drift watch compares the texts of an endpoint with a frozen reference every day."
        action={items && items.length > 0 && add}
      />
      <div className="px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The drift watches could not be loaded" />
        ) : items?.length === 0 ? (
          <NoWatches action={add} />
        ) : (
          <WatchTable list={list} items={items} />
        )}
      </div>
      {isAdding && <DriftForm close={() => setIsAdding(false)} />}
    </>
  );
}

const NoWatches = ({ action }: { action: ReactNode }) => (
  <EmptyState title="No drift watches yet" icon={<Waves size={22} />} action={action}>
    A drift watch shows when users ask about something else, or when the responses change. It needs about 100 texts per
    day.
  </EmptyState>
);

type TableProps = { list: ReturnType<typeof useDriftWatches>; items: readonly DriftWatch[] | undefined };

function WatchTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Drift watches"
        columns={COLUMNS}
        rows={items}
        idOf={({ driftWatchId }) => driftWatchId}
        onOpen={({ driftWatchId }) => void navigate({ to: "/drift/$driftWatchId", params: { driftWatchId } })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const sideWords = ({ side, endpoint }: DriftWatch) =>
  `${side === "inputs" ? "User messages" : "Responses"} of ${endpoint === "" ? "all model calls" : endpoint}`;

const COLUMNS: readonly PlainColumn<DriftWatch>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-36",
    cell: (watch) => (
      <span className="flex min-w-0 flex-col">
        <Link
          to="/drift/$driftWatchId"
          params={{ driftWatchId: watch.driftWatchId }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {watch.name}
        </Link>
        <span className="line-clamp-1 text-xs text-muted">{sideWords(watch)}</span>
      </span>
    ),
  },
  { id: "status", header: "Status", cell: (watch) => <DriftStatus watch={watch} /> },
  {
    id: "strongest",
    header: "Strongest signal",
    isWide: true,
    className: "whitespace-nowrap",
    cell: ({ strongest }) =>
      strongest === null ? (
        <span className="text-muted">–</span>
      ) : (
        <span className="flex flex-col">
          {strongest.label}
          <span className="num text-xs text-muted">{formatEffect(strongest)}</span>
        </span>
      ),
  },
  {
    id: "investigation",
    header: "Investigation",
    isWide: true,
    cell: ({ investigationId }) =>
      investigationId === null ? <span className="text-muted">–</span> : <span className="text-warn">● open</span>,
  },
  {
    id: "last",
    header: "Last run",
    className: "whitespace-nowrap",
    cell: ({ lastRun }) =>
      lastRun?.finishedAt ? <AgoCell iso={lastRun.finishedAt} /> : <span className="text-muted">–</span>,
  },
];
