import { getRouteApi } from "@tanstack/react-router";
import { GitCompare } from "lucide-react";
import { Select } from "../../components/field.tsx";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { CompareRuns } from "./compare-runs.tsx";
import { Differences } from "./differences.tsx";
import { type CompareSearch, idsIn } from "./experiment-search.ts";
import { ExportMenu } from "./export-menu.tsx";
import { FrontierView } from "./frontier-view.tsx";
import { ItemsView } from "./items-view.tsx";
import { JudgeTab } from "./judge-tab.tsx";
import { SlicesView } from "./slices-view.tsx";
import type { Run } from "./use-experiments.ts";
import { useRunsById } from "./use-runs.ts";

const route = getRouteApi("/shell/experiments/compare");
const TABS = ["Differences", "Items", "Slices", "Cost and quality", "Judge"] as const;
const MARGINS = ["0.005", "0.01", "0.02", "0.05", "0.1"] as const;
const DEFAULT_MARGIN = "0.02";

/** Runs against a base: what differs and how sure that is, item by item, slice by slice, and what it costs. */
export function ComparePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const headIds = idsIn(search.heads).filter((runId) => runId !== search.base);
  const { runs, error, isPending } = useRunsById(search.base ? [search.base, ...headIds] : headIds);
  const base = runs.find(({ runId }) => runId === search.base);
  const heads = headIds.flatMap((runId) => runs.find((run) => run.runId === runId) ?? []);
  const change = (next: CompareSearch, isNewPlace = false) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace, resetScroll: isNewPlace });
  const tab = TABS.find((name) => slug(name) === search.tab) ?? "Differences";
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title="Compare runs"
        back={<BackLink to="/experiments" label="Experiments" />}
        description="The same items, answered by each. Differences are taken item by item, with a test that fits the score."
        action={base && heads.length > 0 && <ExportMenu runs={heads} base={base} />}
      >
        <CompareRuns {...{ base, heads }} pick={(next) => change({ ...next, head: undefined, open: undefined })} />
        {base && heads.length > 0 && (
          <div className="-mb-3 flex flex-wrap items-end gap-x-4">
            <div className="min-w-0 grow overflow-x-auto">
              <Tabs
                label="Parts of the comparison"
                names={TABS}
                shown={tab}
                onShow={(name) => change({ tab: name === "Differences" ? undefined : slug(name), open: undefined })}
              />
            </div>
            {tab !== "Judge" && <Margin margin={search.margin} onChange={(margin) => change({ margin })} />}
          </div>
        )}
      </PageHeader>
      {error && runs.length === 0 ? (
        <ErrorState error={error} title="The runs could not be loaded" />
      ) : isPending && (search.base || headIds.length > 0) ? (
        <Skeleton className="mx-6 mt-4 h-64 rounded-card" />
      ) : base && heads.length > 0 ? (
        <Part {...{ base, heads, tab, search, change }} />
      ) : (
        <EmptyState title="Choose what to compare" icon={<GitCompare size={22} />}>
          A base and at least one other run over the same items, such as two variants of an experiment, or the run of
          last week and that of today.
        </EmptyState>
      )}
    </div>
  );
}

const slug = (name: string) => name.toLowerCase().replaceAll(" ", "-");

function Margin({ margin, onChange }: { margin: string | undefined; onChange: (margin: string | undefined) => void }) {
  return (
    <span className="flex items-center gap-2 pb-1.5 text-xs text-muted">
      Differences under
      <Select
        aria-label="Margin, as a share of the score's range"
        value={margin ?? DEFAULT_MARGIN}
        onChange={({ target }) => onChange(target.value === DEFAULT_MARGIN ? undefined : target.value)}
        className="num h-7! w-20!"
      >
        {MARGINS.map((value) => (
          <option key={value} value={value}>
            {Number(value) * 100}%
          </option>
        ))}
      </Select>
      of the range do not matter
    </span>
  );
}

type PartProps = {
  base: Run;
  heads: readonly Run[];
  tab: (typeof TABS)[number];
  search: CompareSearch;
  change: (next: CompareSearch, isNewPlace?: boolean) => void;
};

function Part({ base, heads, tab, search, change }: PartProps) {
  const head = heads.find(({ runId }) => runId === search.head) ?? heads[0];
  const margin = search.margin === undefined ? undefined : Number(search.margin);
  if (!head) return null;
  if (tab === "Items")
    return (
      <ItemsView
        runs={[base, ...heads]}
        run={head}
        base={base}
        datasetId={head.datasetId}
        root={head.root}
        search={{ ...search, sort: search.sort ?? "regression" }}
        isLive={false}
        // Here the worst comes first unless something else is asked for, so the items' own order has a name too.
        change={(next, isNewPlace) =>
          change("sort" in next ? { ...next, sort: next.sort ?? "position" } : next, isNewPlace)
        }
        pick={({ run, base: next }) =>
          // What is looked at beside what: the base of the page changes only when it is chosen anew.
          next === base.runId || next === "none"
            ? change({ head: run === base.runId ? undefined : run, open: undefined })
            : change({
                base: next,
                heads: [base, ...heads]
                  .map(({ runId }) => runId)
                  .filter((runId) => runId !== next)
                  .join(","),
                head: run === next ? undefined : run,
                open: undefined,
              })
        }
      />
    );
  return (
    <div className="flex min-h-0 grow flex-col gap-4 overflow-y-auto px-6 *:shrink-0 pt-4 pb-8 max-md:px-4">
      {tab === "Differences" ? (
        <Differences
          {...{ base, heads, margin }}
          onOpen={(scorer, runId) => change({ tab: "items", scorer, head: runId, sort: "regression" }, true)}
        />
      ) : tab === "Slices" ? (
        <SlicesView
          run={head}
          base={base}
          scorer={search.scorer}
          field={search.field}
          onScorer={(scorer) => change({ scorer })}
          onField={(field) => change({ field })}
          onOpen={(slice) => change({ tab: "items", slice, sort: "regression" }, true)}
        />
      ) : tab === "Judge" ? (
        <JudgeTab runs={[base, ...heads]} />
      ) : (
        <FrontierView runs={[base, ...heads]} scorer={search.scorer} margin={margin} />
      )}
    </div>
  );
}
