import type { TrainingSeries } from "@treadle/contract";

type Measured = { readonly step: number; readonly values: Readonly<Record<string, unknown>> };
type Point = [step: number, value: number];

/** What is no curve over the steps. */
const LEFT_OUT = new Set(["v", "seq", "t", "step", "total_steps"]);

/** The curves of a run: each number that was measured, over its steps. Of a step that came twice, the later counts. */
export function curvesOf(measured: readonly Measured[], most: number): TrainingSeries[] {
  const curves = new Map<string, Map<number, number>>();
  for (const { step, values } of measured)
    for (const [key, value] of Object.entries(values)) {
      if (LEFT_OUT.has(key) || typeof value !== "number") continue;
      const curve = curves.get(key) ?? new Map<number, number>();
      curve.set(step, value);
      curves.set(key, curve);
    }
  return [...curves].map(([key, curve]) => {
    const points = [...curve].toSorted(([a], [b]) => a - b);
    return { key, points: thin(points, most), total: points.length };
  });
}

/** At most so many points: of each stretch the lowest and the highest, so that no spike is lost, and both ends. */
export function thin(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const inner = points.slice(1, -1);
  const kept: Point[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * inner.length) / stretches);
    const part = inner.slice(from, Math.floor(((stretch + 1) * inner.length) / stretches));
    const [low, high] = extremesOf(part);
    if (low === undefined || high === undefined) continue;
    if (low === high) kept.push(low);
    else kept.push(...(low[0] < high[0] ? [low, high] : [high, low]));
  }
  const [first] = points;
  const last = points.at(-1);
  return [...(first ? [first] : []), ...kept, ...(last ? [last] : [])];
}

function extremesOf(points: readonly Point[]): [Point | undefined, Point | undefined] {
  let [low] = points;
  let high = low;
  for (const point of points) {
    if (low && point[1] < low[1]) low = point;
    if (high && point[1] > high[1]) high = point;
  }
  return [low, high];
}
