import type { Reading } from "../core/reading.ts";
import type { ReplayWindow } from "../core/replay.ts";
import { type Meter, NO_SUMS, type Sums } from "../reads/meters.ts";

export type Shape = {
  readonly meter: Meter;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly partMs: number;
  readonly stepMs: number;
  /** The lengths of the windows in seconds. */
  readonly lengths: readonly number[];
};

/**
 * All windows between two times, oldest first, each made of the parts inside it. The step and the windows are multiples of a part.
 */
export function* slideWindows(parts: ReadonlyMap<number, Sums>, shape: Shape): Generator<ReplayWindow, void> {
  const { from, to, stepMs, lengths } = shape;
  const sliders = lengths.map((seconds) => ({ seconds, slide: createSlider(parts, { ...shape, seconds }) }));
  const longest = Math.max(...lengths) * 1_000;
  for (let end = Math.ceil((from + longest) / stepMs) * stepMs; end <= to; end += stepMs) {
    const readings = new Map<number, Reading>();
    for (const { seconds, slide } of sliders) readings.set(seconds, slide(end));
    yield { end, readings };
  }
}

/** The reading of a window that moves forward: parts are added and taken away, so that each is handled twice. */
function createSlider(
  parts: ReadonlyMap<number, Sums>,
  { meter, from, partMs, seconds }: Shape & { readonly seconds: number },
): (end: number) => Reading {
  if (!meter.isAdditive) return (end) => meter.toReading(parts.get(end - seconds * 1_000) ?? NO_SUMS);
  const values: Record<string, number> = {};
  const histogram = new Map<number, number>();
  let [first, last] = [from, from];
  const apply = (sums: Sums | undefined, sign: 1 | -1) => {
    if (sums === undefined) return;
    for (const { key } of meter.columns) values[key] = (values[key] ?? 0) + sign * (sums.values[key] ?? 0);
    for (const [bin, count] of sums.histogram) {
      const left = (histogram.get(bin) ?? 0) + sign * count;
      if (left > 0) histogram.set(bin, left);
      else histogram.delete(bin);
    }
  };
  return (end) => {
    for (; last < end; last += partMs) apply(parts.get(last), 1);
    for (; first < end - seconds * 1_000; first += partMs) apply(parts.get(first), -1);
    // A reading has its own numbers, but no copy of the histogram.
    return meter.toReading({ values, histogram: meter.histogram === null ? NO_SUMS.histogram : new Map(histogram) });
  };
}
