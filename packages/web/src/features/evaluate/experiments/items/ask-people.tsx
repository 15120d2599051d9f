import { formatNumberOf } from "../../../../components/text/format.ts";
import { ToQueueButton } from "../../to-queue/index.ts";
import type { ItemsSearch } from "../shared/experiment-search.ts";
import type { Run } from "../shared/use-experiments.ts";
import { type RunItem, useRegressions } from "../shared/use-runs.ts";

type AskProps = { run: Run; base: Run | undefined; items: readonly RunItem[] };

/** Sends answers to a queue for human review. Reviewers do not see which run gave an answer. */
export function AskPeople({ run, base, items }: AskProps) {
  const itemIds = items.map(({ itemId }) => itemId);
  return (
    <ToQueueButton
      label="Human review"
      body={
        base
          ? {
              from: "comparison",
              runIds: [base.runId, run.runId],
              itemIds,
              reason: `${run.name} compared with ${base.name}`,
            }
          : { from: "run", runId: run.runId, itemIds }
      }
      what={formatNumberOf(items.length, "item")}
    />
  );
}

type RegressionProps = Omit<AskProps, "items"> & { search: ItemsSearch; isLive: boolean };

/** Sends all regressions of the list to a queue, across all pages; hidden without regressions. */
export function AskAboutRegressions({ run, base, search, isLive }: RegressionProps) {
  const { count, loadIds } = useRegressions({ runId: run.runId, base: base?.runId, search, isLive });
  if (!base || count === 0) return null;
  const what = formatNumberOf(count, "regression");
  return (
    <ToQueueButton
      label={`Review ${what}`}
      body={async () => ({
        from: "comparison",
        runIds: [base.runId, run.runId],
        itemIds: await loadIds(),
        reason: `Worse in ${run.name} than in ${base.name}`,
      })}
      what={what}
    />
  );
}
