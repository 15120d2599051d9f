import { formatNumberOf } from "../../components/format.ts";
import { ToQueueButton } from "../to-queue/index.ts";
import type { Run } from "./use-experiments.ts";
import type { RunItem } from "./use-runs.ts";

type AskProps = { run: Run; base: Run | undefined; items: readonly RunItem[] };

/** Has people say which of two answers is better, or what they think of the only one. They are not told whose it is. */
export function AskPeople({ run, base, items }: AskProps) {
  const itemIds = items.map(({ itemId }) => itemId);
  return (
    <ToQueueButton
      label="Ask people"
      body={
        base
          ? { from: "comparison", runIds: [base.runId, run.runId], itemIds, reason: `${run.name} against ${base.name}` }
          : { from: "run", runId: run.runId, itemIds }
      }
      what={formatNumberOf(items.length, "item")}
    />
  );
}

/** The same of what got worse, as far as it is loaded; nothing where nothing did. */
export function AskAboutRegressions({ run, base, items }: AskProps) {
  const worse = items.filter(({ change }) => change !== null && change < 0);
  if (!base || worse.length === 0) return null;
  return (
    <ToQueueButton
      label={`Ask people about ${formatNumberOf(worse.length, "regression")}`}
      body={{
        ...{ from: "comparison", runIds: [base.runId, run.runId], itemIds: worse.map(({ itemId }) => itemId) },
        reason: `Worse in ${run.name} than in ${base.name}`,
      }}
      what={formatNumberOf(worse.length, "regression")}
    />
  );
}
