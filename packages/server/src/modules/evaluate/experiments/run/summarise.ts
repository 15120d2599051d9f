import type { RunScorer, ScoreSummary } from "@treadle/contract";
import { type ScoreRange, scoreInterval } from "@treadle/metrics";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { RunTotals } from "../stores/run-totals.ts";
import { createSummaryStore, type ScoreCounts, type ScoreFacts } from "../stores/summary-store.ts";

const LEVEL = 0.95;
/**
 * An experiment with a precision target is checked repeatedly, and stops when the spread happens to look small. The
 * interval for the decision therefore has a higher level than the displayed interval.
 */
const STOP_LEVEL = 0.975;
const MOST_LABELS = 50;
const NO_COUNTS: Omit<ScoreCounts, "scorer"> = { undefined: 0, failed: 0, costUsd: null };

/** The summary of a run's answers for each scorer. Corpus scores are added when the run has ended. */
export async function summariseRun(
  db: Postgres,
  { runId, scorers, repeats }: { runId: string; scorers: readonly RunScorer[]; repeats: number },
): Promise<{ totals: RunTotals; scores: ScoreSummary[]; precision: number | null }> {
  const store = createSummaryStore(db);
  const totals = await store.totals(runId);
  const facts = new Map((await store.scores(runId)).map((one) => [one.scorer, one]));
  const counts = new Map((await store.counts(runId)).map((one) => [one.scorer, one]));
  const hasLabels = scorers.some(({ output }) => output.type === "label");
  const labels = hasLabels ? await store.labels(runId, MOST_LABELS) : [];
  const scores = scorers.map((scorer): ScoreSummary => {
    const scorerFacts = facts.get(scorer.key);
    const isBoolean = scorer.output.type === "boolean";
    const hasRepeats = repeats > 1 && scorerFacts !== undefined;
    const { undefined: missing, failed, costUsd } = counts.get(scorer.key) ?? NO_COUNTS;
    const own = labels.filter((one) => one.scorer === scorer.key).map(({ label, answers }) => ({ label, answers }));
    return {
      scorer: scorer.key,
      value: scorerFacts?.mean ?? null,
      isCorpus: false,
      interval: scorerFacts ? intervalOf(scorerFacts, scorer.output) : null,
      items: scorerFacts?.items ?? 0,
      undefined: missing,
      failed,
      costUsd,
      repeatDeviation: hasRepeats && scorerFacts.within !== null ? Math.sqrt(scorerFacts.within) : null,
      passAny: hasRepeats && isBoolean ? scorerFacts.passAny : null,
      passAll: hasRepeats && isBoolean ? scorerFacts.passAll : null,
      labels: scorer.output.type === "label" ? own : null,
    };
  });
  const [main] = scorers;
  const mainFacts = main && facts.get(main.key);
  return { totals, scores, precision: main && mainFacts ? precisionOf(mainFacts, main.output) : null };
}

function intervalOf(facts: ScoreFacts, range: ScoreRange, level = LEVEL): ScoreSummary["interval"] {
  const interval = scoreInterval(facts, { alpha: 1 - level, range });
  return interval && { low: interval[0], high: interval[1], level };
}

/** Half the width of the interval that decides whether to stop. Null while there is none. */
function precisionOf(facts: ScoreFacts, range: ScoreRange): number | null {
  const interval = intervalOf(facts, range, STOP_LEVEL);
  return interval && (interval.high - interval.low) / 2;
}
