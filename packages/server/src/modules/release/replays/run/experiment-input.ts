import { type ExperimentBudget, ExperimentInput, type ExperimentVariant, type ReplayInput } from "@treadle/contract";

type Parts = {
  readonly replayId: string;
  readonly dataset: { readonly datasetId: string; readonly version: string };
  readonly variants: readonly ExperimentVariant[];
  readonly baseline: string | null;
};

/** Marks the run and the experiment of a replay. */
export const tagOf = (replayId: string): string => `replay:${replayId}`;

/** Each candidate and the scores of the recorded answers get an equal part of the budget. */
export function splitBudget({ budget, candidates }: ReplayInput): {
  experiment: ExperimentBudget;
  baseline: ExperimentBudget;
} {
  const part = 1 / (candidates.length + 1);
  const shareOf = (share: number): ExperimentBudget => ({
    usd: budget.usd === null ? null : budget.usd * share,
    tokens: Math.max(1, Math.floor(budget.tokens * share)),
  });
  return { baseline: shareOf(part), experiment: shareOf(1 - part) };
}

/** The experiment of a replay. */
export const experimentOf = (input: ReplayInput, { replayId, dataset, variants, baseline }: Parts): ExperimentInput =>
  ExperimentInput.parse({
    name: input.name,
    description: "Recorded calls, replayed. The baseline is the recorded answers.",
    dataset,
    variants,
    scorers: input.scorers,
    concurrency: input.concurrency,
    budget: splitBudget(input).experiment,
    replay: true,
    baseline,
    tags: [tagOf(replayId)],
  });
