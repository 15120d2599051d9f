import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { SHADOW_STATES } from "@treadle/contract";
import { Copy, Plus, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatMoney, formatPercent } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { ShadowState } from "./shadow-state.tsx";
import { type Shadow, useShadows } from "./use-shadows.ts";

const route = getRouteApi("/shell/shadows");

/** The project's shadows, newest first. */
export function ShadowsPage() {
  const { state: word } = route.useSearch();
  const state = SHADOW_STATES.find((one) => one === word);
  const list = useShadows({ state });
  const items = list.data?.pages.flatMap((page) => page.items);
  const isEmpty = items?.length === 0;
  const add = useProject().can("endpoints:write") && <NewShadowLink />;
  return (
    <>
      <PageHeader
        title="Shadows"
        description="A shadow repeats a sample of an endpoint's requests with a candidate. Callers never wait for it or see its answers."
        action={items && (!isEmpty || state) && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The shadows could not be loaded" />
        ) : isEmpty && !state ? (
          <NoShadows action={add} />
        ) : (
          <>
            <StateSelect state={state} />
            {isEmpty ? <NoMatches /> : <ShadowTable list={list} items={items} />}
          </>
        )}
      </div>
    </>
  );
}

const NoShadows = ({ action }: { action: ReactNode }) => (
  <EmptyState title="No shadows yet" icon={<Copy size={22} />} action={action}>
    Add a variant with the weight 0 to an endpoint. A shadow then shows how it answers real requests, before any caller
    depends on it.
  </EmptyState>
);

const NewShadowLink = () => (
  <Link to="/shadows/new" className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New shadow
  </Link>
);

function StateSelect({ state }: { state: Shadow["state"] | undefined }) {
  const navigate = useNavigate();
  const show = (next: string) => void navigate({ to: "/shadows", search: { state: next || undefined }, replace: true });
  return (
    <Select aria-label="State" value={state ?? ""} onChange={({ target }) => show(target.value)} className="max-w-48">
      <option value="">All states</option>
      {SHADOW_STATES.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </Select>
  );
}

function NoMatches() {
  const navigate = useNavigate();
  const showAll = () => void navigate({ to: "/shadows", search: {}, replace: true });
  return (
    <EmptyState
      title="No matching shadows"
      icon={<SearchX size={22} />}
      action={<Button onClick={showAll}>Show all shadows</Button>}
    >
      No shadow is in this state.
    </EmptyState>
  );
}

type TableProps = { list: ReturnType<typeof useShadows>; items: readonly Shadow[] | undefined };

function ShadowTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Shadows"
        columns={COLUMNS}
        rows={items}
        idOf={({ shadowId }) => shadowId}
        onOpen={({ shadowId }) => void navigate({ to: "/shadows/$shadowId", params: { shadowId } })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const NameCell = ({ shadow: { shadowId, endpoint, candidate } }: { shadow: Shadow }) => (
  <span className="flex min-w-0 flex-col">
    <Link
      to="/shadows/$shadowId"
      params={{ shadowId }}
      onClick={(event) => event.stopPropagation()}
      className="font-medium [overflow-wrap:anywhere] hover:underline"
    >
      {endpoint}
    </Link>
    <span className="line-clamp-1 text-xs text-muted">candidate {candidate}</span>
  </span>
);

const COLUMNS: readonly PlainColumn<Shadow>[] = [
  {
    id: "name",
    header: "Endpoint",
    className: "w-full min-w-36",
    cell: (shadow) => <NameCell shadow={shadow} />,
  },
  { id: "state", header: "State", cell: ({ state }) => <ShadowState state={state} /> },
  { id: "share", header: "Share", isNumber: true, isWide: true, cell: ({ share }) => formatPercent(share) },
  { id: "pairs", header: "Answered", isNumber: true, cell: ({ counts }) => formatCount(counts.answered) },
  { id: "failed", header: "Failed", isNumber: true, isWide: true, cell: ({ counts }) => formatCount(counts.failed) },
  { id: "cost", header: "Cost", isNumber: true, cell: ({ costUsd }) => formatMoney(costUsd) },
  { id: "started", header: "Started", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];
