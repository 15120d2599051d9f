import { Link } from "@tanstack/react-router";
import { ChevronLeft, Pencil } from "lucide-react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { Button } from "../../../../components/form/button.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { CompareButton } from "../../../../components/time/compare-button.tsx";
import { TimeRangePicker } from "../../../../components/time/time-range-picker.tsx";
import { FilterBar, wholeFilter } from "../../filter/index.ts";
import type { Dashboard } from "../shared/use-dashboards.ts";
import { MoreMenu, RefreshMenu, toggleFullScreen } from "./board-menu.tsx";
import type { BoardSearch } from "./board-search.ts";

type HeaderProps = {
  dashboard: Dashboard;
  search: BoardSearch;
  change: (next: BoardSearch, isNewPlace?: boolean) => void;
  canEdit: boolean;
};

/** The name of the dashboard, the time that it shows, and what can be done with it. */
export function BoardHeader({ dashboard, search, change, canEdit }: HeaderProps) {
  const range = { range: search.range, from: search.from, to: search.to };
  const isCompared = search.compare === "1";
  const compare = () => change({ compare: isCompared ? undefined : "1" });
  const edit = () => change({ edit: "1" }, true);
  useKeys("Dashboard", [
    { keys: "c", label: "Compare with the previous period", run: compare },
    { keys: "f", label: "Full screen", run: toggleFullScreen },
    ...(canEdit ? [{ keys: "e", label: "Edit dashboard", run: edit }] : []),
  ]);
  return (
    <PageHeader
      title={dashboard.name}
      description={
        <span className="flex flex-wrap items-baseline gap-x-3">
          <Link
            to="/dashboards"
            data-fullscreen="hide"
            className="inline-flex shrink-0 items-center gap-0.5 self-center hover:text-text"
          >
            <ChevronLeft aria-hidden size={14} /> All dashboards
          </Link>
          {dashboard.description && <span className="min-w-0 break-words">{dashboard.description}</span>}
        </span>
      }
      action={
        <>
          <TimeRangePicker value={range} onChange={(next) => change(next, true)} />
          <CompareButton isCompared={isCompared} range={range} onChange={compare} />
          <RefreshMenu search={search} change={change} />
          {canEdit && (
            <Button onClick={edit} data-fullscreen="hide">
              <Pencil aria-hidden size={14} /> Edit
            </Button>
          )}
          <MoreMenu dashboard={dashboard} canEdit={canEdit} />
        </>
      }
    >
      <div data-fullscreen="hide">
        <FilterBar
          filter={search.filter ? { filter: search.filter } : {}}
          range={range}
          label="Filter all charts"
          onChange={(next) => change(wholeFilter(next))}
        />
      </div>
    </PageHeader>
  );
}
