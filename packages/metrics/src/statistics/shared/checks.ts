/** Refuses what is no number: a failed or undefined score is left out by the caller, for it is neither 0 nor an average. */
export function checkFinite(name: string, values: ArrayLike<number>): void {
  for (let place = 0; place < values.length; place += 1) {
    if (!Number.isFinite(values[place])) {
      throw new RangeError(`${name}[${place}] is ${values[place]}: leave out items without a score, on both sides.`);
    }
  }
}

export function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}: give a share between 0 and 1, such as 0.05.`);
}

/** Refuses counts that are not whole numbers with 0 ≤ successes ≤ n. */
export function checkCounts(successes: number, n: number): void {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`n is ${n}: give a whole number of items.`);
  if (!Number.isSafeInteger(successes) || successes < 0 || successes > n) {
    throw new RangeError(`successes is ${successes} of ${n}: give a whole number from 0 to ${n}.`);
  }
}

export function checkSameLength(base: ArrayLike<unknown>, head: ArrayLike<unknown>): void {
  if (base.length !== head.length) {
    throw new RangeError(`base has ${base.length} items and head ${head.length}: give the same items, place by place.`);
  }
}
