import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Goal, Plus, SearchX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { SearchField } from "../../../components/form/search-field.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useProject } from "../../system/session/index.ts";
import { BudgetBar } from "./budget-bar.tsx";
import { SloForm } from "./slo-form.tsx";
import { SloState } from "./slo-state.tsx";
import { exactPercent, formatBurn, goodWords, sharePercent } from "./slo-words.ts";
import { type Slo, useSloList } from "./use-slos.ts";

const route = getRouteApi("/shell/slos");

/** The project's SLOs with their error budgets. */
export function SlosPage() {
  const { q = "", endpoint } = route.useSearch();
  const canWrite = useProject().can("monitors:write");
  const [isOpen, setIsOpen] = useState(endpoint !== undefined);
  const list = useSloList(q);
  const items = list.data?.pages.flatMap((page) => page.items);
  const isEmpty = items?.length === 0 && q === "";
  const add = canWrite && (
    <Button kind="primary" onClick={() => setIsOpen(true)}>
      <Plus aria-hidden size={14} /> New SLO
    </Button>
  );
  return (
    <>
      <PageHeader title="SLOs" description={DESCRIPTION} action={!isEmpty && add} />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The SLOs could not be loaded" />
        ) : isEmpty ? (
          <NoSlos action={add} />
        ) : (
          <Found q={q} list={list} items={items} />
        )}
      </div>
      {isOpen && <SloForm slo={undefined} endpoint={endpoint} close={() => setIsOpen(false)} />}
    </>
  );
}

const DESCRIPTION =
  "An SLO is a goal for the share of good requests. Its error budget is the number of bad requests that the goal allows.";

const NoSlos = ({ action }: { action: ReactNode }) => (
  <EmptyState title="No SLOs yet" icon={<Goal size={22} />} action={action}>
    Set a goal for an endpoint, such as 99% of answers within 2 seconds. Treadle shows how much of the error budget is
    left, and alerts you when it burns too fast.
  </EmptyState>
);

function Found({ q, list, items }: TableProps & { q: string }) {
  const navigate = useNavigate();
  const search = (word: string) => void navigate({ to: "/slos", search: { q: word || undefined }, replace: true });
  return (
    <>
      <div className="max-w-80">
        <SearchField label="Search SLOs" placeholder="Name or endpoint" word={q} onChange={search} />
      </div>
      {items?.length === 0 ? <NoMatches onClear={() => search("")} /> : <SloTable list={list} items={items} />}
    </>
  );
}

const NoMatches = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    title="No matching SLOs"
    icon={<SearchX size={22} />}
    action={<Button onClick={onClear}>Show all SLOs</Button>}
  >
    No SLO has this text in its name or endpoint.
  </EmptyState>
);

type TableProps = { list: ReturnType<typeof useSloList>; items: readonly Slo[] | undefined };

function SloTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="SLOs"
        columns={COLUMNS}
        rows={items}
        idOf={({ sloId }) => sloId}
        onOpen={({ sloId }) => void navigate({ to: "/slos/$sloId", params: { sloId } })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const burnOf = ({ status }: Slo, minutes: number) =>
  formatBurn(status.burns.find((burn) => burn.minutes === minutes)?.burnRate ?? null);

const COLUMNS: readonly PlainColumn<Slo>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-36",
    cell: ({ sloId, name, endpoint, objective, indicator, windowDays, status }) => (
      <span className="flex min-w-0 flex-col py-1">
        <Link
          to="/slos/$sloId"
          params={{ sloId }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        <span className="text-xs text-muted [overflow-wrap:anywhere]">
          {endpoint || "All requests"}: {exactPercent(objective)} {goodWords(indicator)}, {windowDays} days
        </span>
        <span className="md:hidden">
          <SloState status={status} />
        </span>
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    isWide: true,
    className: "min-w-44",
    cell: ({ status }) => <SloState status={status} />,
  },
  {
    id: "good",
    header: "Good",
    isNumber: true,
    cell: ({ status: { good, lower, upper } }) => sharePercent(good, lower, upper),
  },
  { id: "budget", header: "Budget left", isNumber: true, cell: ({ status }) => <BudgetBar status={status} /> },
  { id: "burn-1h", header: "Burn, 1 h", isNumber: true, isWide: true, cell: (slo) => burnOf(slo, 60) },
  { id: "burn-1d", header: "Burn, 1 d", isNumber: true, isWide: true, cell: (slo) => burnOf(slo, 1_440) },
];
