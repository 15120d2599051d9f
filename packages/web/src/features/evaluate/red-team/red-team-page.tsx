import { Link, useNavigate } from "@tanstack/react-router";
import { Plus, ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { buttonLook } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { RedTeamState } from "./shared/red-team-state.tsx";
import { type RedTeamRun, useRedTeamRuns } from "./shared/use-red-team.ts";

/** The project's red team runs, newest first. */
export function RedTeamPage() {
  const canWrite = useProject().can("experiments:write");
  const list = useRedTeamRuns();
  const items = list.data?.pages.flatMap((page) => page.items);
  const add = canWrite && <NewRunLink />;
  return (
    <>
      <PageHeader
        title="Red team"
        description="A run attacks an endpoint or a model in many disguises. It counts the attacks that succeed, with and without guards."
        action={items && items.length > 0 && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The runs could not be loaded" />
        ) : items?.length === 0 ? (
          <NoRuns action={add} />
        ) : (
          <RunTable list={list} items={items} />
        )}
      </div>
    </>
  );
}

const NoRuns = ({ action }: { action: ReactNode }) => (
  <EmptyState
    title="No red team runs yet"
    icon={<ShieldAlert size={22} />}
    action={action}
    code="npx treadle red-team-run start --help"
  >
    Choose what is attacked and how it is disguised. All attacks are harmless: they look for invented secrets.
  </EmptyState>
);

const NewRunLink = () => (
  <Link to="/red-team/new" className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New run
  </Link>
);

type TableProps = { list: ReturnType<typeof useRedTeamRuns>; items: readonly RedTeamRun[] | undefined };

function RunTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Red team runs"
        columns={COLUMNS}
        rows={items}
        idOf={({ redTeamRunId }) => redTeamRunId}
        onOpen={({ redTeamRunId }) => void navigate({ to: "/red-team/$redTeamRunId", params: { redTeamRunId } })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<RedTeamRun>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-36",
    cell: ({ redTeamRunId, name, target }) => (
      <span className="flex min-w-0 flex-col">
        <Link
          to="/red-team/$redTeamRunId"
          params={{ redTeamRunId }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        <span className="line-clamp-1 text-xs text-muted">{target.model}</span>
      </span>
    ),
  },
  { id: "state", header: "State", cell: (run) => <RedTeamState run={run} /> },
  {
    id: "arms",
    header: "Arms",
    isWide: true,
    cell: ({ arms }) => <span className="line-clamp-1">{arms.map(({ name }) => name).join(", ")}</span>,
  },
  {
    id: "attacks",
    header: "Attacks",
    isNumber: true,
    isWide: true,
    cell: ({ attacks }) => formatCount(attacks),
  },
  {
    id: "answers",
    header: "Answers",
    isNumber: true,
    cell: ({ answers, planned }) =>
      answers === planned ? formatCount(answers) : `${formatCount(answers)} of ${formatCount(planned)}`,
  },
  { id: "created", header: "Created", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];
