import { ArrowDownNarrowWide, X } from "lucide-react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Select } from "../../../../components/form/field.tsx";
import { SearchField } from "../../../../components/form/search-field.tsx";
import { ColumnMenu } from "../../../../components/table/column-menu.tsx";
import type { Column, TableLayout } from "../../../../components/table/table-layout.ts";
import { formatNumberOf } from "../../../../components/text/format.ts";
import type { ItemsSearch } from "../shared/experiment-search.ts";
import type { Run } from "../shared/use-experiments.ts";
import type { RunItem } from "../shared/use-runs.ts";
import { AskAboutRegressions } from "./ask-people.tsx";

type ToolbarProps = {
  runs: readonly Run[];
  run: Run;
  base: Run | undefined;
  scorer: Run["scorers"][number] | undefined;
  search: ItemsSearch;
  change: (next: ItemsSearch, isNewPlace?: boolean) => void;
  pick: (next: { run: string; base: string }) => void;
  isLive: boolean;
  total: number | undefined;
  columns: readonly Column<RunItem>[];
  layout: TableLayout<RunItem>;
};

const CHANGES = { any: "Changed", better: "Better", worse: "Worse", output: "Different answer" } as const;
const STATES = {
  ok: "Answered",
  error: "Provider errors",
  diverged: "Diverged replays",
  undefined: "No score",
  failed: "Scoring failed",
} as const;

/** The toolbar of the items list: runs, filters and order. */
export function ItemsToolbar(props: ToolbarProps) {
  const { runs, run, base, scorer, search, change, pick, isLive, total, columns, layout } = props;
  const isRegression = search.sort === "regression";
  const toggleChanged = () => change({ changed: search.changed ? undefined : "any", open: undefined }, true);
  const toggleWorst = () => change({ sort: isRegression ? undefined : "regression", open: undefined }, true);
  useKeys(
    "Answers",
    base
      ? [
          { keys: "c", label: "Show changed items only", run: toggleChanged },
          { keys: "w", label: "Worst regressions first", run: toggleWorst },
        ]
      : [],
  );
  return (
    <div className="@container flex flex-col gap-2 px-6 pt-3 pb-2 max-md:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <Sides runs={runs} run={run} base={base} pick={pick} />
        {run.scorers.length > 1 && (
          <Select
            aria-label="Score"
            value={scorer?.key ?? ""}
            onChange={({ target }) =>
              change({ scorer: target.value === run.scorers[0]?.key ? undefined : target.value })
            }
            className="w-40!"
          >
            {run.scorers.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </Select>
        )}
        <SearchField
          label="Search answers"
          placeholder="Search inputs and answers"
          word={search.search ?? ""}
          onChange={(word) => change({ search: word || undefined, open: undefined })}
        />
        <div className="ml-auto max-md:hidden">
          <ColumnMenu columns={columns} layout={layout} />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {base && (
          <>
            <Checkbox label="Changed only" checked={search.changed !== undefined} onChange={toggleChanged} />
            {search.changed && (
              <Select
                aria-label="Type of change"
                value={search.changed}
                onChange={({ target }) => change({ changed: target.value })}
                className="h-7! w-32!"
              >
                {Object.entries(CHANGES).map(([value, words]) => (
                  <option key={value} value={value}>
                    {words}
                  </option>
                ))}
              </Select>
            )}
            <Button
              size="small"
              aria-pressed={isRegression}
              onClick={toggleWorst}
              className={isRegression ? "border-accent! bg-accent-soft! text-accent!" : ""}
            >
              <ArrowDownNarrowWide aria-hidden size={13} /> Worst regressions first
            </Button>
          </>
        )}
        <Select
          aria-label="State"
          value={search.state ?? ""}
          onChange={({ target }) => change({ state: target.value || undefined, open: undefined })}
          className="h-7! w-36!"
        >
          <option value="">Any state</option>
          {Object.entries(STATES).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
        {search.slice && (
          <Button
            size="small"
            onClick={() => change({ slice: undefined })}
            aria-label={`Remove slice filter ${search.slice}`}
          >
            <span className="max-w-48 truncate">{search.slice}</span> <X aria-hidden size={12} />
          </Button>
        )}
        <span role="status" className="num text-xs text-muted">
          {total !== undefined && formatNumberOf(total, "item")}
        </span>
        <AskAboutRegressions run={run} base={base} search={search} isLive={isLive} />
      </div>
    </div>
  );
}

function Sides({ runs, run, base, pick }: Pick<ToolbarProps, "runs" | "run" | "base" | "pick">) {
  if (runs.length < 2) return null;
  return (
    <span className="flex min-w-0 items-center gap-2 max-md:w-full">
      <Select
        aria-label="Answers of"
        value={run.runId}
        onChange={({ target }) => pick({ run: target.value, base: base?.runId ?? "none" })}
        className="w-44! max-md:w-auto! max-md:flex-1"
      >
        {runs.map(({ runId, name }) => (
          <option key={runId} value={runId}>
            {name}
          </option>
        ))}
      </Select>
      <span className="text-muted">compared with</span>
      <Select
        aria-label="Compare with"
        value={base?.runId ?? "none"}
        onChange={({ target }) => pick({ run: run.runId, base: target.value })}
        className="w-44! max-md:w-auto! max-md:flex-1"
      >
        <option value="none">no other run</option>
        {runs
          .filter(({ runId }) => runId !== run.runId)
          .map(({ runId, name }) => (
            <option key={runId} value={runId}>
              {name}
            </option>
          ))}
      </Select>
    </span>
  );
}
