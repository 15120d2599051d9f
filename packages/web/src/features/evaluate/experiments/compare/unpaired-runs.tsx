import { Link } from "@tanstack/react-router";
import { ItemsView } from "../items/items-view.tsx";
import type { CompareSearch } from "../shared/experiment-search.ts";
import { isActive, type Run } from "../shared/use-experiments.ts";

type UnpairedProps = {
  heads: readonly Run[];
  search: CompareSearch;
  change: (next: CompareSearch, isNewPlace?: boolean) => void;
};

/** The items of one of the runs until a base is chosen. */
export function UnpairedRuns({ heads, search, change }: UnpairedProps) {
  const run = heads.find(({ runId }) => runId === search.head) ?? heads[0];
  if (!run) return null;
  return (
    <>
      {run.ruleId !== null && <LiveRunNote />}
      <ItemsView
        runs={heads}
        run={run}
        base={undefined}
        datasetId={run.datasetId}
        root={run.root}
        search={search}
        isLive={isActive(run)}
        change={change}
        pick={({ run: head, base }) =>
          change(base === "none" ? { head, open: undefined } : withBase(base, { runs: heads, head }))
        }
      />
    </>
  );
}

const LiveRunNote = () => (
  <p className="px-6 pb-2 text-muted max-md:px-4">
    A sample of traces, evaluated by the schedule of a{" "}
    <Link to="/scorers/live" className="underline underline-offset-2">
      live rule
    </Link>
    .
  </p>
);

/** Another run becomes the base. All other runs are compared with it. */
export const withBase = (base: string, { runs, head }: { runs: readonly Run[]; head: string }): CompareSearch => ({
  base,
  heads: runs
    .map(({ runId }) => runId)
    .filter((runId) => runId !== base)
    .join(","),
  head: head === base ? undefined : head,
  open: undefined,
});
