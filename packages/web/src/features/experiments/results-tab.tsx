import { spentWords } from "./experiment-progress.tsx";
import { FrontierView } from "./frontier-view.tsx";
import { type Experiment, isActive } from "./use-experiments.ts";
import { useComparison, useCorrections } from "./use-runs.ts";
import { VariantTable } from "./variant-table.tsx";
import { baselineOf } from "./words.ts";

/** What the variants scored, what became of the score against the baseline, and quality against cost. */
export function ResultsTab({ experiment }: { experiment: Experiment }) {
  const { runs } = experiment;
  const base = baselineOf(experiment);
  const isOver = !isActive(experiment);
  const heads = runs.filter((run) => run !== base && run.answers > 0).map(({ runId }) => runId);
  const comparison = useComparison({ base: isOver && base?.answers ? base.runId : undefined, heads });
  // Only stored scorers can have been compared with people.
  const isStored = runs[0]?.scorers.some(({ version }) => version !== null) ?? false;
  const corrections = useCorrections(isOver && isStored ? runs.map(({ runId }) => runId) : []);
  return (
    <>
      <VariantTable {...{ experiment, base, corrections }} comparison={isOver ? comparison.data : undefined} />
      <p className="num text-xs text-muted">
        {isOver && `${spentWords(experiment)}. `}
        Scores are means over items with their 95% intervals; repeats of an item are averaged first. Answers without a
        score and failed ones are counted beside it and are never zeros.
      </p>
      {isOver && runs.length > 1 && <FrontierView runs={runs} scorer={undefined} />}
    </>
  );
}
