import { getRouteApi } from "@tanstack/react-router";
import { CircleCheck, SearchX } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { Tabs } from "../../../components/layout/tabs.tsx";
import { FilterBar, FilterSelect } from "../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { useRowKeys } from "../../../components/table/row-keys.ts";
import { formatCount } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { ISSUE_TABS, type IssueSearch, type IssueTab } from "./issue-search.ts";
import { IssueSettingsDialog } from "./issue-settings-dialog.tsx";
import { IssueTable } from "./issue-table.tsx";
import { STATE_WORDS } from "./issue-words.tsx";
import { useIssueCounts, useIssues } from "./use-issues.ts";

const route = getRouteApi("/shell/issues");
const TAB_WORDS = { open: "Open", ...STATE_WORDS };
const SORTS = [
  { value: "firstSeen", name: "First seen" },
  { value: "occurrences", name: "Occurrences" },
  { value: "users", name: "Users" },
] as const;

/** Failures grouped by their cause. */
export function IssuesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isSetting, setIsSetting] = useState(false);
  const canWrite = useProject().can("incidents:write");
  const change = (next: IssueSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  return (
    <>
      <PageHeader
        title="Issues"
        description="Errors, failed tool calls, bad answers and negative feedback, grouped by their cause."
        action={canWrite && <Button onClick={() => setIsSetting(true)}>Settings</Button>}
      >
        <StateTabs
          shown={search.state ?? "open"}
          onShow={(state) => change({ state: state === "open" ? undefined : state })}
        />
      </PageHeader>
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        <Filters search={search} change={change} />
        <IssueList search={search} showAll={() => change({ q: undefined, release: undefined })} />
      </div>
      {isSetting && <IssueSettingsDialog close={() => setIsSetting(false)} />}
    </>
  );
}

const Filters = ({ search, change }: { search: IssueSearch; change: (next: IssueSearch) => void }) => (
  <FilterBar label="Search issues" placeholder="Search titles" word={search.q} onSearch={(q) => change({ q })}>
    <FilterSelect
      label="Sort"
      all="Last seen"
      value={search.sort}
      options={SORTS}
      onChange={(sort) => change({ sort: SORTS.find(({ value }) => value === sort)?.value })}
      className="w-40!"
    />
  </FilterBar>
);

function StateTabs({ shown, onShow }: { shown: IssueTab; onShow: (tab: IssueTab) => void }) {
  const counts = useIssueCounts().data?.counts;
  const of = (tab: IssueTab) =>
    counts && (tab === "open" ? counts.new + counts.acknowledged + counts.regressed : counts[tab]);
  return (
    <div className="overflow-x-auto">
      <Tabs
        label="State of issues"
        names={ISSUE_TABS}
        words={TAB_WORDS}
        shown={shown}
        onShow={onShow}
        note={(tab) => {
          const count = of(tab);
          return count ? <span className="num text-xs text-muted">{formatCount(count)}</span> : null;
        }}
      />
    </div>
  );
}

function IssueList({ search, showAll }: { search: IssueSearch; showAll: () => void }) {
  const list = useIssues(search);
  const box = useRowKeys("Issues");
  const rows = list.data?.pages.flatMap(({ items }) => items);
  if (list.error && !rows)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The issues could not be loaded" />;
  if (rows?.length === 0)
    return search.q || search.release ? <NoMatches showAll={showAll} /> : <NoIssues search={search} />;
  return (
    <div ref={box} className="card overflow-hidden">
      <IssueTable issues={rows} />
      <MoreRows list={list} />
    </div>
  );
}

const NoMatches = ({ showAll }: { showAll: () => void }) => (
  <EmptyState
    title="No matching issues"
    icon={<SearchX size={22} />}
    action={<Button onClick={showAll}>Show all issues</Button>}
  >
    No issue in this state has these words in its title.
  </EmptyState>
);

const NoIssues = ({ search: { state } }: { search: IssueSearch }) =>
  state === undefined ? (
    <EmptyState title="No open issues" icon={<CircleCheck size={22} />}>
      Treadle checks new traces every 10 seconds. Errors, failed tool calls, refused or cut off answers, low scores and
      negative feedback appear here.
    </EmptyState>
  ) : (
    <EmptyState
      title={`No ${STATE_WORDS[state === "open" ? "new" : state].toLowerCase()} issues`}
      icon={<CircleCheck size={22} />}
    >
      Issues appear here when their state changes.
    </EmptyState>
  );
