import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { PROBE_STATES, PROBE_THRESHOLD } from "@treadle/contract";
import { Plus, Radar, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatMoney } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { EvidenceBar, ProbeState, stateWord } from "./probe-state.tsx";
import { type Probe, useProbes } from "./use-probes.ts";

const route = getRouteApi("/shell/probes");

/** The project's probes, confirmed and suspected changes first. */
export function ProbesPage() {
  const { state: word } = route.useSearch();
  const state = PROBE_STATES.find((one) => one === word);
  const list = useProbes(state);
  const items = list.data?.pages.flatMap((page) => page.items);
  const isEmpty = items?.length === 0;
  const add = useProject().can("monitors:write") && <NewProbeLink />;
  return (
    <>
      <PageHeader
        title="Probes"
        description="A probe asks a hosted model the same questions every day and detects when the model changes without notice."
        action={items && (!isEmpty || state) && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The probes could not be loaded" />
        ) : isEmpty && !state ? (
          <NoProbes action={add} />
        ) : (
          <>
            <StateSelect state={state} />
            {isEmpty ? <NoMatches /> : <ProbeTable list={list} items={items} />}
          </>
        )}
      </div>
    </>
  );
}

const NoProbes = ({ action }: { action: ReactNode }) => (
  <EmptyState title="No probes yet" icon={<Radar size={22} />} action={action}>
    Providers change models without notice. A probe costs little per day, and finds a change within a few days.
  </EmptyState>
);

const NewProbeLink = () => (
  <Link to="/probes/new" className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New probe
  </Link>
);

function StateSelect({ state }: { state: Probe["state"] | undefined }) {
  const navigate = useNavigate();
  const show = (next: string) => void navigate({ to: "/probes", search: { state: next || undefined }, replace: true });
  return (
    <Select aria-label="State" value={state ?? ""} onChange={({ target }) => show(target.value)} className="max-w-48">
      <option value="">All states</option>
      {PROBE_STATES.map((one) => (
        <option key={one} value={one}>
          {stateWord(one)}
        </option>
      ))}
    </Select>
  );
}

function NoMatches() {
  const navigate = useNavigate();
  const showAll = () => void navigate({ to: "/probes", search: {}, replace: true });
  return (
    <EmptyState
      title="No matching probes"
      icon={<SearchX size={22} />}
      action={<Button onClick={showAll}>Show all probes</Button>}
    >
      No probe is in this state.
    </EmptyState>
  );
}

type TableProps = { list: ReturnType<typeof useProbes>; items: readonly Probe[] | undefined };

function ProbeTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="Probes"
        columns={COLUMNS}
        rows={items}
        idOf={({ probeId }) => probeId}
        onOpen={({ probeId }) => void navigate({ to: "/probes/$probeId", params: { probeId } })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const NameCell = ({ probe: { probeId, name, model, region } }: { probe: Probe }) => (
  <span className="flex min-w-0 flex-col">
    <Link
      to="/probes/$probeId"
      params={{ probeId }}
      onClick={(event) => event.stopPropagation()}
      className="font-medium [overflow-wrap:anywhere] hover:underline"
    >
      {name}
    </Link>
    <span className="line-clamp-1 text-xs text-muted [overflow-wrap:anywhere]">
      {model} {region && `· ${region}`}
    </span>
  </span>
);

/** Without the error, a probe that waits for its provider would look as if it worked. */
const StateCell = ({ probe }: { probe: Probe }) => (
  <span className="flex flex-col">
    <ProbeState probe={probe} />
    {probe.isEnabled && probe.lastError && (
      <span className="text-xs whitespace-nowrap text-warn" title={probe.lastError}>
        ▲ error
      </span>
    )}
  </span>
);

const COLUMNS: readonly PlainColumn<Probe>[] = [
  { id: "name", header: "Probe", className: "w-full min-w-32", cell: (probe) => <NameCell probe={probe} /> },
  { id: "state", header: "State", cell: (probe) => <StateCell probe={probe} /> },
  {
    id: "evidence",
    header: `Evidence (threshold ${PROBE_THRESHOLD})`,
    isWide: true,
    cell: (probe) => <EvidenceBar probe={probe} />,
  },
  { id: "cost", header: "Cost per day", isNumber: true, cell: (probe) => costWords(probe) },
  { id: "last", header: "Last run", isWide: true, cell: ({ lastRunAt }) => <AgoCell iso={lastRunAt} /> },
];

/** The measured cost, or the estimate before the first daily run. */
const costWords = ({ usdPerDay, estimatedUsdPerDay }: Probe): string =>
  usdPerDay === null
    ? estimatedUsdPerDay === null
      ? "unknown"
      : `~ ${formatMoney(estimatedUsdPerDay)}`
    : formatMoney(usdPerDay);
