import { Link } from "@tanstack/react-router";
import { explain } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Tabs } from "../../../components/layout/tabs.tsx";
import { addCondition } from "../filter/index.ts";
import { BreakdownTable } from "./breakdown-table.tsx";
import { ModelTable } from "./model-table.tsx";
import { BREAKDOWNS, type Breakdown } from "./overview-search.ts";
import { CALLS, useBreakdown } from "./use-breakdown.ts";
import type { Looked, Overview } from "./use-overview.ts";

type SectionProps = {
  overview: Overview | undefined;
  looked: Looked;
  by: Breakdown;
  onBy: (by: Breakdown) => void;
};

const LABELS = { model: "Model", user: "User", tag: "Tag", endpoint: "Endpoint", prompt: "Prompt" } as const;
const NAMES = BREAKDOWNS.map((name) => LABELS[name]);

/** Who and what the requests and their cost come from. */
export function BreakdownSection({ overview, looked, by, onBy }: SectionProps) {
  return (
    <section aria-labelledby="breakdown" className="card min-w-0">
      <div className="flex items-end gap-x-5 overflow-x-auto border-line border-b px-4 pt-2 max-md:flex-col max-md:items-start">
        <h2 id="breakdown" className="py-1.5 font-semibold whitespace-nowrap">
          Cost and model calls by
        </h2>
        <div className="-mb-px">
          <Tabs
            label="Cost and model calls by"
            names={NAMES}
            shown={LABELS[by]}
            onShow={(name) => onBy(BREAKDOWNS[NAMES.indexOf(name)] ?? "model")}
          />
        </div>
      </div>
      {by === "model" ? (
        <ModelTable overview={overview} looked={looked} />
      ) : (
        <OtherTable by={by} looked={looked} totalUsd={overview?.totals.costUsd ?? 0} />
      )}
    </section>
  );
}

type OtherProps = { by: Exclude<Breakdown, "model">; looked: Looked; totalUsd: number };

function OtherTable({ by, looked, totalUsd }: OtherProps) {
  const { data, error, refetch, isPlaceholderData } = useBreakdown(by, looked);
  if (error && !data)
    return (
      <div role="alert" className="flex flex-col items-center gap-2 px-4 py-8 text-center">
        <p className="break-words text-muted">
          <span className="font-medium text-bad">Not loaded</span>: {explain(error)}
        </p>
        <Button size="small" onClick={() => refetch()}>
          Retry
        </Button>
      </div>
    );
  // Rows of another tab are not a placeholder for this tab.
  const metrics = data?.columns.some(({ name }) => name === by) ? data : undefined;
  return (
    <div className={isPlaceholderData && metrics ? "opacity-60" : ""}>
      <BreakdownTable by={by} label={LABELS[by]} metrics={metrics} looked={looked} totalUsd={totalUsd} />
      <p className="border-line border-t px-4 py-2 text-xs text-muted">
        {metrics?.isTruncated && `The ${metrics.rows.length - 1} most expensive, and all others combined. `}
        <Link
          to="/explore"
          search={{
            ...looked.range,
            by,
            filter: addCondition(looked.filter.filter ?? "", CALLS),
            ...(looked.isCompared && { compare: "previous" }),
          }}
          className="underline underline-offset-2 hover:text-text"
        >
          Open in Explore
        </Link>
      </p>
    </div>
  );
}
