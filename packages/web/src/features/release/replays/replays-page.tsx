import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { History, Plus } from "lucide-react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { buttonLook } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { OffPolicyPanel } from "./off-policy-panel.tsx";
import { ReplayState } from "./replay-state.tsx";
import { type Replay, useReplays } from "./use-replays.ts";

const route = getRouteApi("/shell/replays");

/** The project's replays, newest first, and estimates from logged traffic. */
export function ReplaysPage() {
  const { endpoint } = route.useSearch();
  const canWrite = useProject().can("experiments:write");
  const list = useReplays();
  const items = list.data?.pages.flatMap((page) => page.items);
  const add = canWrite && <NewReplayLink />;
  return (
    <>
      <PageHeader
        title="Replays"
        description="A replay sends recorded traffic through candidates and compares their answers with the recorded answers."
        action={items && items.length > 0 && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The replays could not be loaded" />
        ) : items?.length === 0 ? (
          <EmptyState title="No replays yet" icon={<History size={22} />} action={add}>
            Choose recorded calls and a candidate. Tools return the recorded results and are never executed.
          </EmptyState>
        ) : (
          <ReplayTable list={list} items={items} />
        )}
        <OffPolicyPanel endpointId={endpoint} />
      </div>
    </>
  );
}

const NewReplayLink = () => (
  <Link to="/replays/new" className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New replay
  </Link>
);

type TableProps = { list: ReturnType<typeof useReplays>; items: readonly Replay[] | undefined };

function ReplayTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Replays"
        columns={COLUMNS}
        rows={items}
        idOf={({ replayId }) => replayId}
        onOpen={({ replayId }) => void navigate({ to: "/replays/$replayId", params: { replayId } })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const totalOf = ({ runs }: Replay, value: (run: Replay["runs"][number]) => number) =>
  runs.reduce((sum, run) => sum + value(run), 0);

const COLUMNS: readonly PlainColumn<Replay>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-36",
    cell: ({ replayId, name, runs }) => (
      <span className="flex min-w-0 flex-col">
        <Link
          to="/replays/$replayId"
          params={{ replayId }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        <span className="line-clamp-1 text-xs text-muted">{runs.map((run) => run.name).join(", ")}</span>
      </span>
    ),
  },
  { id: "state", header: "State", cell: (replay) => <ReplayState replay={replay} /> },
  {
    id: "items",
    header: "Recordings",
    isNumber: true,
    cell: ({ recorded }) => (recorded ? formatCount(recorded.items) : "–"),
  },
  {
    id: "diverged",
    header: "Diverged",
    isNumber: true,
    isWide: true,
    cell: (replay) => formatCount(totalOf(replay, (run) => run.diverged)),
  },
  {
    id: "decisions",
    header: "Same decisions",
    isNumber: true,
    isWide: true,
    cell: (replay) => {
      const decisions = totalOf(replay, (run) => run.decisions);
      return decisions === 0 ? "–" : formatPercent(totalOf(replay, (run) => run.sameDecisions) / decisions);
    },
  },
  { id: "created", header: "Created", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];
