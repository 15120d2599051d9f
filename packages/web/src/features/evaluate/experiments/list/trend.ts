import type { Experiment } from "../shared/use-experiments.ts";
import { bestRun, mainScore } from "../shared/words.ts";

/** The key of comparable experiments: the same main score on the same dataset. */
function threadOf(experiment: Experiment): string {
  const run = experiment.runs[0];
  return `${experiment.dataset.datasetId} ${run?.scorers[0]?.key ?? ""}`;
}

/** The best main scores of this and earlier experiments on the same dataset, oldest first. `all` is newest first. */
export function trendOf(experiment: Experiment, all: readonly Experiment[]): readonly number[] {
  const thread = threadOf(experiment);
  return all
    .slice(all.indexOf(experiment))
    .filter((one) => threadOf(one) === thread)
    .slice(0, MOST)
    .flatMap((one) => {
      const run = bestRun(one);
      const value = run ? (mainScore(run)?.summary?.value ?? null) : null;
      return value === null ? [] : [value];
    })
    .toReversed();
}

const MOST = 12;
const WIDTH = 64;
const HEIGHT = 18;
const EDGE = 2.5;

/** The points of a sparkline, scaled to its range. */
export function linePoints(values: readonly number[]): readonly (readonly [x: number, y: number])[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
  return values.map((value, place) => [
    EDGE + place * step,
    most > least ? HEIGHT - EDGE - ((value - least) / (most - least)) * (HEIGHT - 2 * EDGE) : HEIGHT / 2,
  ]);
}
export const LINE_SIZE = { width: WIDTH, height: HEIGHT } as const;
