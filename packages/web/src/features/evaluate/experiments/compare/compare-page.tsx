import { getRouteApi } from "@tanstack/react-router";
import { GitCompare } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { useListAddress } from "../../../../components/table/use-list-address.ts";
import { ItemsView } from "../items/items-view.tsx";
import { JudgeTab } from "../judging/judge-tab.tsx";
import { FrontierView } from "../results/frontier-view.tsx";
import { SlicesView } from "../results/slices-view.tsx";
import { type CompareSearch, idsIn } from "../shared/experiment-search.ts";
import { ExportMenu } from "../shared/export-menu.tsx";
import { isActive, type Run } from "../shared/use-experiments.ts";
import { useRunsById } from "../shared/use-runs.ts";
import { CompareRuns } from "./compare-runs.tsx";
import { Differences } from "./differences.tsx";
import { UnpairedRuns, withBase } from "./unpaired-runs.tsx";

const route = getRouteApi("/shell/experiments/compare");
const TABS = ["Differences", "Items", "Slices", "Cost and quality", "Judge"] as const;
const MARGINS = ["0.005", "0.01", "0.02", "0.05", "0.1"] as const;
const DEFAULT_MARGIN = "0.02";

/** Compares runs with a base: score differences with their certainty, items, slices and cost. */
export function ComparePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const headIds = idsIn(search.heads).filter((runId) => runId !== search.base);
  const { runs, error, isPending } = useRunsById(search.base ? [search.base, ...headIds] : headIds);
  const base = runs.find(({ runId }) => runId === search.base);
  const heads = headIds.flatMap((runId) => runs.find((run) => run.runId === runId) ?? []);
  const change = useListAddress<CompareSearch>(
    search,
    ["open"],
    (next, options) => void navigate({ search: (old) => ({ ...old, ...next }), ...options }),
  );
  const tab = TABS.find((name) => slug(name) === search.tab) ?? "Differences";
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title="Compare runs"
        back={<BackLink to="/experiments" label="Experiments" />}
        description="Compares runs on the same items. Each score is compared item by item with a suitable test."
        action={base && heads.length > 0 && <ExportMenu runs={heads} base={base} />}
      >
        <CompareRuns base={base} heads={heads} pick={(next) => change({ ...next, head: undefined, open: undefined })} />
        {base && heads.length > 0 && (
          <div className="-mb-3 flex flex-wrap items-end gap-x-4">
            <div className="min-w-0 grow overflow-x-auto">
              <Tabs
                label="Comparison sections"
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
        <Part base={base} heads={heads} tab={tab} search={search} change={change} />
      ) : heads.length > 0 ? (
        <UnpairedRuns heads={heads} search={search} change={change} />
      ) : (
        <EmptyState title="Choose runs to compare" icon={<GitCompare size={22} />}>
          Choose a base and at least one other run on the same items. For example, compare two variants of an
          experiment, or last week's run with today's run.
        </EmptyState>
      )}
    </div>
  );
}

const slug = (name: string) => name.toLowerCase().replaceAll(" ", "-");

function Margin({ margin, onChange }: { margin: string | undefined; onChange: (margin: string | undefined) => void }) {
  return (
    <span className="flex items-center gap-2 pb-1.5 text-xs text-muted">
      Ignore differences under
      <Select
        aria-label="Margin, as a share of the score range"
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
      of the score range
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
        isLive={[base, ...heads].some(isActive)}
        // By default the worst item comes first, so the items' own order needs a name.
        change={(next, isNewPlace) =>
          change("sort" in next ? { ...next, sort: next.sort ?? "position" } : next, isNewPlace)
        }
        pick={({ run, base: next }) =>
          // The base of the page changes only when the user chooses another one.
          next === base.runId || next === "none"
            ? change({ head: run === base.runId ? undefined : run, open: undefined })
            : change(withBase(next, { runs: [base, ...heads], head: run }))
        }
      />
    );
  return (
    <div className="flex min-h-0 grow flex-col gap-4 overflow-y-auto px-6 *:shrink-0 pt-4 pb-8 max-md:px-4">
      {tab === "Differences" ? (
        <Differences
          base={base}
          heads={heads}
          margin={margin}
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
