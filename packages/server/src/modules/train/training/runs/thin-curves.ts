import type { TrainingSeries } from "@treadle/contract";

type Measured = { readonly step: number; readonly values: Readonly<Record<string, unknown>> };
/** Steps in order, and their values. */
type Curve = { readonly steps: number[]; readonly values: number[] };
export type Curves = Map<string, Curve>;

/** Fields that are not curves over the steps. */
const LEFT_OUT = new Set(["v", "seq", "t", "step", "total_steps"]);

export const createCurves = (): Curves => new Map();

/** Adds measurements to the curves: each number at its step. If a step occurs twice, the later one counts. */
export function addMeasured(curves: Curves, measured: readonly Measured[]): void {
  for (const { step, values } of measured)
    for (const [key, value] of Object.entries(values))
      if (!LEFT_OUT.has(key) && typeof value === "number") put(curveOf(curves, key), step, value);
}

function curveOf(curves: Curves, key: string): Curve {
  const there = curves.get(key);
  if (there) return there;
  const made: Curve = { steps: [], values: [] };
  curves.set(key, made);
  return made;
}

/** Nearly always at the end. After a resume, it replaces earlier measurements. */
function put({ steps, values }: Curve, step: number, value: number): void {
  let at = steps.length;
  if (at > 0 && step <= (steps[at - 1] ?? 0)) {
    let low = 0;
    while (low < at) {
      const middle = (low + at) >> 1;
      if ((steps[middle] ?? 0) < step) low = middle + 1;
      else at = middle;
    }
  }
  if (steps[at] === step) values[at] = value;
  else {
    steps.splice(at, 0, step);
    values.splice(at, 0, value);
  }
}

/** Each curve with at most so many points. */
export const thinCurves = (curves: Curves, most: number): TrainingSeries[] =>
  [...curves].map(([key, { steps, values }]) => ({
    key,
    points: keptPlaces(values, most).map((at): [number, number] => [steps[at] ?? 0, values[at] ?? 0]),
    total: steps.length,
  }));

/** The retained points: the lowest and the highest of each interval, so that no spike is lost, and both ends. */
function keptPlaces(values: readonly number[], most: number): number[] {
  if (values.length <= most) return values.map((_, at) => at);
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const inner = values.length - 2;
  const keptPoints = [0];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * inner) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * inner) / stretches);
    if (from < to) keptPoints.push(...extremesOf(values, from, to));
  }
  keptPoints.push(values.length - 1);
  return keptPoints;
}

/** The places of the lowest and the highest value, in their order; one where they are the same. */
function extremesOf(values: readonly number[], from: number, to: number): number[] {
  let low = from;
  let high = from;
  for (let at = from + 1; at < to; at++) {
    const value = values[at] ?? 0;
    if (value < (values[low] ?? 0)) low = at;
    if (value > (values[high] ?? 0)) high = at;
  }
  return low === high ? [low] : low < high ? [low, high] : [high, low];
}
