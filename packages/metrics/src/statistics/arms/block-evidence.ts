/** The prior of Turner, Ly and Grünwald's default for two rates. */
const PRIOR = 0.18;

/**
 * The evidence, after each block, that two 0/1 streams have different rates (Turner, Ly and Grünwald 2024; exact at
 * every size and every look). A block holds the next unit of each arm, so it needs even traffic.
 */
export function blockEvidence(control: readonly number[], treatment: readonly number[]): Float64Array {
  if (control.length !== treatment.length)
    throw new RangeError(`The control has ${control.length} units and the treatment ${treatment.length}: give pairs.`);
  let [ofControl, ofTreatment, log] = [0, 0, 0];
  return Float64Array.from(control, (value, n) => {
    const other = treatment[n] ?? 0;
    for (const one of [value, other])
      if (one !== 0 && one !== 1) throw new RangeError(`Block ${n + 1} has the value ${one}: give 0 or 1.`);
    const rates = [ofControl, ofTreatment].map((successes) => (PRIOR + successes) / (2 * PRIOR + n));
    const [a = 0.5, b = 0.5] = rates;
    const shared = (a + b) / 2;
    log +=
      Math.log(likelihood(value, a) * likelihood(other, b)) -
      Math.log(likelihood(value, shared) * likelihood(other, shared));
    ofControl += value;
    ofTreatment += other;
    return Math.exp(log);
  });
}

const likelihood = (value: number, rate: number) => (value === 1 ? rate : 1 - rate);
