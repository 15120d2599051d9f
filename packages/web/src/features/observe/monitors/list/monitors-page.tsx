import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus, SearchX } from "lucide-react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useProject } from "../../../system/session/index.ts";
import { STATE_WORDS } from "../shared/monitor-words.ts";
import { type Monitor, useMonitors } from "../shared/use-monitors.ts";
import { FalseAlarms } from "./false-alarms.tsx";
import { MonitorFilters } from "./monitor-filters.tsx";
import { MonitorTable } from "./monitor-table.tsx";
import { NoMonitors } from "./no-monitors.tsx";

const route = getRouteApi("/shell/monitors");

const isState = (word: string | undefined): word is Monitor["state"] =>
  word !== undefined && Object.hasOwn(STATE_WORDS, word);

/** The project's monitors, firing ones first. */
export function MonitorsPage() {
  const { q, state: word } = route.useSearch();
  const state = isState(word) ? word : undefined;
  const canWrite = useProject().can("monitors:write");
  const list = useMonitors({ q, state });
  const items = list.data?.pages.flatMap((page) => page.items);
  const isEmpty = items?.length === 0 && q === undefined && state === undefined;
  useNewKey(canWrite);
  return (
    <>
      <PageHeader
        title="Monitors"
        description="A monitor watches a measure of the traffic. It opens an incident when the measure is beyond a threshold or changes."
        action={canWrite && !isEmpty && <NewMonitorLink />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items && (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The monitors could not be loaded" />
        )}
        {isEmpty && <NoMonitors canWrite={canWrite} />}
        {!isEmpty && !(list.error && !items) && <Found list={list} items={items} q={q} state={state} />}
      </div>
    </>
  );
}

function useNewKey(canWrite: boolean) {
  const navigate = useNavigate();
  useKeys(
    "Monitors",
    canWrite ? [{ keys: "n", label: "New monitor", run: () => void navigate({ to: "/monitors/new" }) }] : [],
  );
}

const NewMonitorLink = () => (
  <Link to="/monitors/new" title="New monitor (n)" className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New monitor
  </Link>
);

type FoundProps = {
  list: ReturnType<typeof useMonitors>;
  items: readonly Monitor[] | undefined;
  q: string | undefined;
  state: Monitor["state"] | undefined;
};

function Found({ list, items, q, state }: FoundProps) {
  return (
    <>
      <FalseAlarms monitors={items ?? []} />
      <MonitorFilters q={q} state={state} />
      {items?.length === 0 ? (
        <NoMatches />
      ) : (
        <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
          <MonitorTable monitors={items} />
          <MoreRows list={list} />
        </div>
      )}
    </>
  );
}

function NoMatches() {
  const navigate = useNavigate();
  const showAll = () => void navigate({ to: "/monitors", search: {}, replace: true });
  return (
    <EmptyState
      title="No matching monitors"
      icon={<SearchX size={22} />}
      action={<Button onClick={showAll}>Show all monitors</Button>}
    >
      No monitor has this name and state.
    </EmptyState>
  );
}
