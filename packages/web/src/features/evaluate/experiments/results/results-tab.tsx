import { spentWords } from "../shared/experiment-progress.tsx";
import { type Experiment, isActive } from "../shared/use-experiments.ts";
import { useComparison, useCorrections } from "../shared/use-runs.ts";
import { baselineOf } from "../shared/words.ts";
import { FrontierView } from "./frontier-view.tsx";
import { VariantTable } from "./variant-table.tsx";

/** The scores of the variants, their comparison with the baseline, and quality against cost. */
export function ResultsTab({ experiment }: { experiment: Experiment }) {
  const { runs } = experiment;
  const base = baselineOf(experiment);
  const isOver = !isActive(experiment);
  const heads = runs.filter((run) => run !== base && run.answers > 0).map(({ runId }) => runId);
  const comparison = useComparison({ base: isOver && base?.answers ? base.runId : undefined, heads });
  // Only stored scorers can be calibrated against people.
  const isStored = runs[0]?.scorers.some(({ version }) => version !== null) ?? false;
  const corrections = useCorrections(isOver && isStored ? runs.map(({ runId }) => runId) : []);
  return (
    <>
      <VariantTable
        experiment={experiment}
        base={base}
        corrections={corrections}
        comparison={isOver ? comparison.data : undefined}
      />
      <p className="num text-xs text-muted">
        {isOver && `${spentWords(experiment)}. `}
        Scores are means over items with 95% intervals. Repeats of an item are averaged first. Missing and failed scores
        are counted separately and never count as zero.
      </p>
      {isOver && runs.length > 1 && <FrontierView runs={runs} scorer={undefined} />}
    </>
  );
}
