import type { PrunerName } from "@treadle/contract";
import { bestUpTo, type Seen } from "./trial.ts";

/** With fewer finished trials, no trial is compared with the median. */
const MEDIAN_STARTUP = 4;
/** Of the trials that reach a rung, one in this number continues. */
const REDUCTION = 3;

type Question = {
  readonly pruner: PrunerName;
  /** The trial that runs, with what it has reported. */
  readonly trial: Pick<Seen, "reports">;
  /** All others. */
  readonly others: readonly Seen[];
  /** Steps between two evaluations: the first rung. */
  readonly every: number;
};

/** Why a running trial should be stopped at its newest report, in words. Null while it continues. */
export function whyPrune({ pruner, trial, others, every }: Question): string | null {
  const [step, value] = trial.reports.at(-1) ?? [];
  if (pruner === "none" || step === undefined || value === undefined) return null;
  if (!Number.isFinite(value)) return "The metric is no longer a number.";
  return pruner === "median" ? byMedian(trial, others, step) : byHalving(trial, others, { every, step });
}

/** The median rule (Golovin et al. 2017, "Google Vizier", section 3.2): its best so far is worse than the median of the others at this step. */
function byMedian(trial: Pick<Seen, "reports">, others: readonly Seen[], step: number): string | null {
  const ended = others.filter(({ status }) => status === "done");
  if (ended.length < MEDIAN_STARTUP) return null;
  const values = ended.flatMap(({ reports }) => reports.find(([at]) => at === step)?.[1] ?? []);
  const best = bestUpTo(trial, step);
  if (values.length < MEDIAN_STARTUP || best === null) return null;
  const median = medianOf(values);
  return best > median
    ? `At step ${step} its best value was ${best.toPrecision(4)}, worse than the median ${median.toPrecision(4)} of ${values.length} runs.`
    : null;
}

type Rungs = { readonly every: number; readonly step: number };

/**
 * Asynchronous successive halving (Li et al. 2018, "A System for Massively Parallel Hyperparameter Tuning"): at the
 * steps every·3^k, a trial continues if it is among the best third of the trials that reached the step. The best always
 * continues.
 */
function byHalving(trial: Pick<Seen, "reports">, others: readonly Seen[], { every, step }: Rungs): string | null {
  if (!isRung(step, every)) return null;
  const own = bestUpTo(trial, step);
  if (own === null) return null;
  const reached = others.filter(({ reports }) => (reports.at(-1)?.[0] ?? 0) >= step);
  const values = reached.flatMap((other) => bestUpTo(other, step) ?? []);
  const all = [...values, own].sort((a, b) => a - b);
  const promoted = Math.max(1, Math.floor(all.length / REDUCTION));
  return own > (all[promoted - 1] ?? own)
    ? `At step ${step} its best value was ${own.toPrecision(4)}, not among the best ${promoted} of ${all.length} trials that reached this step.`
    : null;
}

function isRung(step: number, every: number): boolean {
  let rung = every;
  while (rung < step) rung *= REDUCTION;
  return rung === step;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
