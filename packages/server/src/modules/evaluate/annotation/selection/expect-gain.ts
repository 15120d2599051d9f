/** The width of the 95 % interval of a rate. */
const Z = 1.959964;

type Labels = { readonly labelled: number; readonly drawn: number; readonly chosen: number; readonly matching: number };

/**
 * The width of the interval of a rate over all matching spans, before and after labeling: twice z √(¼ / n · (N − n) /
 * (N − 1)), for the least favorable rate. Spans selected for their value tell nothing about the others, so only random
 * spans narrow the interval.
 */
export function expectGain({ labelled, drawn, chosen, matching }: Labels, secondsEach: number) {
  const minutes = ((drawn + chosen) * secondsEach) / 60;
  const before = widthOf(labelled, matching);
  const rest = Math.max(0, matching - chosen);
  const after = matching === 0 ? 0 : (widthOf(labelled + drawn, rest) * rest) / matching;
  const widthAfter = Math.min(before, after);
  return {
    minutes,
    labelled,
    widthNow: before,
    widthAfter,
    perMinute: minutes === 0 ? 0 : (before - widthAfter) / minutes,
  };
}

/** 1 where nothing is known: a rate lies between 0 and 1. */
function widthOf(n: number, of: number): number {
  if (of === 0 || n >= of) return 0;
  if (n === 0) return 1;
  return Math.min(1, 2 * Z * Math.sqrt((0.25 / n) * ((of - n) / Math.max(1, of - 1))));
}
