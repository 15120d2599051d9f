import type { ExperimentPlan, ExperimentPlanInput } from "@treadle/contract";
import { pairedMeanDetectable, planItems, splitNoise } from "@treadle/metrics";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { RunRow } from "../stores/run-store.ts";
import { createValueStore } from "../stores/summary-store.ts";
import { scorerOf } from "./run-items.ts";

type Deps = { readonly db: Postgres; find(scope: Scope, runId: string): Promise<RunRow> };
/** Standard deviations: of the difference of an item's true scores, and of one answer around its item's true score. */
type Noise = {
  readonly between: number;
  readonly within: number;
  readonly items: number | null;
  readonly basis: string;
};

const MOST_REPEATS = 10;
const MOST_ITEMS = 10_000_000;

/** How many items and repeats it takes to see a difference, from the noise of runs that are there or from a number. */
export async function planExperiment(deps: Deps, scope: Scope, input: ExperimentPlanInput): Promise<ExperimentPlan> {
  const { difference, power, alpha } = input;
  const { between, within, items, basis } = await noiseOf(deps, scope, input);
  if (between === 0 && within === 0)
    throw new AppError("unprocessable", {
      message: "All scores of the run are the same, so there is no variance to plan with. Set `standardDeviation`.",
      details: { param: "runId" },
    });
  const noise = { sdBetween: between, sdWithin: within };
  const options = planItems({ difference, ...noise, power, alpha, mostRepeats: MOST_REPEATS, mostItems: MOST_ITEMS });
  const sd = Math.sqrt(between ** 2 + 2 * within ** 2);
  const detectable = items === null ? null : pairedMeanDetectable(items, { sd, power, alpha });
  return {
    difference,
    power,
    alpha,
    standardDeviation: sd,
    withinDeviation: within,
    basis,
    options: options.map((option) => ({
      repeats: option.repeats,
      items: option.items,
      answers: option.items * option.repeats,
    })),
    detectable: items === null || detectable === null ? null : { items, difference: detectable },
  };
}

async function noiseOf({ db, find }: Deps, scope: Scope, input: ExperimentPlanInput): Promise<Noise> {
  const { runId, baseRunId, standardDeviation, withinDeviation } = input;
  if (runId === undefined) {
    const within = withinDeviation;
    const between = Math.sqrt(Math.max(0, (standardDeviation ?? 0) ** 2 - 2 * within ** 2));
    return { between, within, items: null, basis: "The standard deviation from the request." };
  }
  const run = await find(scope, runId);
  const scorer = scorerOf(run, input.scorer);
  if (!scorer) throw new AppError("unprocessable", { message: "The run has no scores to plan with." });
  const own = new Map(
    (await createValueStore(db).repeats(runId, scorer.key)).map(({ itemId, values }) => [itemId, values]),
  );
  if (baseRunId === undefined) return noiseOfOne([...own.values()]);
  const base = new Map(
    (await createValueStore(db).repeats((await find(scope, baseRunId)).id, scorer.key)).map(({ itemId, values }) => [
      itemId,
      values,
    ]),
  );
  const ids = [...own.keys()].filter((itemId) => base.has(itemId));
  const rows = { base: ids.map((id) => base.get(id) ?? []), head: ids.map((id) => own.get(id) ?? []) };
  const split = splitNoise(rows.base, rows.head);
  if (split)
    return {
      between: split.sdBetween,
      within: split.sdWithin,
      items: ids.length,
      basis: `The paired differences of both runs over ${ids.length} items, with their repeats.`,
    };
  const spread = deviation(ids.map((id) => mean(own.get(id) ?? []) - mean(base.get(id) ?? [])));
  return {
    between: spread,
    within: 0,
    items: ids.length,
    basis: `The paired differences of both runs over ${ids.length} items. Without repeats, all variance is attributed to the items.`,
  };
}

/** One run alone does not show the correlation with another. The differences of independent answers are the maximum. */
function noiseOfOne(items: readonly (readonly number[])[]): Noise {
  const repeated = items.filter(({ length }) => length > 1);
  const within = repeated.length === 0 ? 0 : Math.sqrt(mean(repeated.map((values) => deviation(values) ** 2)));
  const repeats = items.length === 0 ? 1 : mean(items.map(({ length }) => length));
  const spread = Math.max(0, deviation(items.map(mean)) ** 2 - within ** 2 / repeats);
  const basis = `The variance of the run over ${items.length} items, assuming that the other run's answers are independent. Name a \`baseRunId\` for a more precise plan.`;
  return { between: Math.sqrt(2 * spread), within, items: items.length, basis };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
