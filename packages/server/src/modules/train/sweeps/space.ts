import type { SweepDimension, SweepSetting } from "@treadle/contract";
import type { Random } from "@treadle/metrics";
import type { Settings, Space } from "./trial.ts";

type RangeDimension = Exclude<SweepDimension, { values: unknown }>;
export const isRange = (dimension: SweepDimension): dimension is RangeDimension => "min" in dimension;

/** A range on the axis on which it is even: the logarithm's where it is searched in powers. */
export const axisOf = ({ min, max, log }: RangeDimension) =>
  log ? { low: Math.log(min), high: Math.log(max) } : { low: min, high: max };

export const toAxis = ({ log }: RangeDimension, value: number): number => (log ? Math.log(value) : value);

/** A place on the axis as the setting that is tried: rounded to six digits, or to a whole number, and never outside of the range. */
export function fromAxis({ min, max, log, whole }: RangeDimension, place: number): number {
  const value = log ? Math.exp(place) : place;
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(6));
  return Math.min(whole ? Math.floor(max) : max, Math.max(whole ? Math.ceil(min) : min, rounded));
}

/** One setting, drawn evenly. */
export function drawSetting(dimension: SweepDimension, random: Random): SweepSetting {
  if (!isRange(dimension)) return dimension.values[random.below(dimension.values.length)] ?? "";
  const { low, high } = axisOf(dimension);
  return fromAxis(dimension, low + random.next() * (high - low));
}

export const drawSettings = (space: Space, random: Random): Settings =>
  Object.fromEntries(Object.entries(space).map(([path, dimension]) => [path, drawSetting(dimension, random)]));

/** How many places of a range a grid tries. */
const GRID_PLACES = 4;

/** The values of a setting that a grid tries: all of a list, and of a range its ends and the places between them. */
export function gridOf(dimension: SweepDimension): readonly SweepSetting[] {
  if (!isRange(dimension)) return dimension.values;
  const { low, high } = axisOf(dimension);
  const places = Array.from({ length: GRID_PLACES }, (_, place) =>
    fromAxis(dimension, low + (place / (GRID_PLACES - 1)) * (high - low)),
  );
  return [...new Set(places)];
}

/** How many combinations a grid has. */
export const gridSize = (space: Space): number =>
  Object.values(space).reduce((product, dimension) => product * gridOf(dimension).length, 1);

/** The combination of a number from 0; the first setting turns slowest. */
export function gridSettings(space: Space, number: number): Settings {
  let rest = number;
  const settings: [string, SweepSetting][] = [];
  for (const [path, dimension] of Object.entries(space).toReversed()) {
    const values = gridOf(dimension);
    settings.unshift([path, values[rest % values.length] ?? ""]);
    rest = Math.floor(rest / values.length);
  }
  return Object.fromEntries(settings);
}
