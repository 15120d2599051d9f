import type { RunScorer, ScoreSummary } from "@treadle/contract";
import { studentTQuantile, wilsonInterval } from "@treadle/metrics";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { RunTotals } from "./run-totals.ts";
import { createSummaryStore, type ScoreCounts, type ScoreFacts } from "./summary-store.ts";

const LEVEL = 0.95;
const MOST_LABELS = 50;
const NO_COUNTS: Omit<ScoreCounts, "scorer"> = { undefined: 0, failed: 0, costUsd: null };

/** What a run's answers come to: one summary for each of its scorers. Corpus scores come when the run has ended. */
export async function summariseRun(
  db: Postgres,
  { runId, scorers, repeats }: { runId: string; scorers: readonly RunScorer[]; repeats: number },
): Promise<{ totals: RunTotals; scores: ScoreSummary[] }> {
  const store = createSummaryStore(db);
  const totals = await store.totals(runId);
  const facts = new Map((await store.scores(runId)).map((one) => [one.scorer, one]));
  const counts = new Map((await store.counts(runId)).map((one) => [one.scorer, one]));
  const hasLabels = scorers.some(({ output }) => output.type === "label");
  const labels = hasLabels ? await store.labels(runId, MOST_LABELS) : [];
  const scores = scorers.map((scorer): ScoreSummary => {
    const found = facts.get(scorer.key);
    const isBoolean = scorer.output.type === "boolean";
    const hasRepeats = repeats > 1 && found !== undefined;
    const { undefined: missing, failed, costUsd } = counts.get(scorer.key) ?? NO_COUNTS;
    const own = labels.filter((one) => one.scorer === scorer.key).map(({ label, answers }) => ({ label, answers }));
    return {
      ...{ scorer: scorer.key, value: found?.mean ?? null, isCorpus: false },
      interval: found ? intervalOf(found, isBoolean && repeats === 1) : null,
      ...{ items: found?.items ?? 0, undefined: missing, failed, costUsd },
      repeatDeviation: hasRepeats && found.within !== null ? Math.sqrt(found.within) : null,
      passAny: hasRepeats && isBoolean ? found.passAny : null,
      passAll: hasRepeats && isBoolean ? found.passAll : null,
      labels: scorer.output.type === "label" ? own : null,
    };
  });
  return { totals, scores };
}

/** Wilson's for shares, Student's for means; items are the units. */
function intervalOf({ mean, variance, items }: ScoreFacts, isShare: boolean): ScoreSummary["interval"] {
  if (mean === null || items === 0) return null;
  if (isShare) {
    const wilson = wilsonInterval({ successes: Math.round(mean * items), n: items }, 1 - LEVEL);
    return wilson && { low: wilson[0], high: wilson[1], level: LEVEL };
  }
  if (items < 2 || variance === null) return null;
  const half = studentTQuantile(1 - (1 - LEVEL) / 2, items - 1) * Math.sqrt(variance / items);
  return { low: mean - half, high: mean + half, level: LEVEL };
}

/** Half the width of a score's interval; null while there is none. */
export const precisionOf = ({ interval }: ScoreSummary): number | null =>
  interval && (interval.high - interval.low) / 2;
