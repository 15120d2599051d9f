import type { FrontierVariant } from "./use-frontier.ts";

export const HEIGHT = 320;
export const SPACE = { left: 56, right: 24, top: 16, bottom: 44 };

type Range = readonly [low: number, high: number];
export type Scales = {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly cost: Range;
  readonly quality: Range;
  readonly width: number;
};

/** Where costs and qualities lie in a chart of this width, in pixels. */
export function scalesOf(variants: readonly Pick<FrontierVariant, "cost" | "quality">[], width: number): Scales {
  const cost = rangeOf(variants.map((one) => one.cost));
  const quality = rangeOf(variants.map((one) => one.quality));
  const place = (value: number, [low, high]: Range) => Math.max(0, Math.min(1, (value - low) / (high - low)));
  return {
    cost,
    quality,
    width,
    x: (value) => SPACE.left + place(value, cost) * (width - SPACE.left - SPACE.right),
    y: (value) => HEIGHT - SPACE.bottom - place(value, quality) * (HEIGHT - SPACE.top - SPACE.bottom),
  };
}

/** From the lowest to the highest number that is drawn, with some space. */
function rangeOf(estimates: readonly FrontierVariant["cost"][]): Range {
  const all = estimates.flatMap(({ mean, lowerBound, upperBound }) =>
    [mean, lowerBound, upperBound].filter((value) => value !== null),
  );
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const space = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low - space, high + space];
}

/** Round numbers within a range: 1, 2 or 5 times a power of ten apart, at most this many. */
export function ticksOf([low, high]: Range, most: number): number[] {
  const least = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5].find((times) => times * power >= least) ?? 10) * power;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) =>
    Number(((first + place) * step).toPrecision(12)),
  );
}
