/**
 * Holm's adjusted p-values: with all below alpha called different, one or more wrong calls happen in at most alpha of such families.
 * In the order given; a null (no test was possible) stays null and does not count.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  return adjust(pValues, (sorted) => {
    let most = 0;
    return sorted.map((p, place) => {
      most = Math.max(most, Math.min(1, (sorted.length - place) * p));
      return most;
    });
  });
}

/** Benjamini and Hochberg's adjusted p-values: of those below alpha, on average at most the share alpha is wrong. */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  return adjust(pValues, (sorted) => {
    let least = 1;
    const adjusted = sorted.map((p, place) => (p * sorted.length) / (place + 1));
    for (let place = adjusted.length - 1; place >= 0; place -= 1) {
      least = Math.min(least, adjusted[place] ?? 1);
      adjusted[place] = least;
    }
    return adjusted;
  });
}

function adjust(pValues: readonly (number | null)[], step: (sorted: number[]) => number[]): (number | null)[] {
  for (const [place, p] of pValues.entries()) {
    if (p !== null && !(p >= 0 && p <= 1))
      throw new RangeError(`pValues[${place}] is ${p}: give a number within 0 and 1, or null.`);
  }
  const known = pValues.flatMap((p, place) => (p === null ? [] : [{ p, place }])).sort((a, b) => a.p - b.p);
  const adjusted = step(known.map(({ p }) => p));
  const result: (number | null)[] = pValues.map(() => null);
  for (const [rank, { place }] of known.entries()) result[place] = adjusted[rank] ?? null;
  return result;
}
