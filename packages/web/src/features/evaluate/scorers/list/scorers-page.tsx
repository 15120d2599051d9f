import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { PageHeader, Section } from "../../../../components/layout/page.tsx";
import { FilterBar, FilterSelect } from "../../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useProject } from "../../../system/session/index.ts";
import { KindList } from "../shared/kind-list.tsx";
import { GROUP_WORDS } from "../shared/kind-words.ts";
import { isGroup, type ListSearch } from "../shared/scorer-search.ts";
import { useKinds, useScorers } from "../shared/use-scorers.ts";
import { ScorerSubpages } from "./scorer-subpages.tsx";
import { ScorerTable } from "./scorer-table.tsx";

const route = getRouteApi("/shell/scorers");

/** The project's stored scorers, and all kinds to create one from. */
export function ScorersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const change = (next: ListSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const canWrite = can("scorers:write");
  return (
    <>
      <PageHeader
        title="Scorers"
        description="Scorers rate answers with text comparisons, rules, LLM judges or your own code. You can use them in experiments, live scoring and guardrails."
        action={
          canWrite && (
            <Link to="/scorers/new" className={buttonLook("primary")}>
              <Plus aria-hidden size={14} /> New scorer
            </Link>
          )
        }
      >
        <ScorerSubpages />
        <Filters search={search} change={change} />
      </PageHeader>
      <div className="flex flex-col gap-6 px-6 pb-8 max-md:px-4">
        <Stored search={search} change={change} />
        {!search.archived && <Kinds search={search} change={change} canWrite={canWrite} />}
      </div>
    </>
  );
}

type PartProps = { search: ListSearch; change: (next: ListSearch) => void };

function Filters({ search, change }: PartProps) {
  const kinds = useKinds();
  const groups = [...new Set(kinds.data?.map(({ group }) => group))];
  return (
    <FilterBar
      label="Search scorers"
      placeholder="Search names, kinds and descriptions"
      word={search.search}
      onSearch={(word) => change({ search: word })}
    >
      <FilterSelect
        label="Group"
        all="All groups"
        value={search.group}
        options={groups.map((group) => ({ value: group, name: GROUP_WORDS[group] }))}
        onChange={(group) => change({ group })}
      />
      <Checkbox
        label="Archived"
        checked={search.archived === "1"}
        onChange={({ target }) => change({ archived: target.checked ? "1" : undefined })}
        className="ml-2"
      />
    </FilterBar>
  );
}

function Stored({ search, change }: PartProps) {
  const list = useScorers({ search: search.search ?? "", isArchived: search.archived === "1" });
  const kinds = useKinds();
  const groupOf = (kind: string) => kinds.data?.find((one) => one.kind === kind)?.group;
  const all = list.data?.pages.flatMap((page) => page.items);
  const rows = isGroup(search.group) ? all?.filter(({ kind }) => groupOf(kind) === search.group) : all;
  if (list.error && !all)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The scorers could not be loaded" />;
  if (rows?.length === 0) {
    if (search.archived)
      return (
        <EmptyState
          title="No archived scorers"
          action={<Button onClick={() => change({ archived: undefined })}>Show active scorers</Button>}
        >
          Archived scorers still work where they are used, but are hidden from lists.
        </EmptyState>
      );
    return (
      <p className="text-muted">
        {search.search || search.group
          ? "No matching stored scorers."
          : "No stored scorers yet. Every kind below works without settings; store a scorer to add settings, a name and versions."}
      </p>
    );
  }
  return (
    <Section title={search.archived ? "Archived" : "Stored in this project"} className="overflow-hidden">
      <div className={list.isPlaceholderData ? "opacity-60" : ""}>
        <ScorerTable rows={rows} labelOf={(kind) => kinds.data?.find((one) => one.kind === kind)?.label ?? kind} />
        <MoreRows list={list} />
      </div>
    </Section>
  );
}

function Kinds({ search, change, canWrite }: PartProps & { canWrite: boolean }) {
  const kinds = useKinds();
  if (kinds.error && !kinds.data)
    return <ErrorState error={kinds.error} retry={() => kinds.refetch()} title="The kinds could not be loaded" />;
  return (
    <KindList
      kinds={kinds.data}
      search={search.search ?? ""}
      group={search.group}
      linkKinds={canWrite}
      showAll={() => change({ search: undefined, group: undefined })}
    />
  );
}
