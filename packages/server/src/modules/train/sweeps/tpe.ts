import type { SweepSetting } from "@treadle/contract";
import type { Random } from "@treadle/metrics";
import { axisOf, drawSetting, drawSettings, fromAxis, isRange, toAxis } from "./space.ts";
import type { Seen, Settings, Space } from "./trial.ts";

/** Until so many trials have a value they are drawn evenly. */
const STARTUP = 10;
/** Drawn near good values. The candidate with the highest ratio of good to bad density is tried. */
const CANDIDATES = 24;
/** The best of the trials: a tenth of them, at most this many. */
const MOST_GOOD = 25;

/**
 * The next settings by the tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for Hyper-Parameter
 * Optimization", section 4), each setting independently, with Optuna's default sizes. Pruned trials count with their
 * best value, after all finished trials.
 */
export function suggestTpe(space: Space, history: readonly Seen[], random: Random): Settings {
  const ranked = history
    .flatMap((trial) => (trial.value === null || trial.status === "failed" ? [] : [{ ...trial, value: trial.value }]))
    .sort((a, b) => Number(a.status === "pruned") - Number(b.status === "pruned") || a.value - b.value);
  if (ranked.length < STARTUP) return drawSettings(space, random);
  const goods = Math.min(Math.ceil(0.1 * ranked.length), MOST_GOOD);
  const [good, rest] = [ranked.slice(0, goods), ranked.slice(goods)];
  const of = (trials: readonly Seen[], path: string) => trials.flatMap(({ params }) => params[path] ?? []);
  return Object.fromEntries(
    Object.entries(space).map(([path, dimension]) => {
      const [likes, dislikes] = [of(good, path), of(rest, path)];
      const choice = isRange(dimension)
        ? chooseNumber(dimension, { likes: numbersIn(likes), dislikes: numbersIn(dislikes) }, random)
        : chooseValue(dimension.values, { likes, dislikes }, random);
      return [path, choice];
    }),
  );
}

const numbersIn = (values: readonly SweepSetting[]) => values.filter((value) => typeof value === "number");

type Observed<Value> = { readonly likes: readonly Value[]; readonly dislikes: readonly Value[] };
type Range = Parameters<typeof axisOf>[0];

function chooseNumber(range: Range, { likes, dislikes }: Observed<number>, random: Random): number {
  const axis = axisOf(range);
  const places = (values: readonly number[]) => values.map((value) => toAxis(range, value));
  const [good, bad] = [parzenOf(places(likes), axis), parzenOf(places(dislikes), axis)];
  let best = { place: axis.low, gain: Number.NEGATIVE_INFINITY };
  for (let draw = 0; draw < CANDIDATES; draw += 1) {
    const place = drawFrom(good, axis, random);
    const gain = Math.log(densityAt(good, place)) - Math.log(densityAt(bad, place));
    if (gain > best.gain) best = { place, gain };
  }
  return fromAxis(range, best.place);
}

type Kernel = { readonly middle: number; readonly width: number };
type Axis = { readonly low: number; readonly high: number };

/** A normal hill at each observation, as wide as the gap to its farther neighbour, and one over the whole range. */
function parzenOf(places: readonly number[], { low, high }: Axis): readonly Kernel[] {
  const span = high - low;
  const sorted = places.toSorted((a, b) => a - b);
  const narrowest = span / Math.min(100, places.length + 2);
  const kernels = sorted.map((middle, at) => {
    const gap = Math.max(middle - (sorted[at - 1] ?? low), (sorted[at + 1] ?? high) - middle);
    return { middle, width: Math.min(span, Math.max(narrowest, gap)) };
  });
  return [...kernels, { middle: (low + high) / 2, width: span }];
}

function drawFrom(kernels: readonly Kernel[], { low, high }: Axis, random: Random): number {
  const kernel = kernels[random.below(kernels.length)];
  if (!kernel) return low;
  for (let tries = 0; tries < 100; tries += 1) {
    const place = kernel.middle + kernel.width * random.normal();
    if (place >= low && place <= high) return place;
  }
  return Math.min(high, Math.max(low, kernel.middle));
}

/** Up to a factor that is the same for all places. */
function densityAt(kernels: readonly Kernel[], place: number): number {
  let sum = 0;
  for (const { middle, width } of kernels) sum += Math.exp(-0.5 * ((place - middle) / width) ** 2) / width;
  return sum / kernels.length + Number.MIN_VALUE;
}

function chooseValue(
  values: readonly SweepSetting[],
  { likes, dislikes }: Observed<SweepSetting>,
  random: Random,
): SweepSetting {
  const shareIn = (seen: readonly SweepSetting[], value: SweepSetting) =>
    (seen.filter((one) => one === value).length + 1) / (seen.length + values.length);
  const good = values.map((value) => shareIn(likes, value));
  let best = { value: drawSetting({ values: [...values] }, random), gain: Number.NEGATIVE_INFINITY };
  for (let draw = 0; draw < CANDIDATES; draw += 1) {
    const value = values[weighted(good, random)];
    if (value === undefined) continue;
    const gain = Math.log(shareIn(likes, value)) - Math.log(shareIn(dislikes, value));
    if (gain > best.gain) best = { value, gain };
  }
  return best.value;
}

function weighted(shares: readonly number[], random: Random): number {
  let lot = random.next() * shares.reduce((sum, share) => sum + share, 0);
  for (const [place, share] of shares.entries()) {
    lot -= share;
    if (lot < 0) return place;
  }
  return shares.length - 1;
}
