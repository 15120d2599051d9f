import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ROLLOUT_STATES } from "@treadle/contract";
import { Plus, Rocket, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatPercent } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { RolloutState, stateWord } from "./rollout-state.tsx";
import { type Rollout, useRollouts } from "./use-rollouts.ts";

const route = getRouteApi("/shell/rollouts");

/** The project's rollouts, newest first. */
export function RolloutsPage() {
  const { state: word, endpoint } = route.useSearch();
  const state = ROLLOUT_STATES.find((one) => one === word);
  const canWrite = useProject().can("endpoints:write");
  const list = useRollouts({ state, endpointId: endpoint });
  const items = list.data?.pages.flatMap((page) => page.items);
  const isNarrowed = state !== undefined || endpoint !== undefined;
  const add = canWrite && <NewRolloutLink endpoint={endpoint} />;
  return (
    <>
      <PageHeader
        title="Rollouts"
        description="A rollout gives a new variant of an endpoint traffic in stages. It rolls the variant back if it does harm."
        action={items && (items.length > 0 || isNarrowed) && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The rollouts could not be loaded" />
        ) : items?.length === 0 && !isNarrowed ? (
          <NoRollouts action={add} />
        ) : (
          <>
            <StateSelect state={state} endpoint={endpoint} />
            {items?.length === 0 ? <NoMatches /> : <RolloutTable list={list} items={items} />}
          </>
        )}
      </div>
    </>
  );
}

const NewRolloutLink = ({ endpoint }: { endpoint: string | undefined }) => (
  <Link to="/rollouts/new" search={{ endpoint }} className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New rollout
  </Link>
);

const NoRollouts = ({ action }: { action: ReactNode }) => (
  <EmptyState title="No rollouts yet" icon={<Rocket size={22} />} action={action}>
    Add a variant with the weight 0 to an endpoint. A rollout then moves traffic to it, and compares it with the current
    variant at the same time.
  </EmptyState>
);

function StateSelect({ state, endpoint }: { state: Rollout["state"] | undefined; endpoint: string | undefined }) {
  const navigate = useNavigate();
  const show = (next: string | undefined) =>
    void navigate({ to: "/rollouts", search: { endpoint, state: next }, replace: true });
  return (
    <Select
      aria-label="State"
      value={state ?? ""}
      onChange={({ target }) => show(target.value || undefined)}
      className="max-w-48"
    >
      <option value="">All states</option>
      {ROLLOUT_STATES.map((one) => (
        <option key={one} value={one}>
          {stateWord(one)}
        </option>
      ))}
    </Select>
  );
}

function NoMatches() {
  const navigate = useNavigate();
  const showAll = () => void navigate({ to: "/rollouts", search: {}, replace: true });
  return (
    <EmptyState
      title="No matching rollouts"
      icon={<SearchX size={22} />}
      action={<Button onClick={showAll}>Show all rollouts</Button>}
    >
      No rollout is in this state.
    </EmptyState>
  );
}

type TableProps = { list: ReturnType<typeof useRollouts>; items: readonly Rollout[] | undefined };

function RolloutTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Rollouts"
        columns={COLUMNS}
        rows={items}
        idOf={({ rolloutId }) => rolloutId}
        onOpen={({ rolloutId }) => void navigate({ to: "/rollouts/$rolloutId", params: { rolloutId } })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<Rollout>[] = [
  {
    id: "name",
    header: "Endpoint",
    className: "w-full min-w-36",
    cell: ({ rolloutId, endpoint, candidate, control }) => (
      <span className="flex min-w-0 flex-col">
        <Link
          to="/rollouts/$rolloutId"
          params={{ rolloutId }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {endpoint}
        </Link>
        <span className="line-clamp-1 text-xs text-muted">
          {candidate} against {control}
        </span>
      </span>
    ),
  },
  { id: "state", header: "State", cell: (rollout) => <RolloutState rollout={rollout} /> },
  {
    id: "stage",
    header: "Stage",
    isNumber: true,
    cell: ({ stage, stages }) => (stage === null ? "–" : `${stage + 1} of ${stages.length}`),
  },
  {
    id: "share",
    header: "Share",
    isNumber: true,
    isWide: true,
    cell: ({ share }) => (share > 0 ? formatPercent(share) : "–"),
  },
  {
    id: "started",
    header: "Started",
    isWide: true,
    cell: ({ startedAt }) => (startedAt === null ? <span className="text-muted">–</span> : <AgoCell iso={startedAt} />),
  },
];
