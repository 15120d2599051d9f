import * as distributions from "../src/distributions/index.ts";
import * as ranking from "../src/ranking/index.ts";
import * as statistics from "../src/statistics/index.ts";

type Interval = readonly [number, number];
type Counts = [number, number, number, number];
const known = <T>(value: T | null): T => {
  if (value === null) throw new RangeError("There is no such value.");
  return value;
};

/** The functions that statisticscases.py knows under the same names, their results as numbers in its order. */
export const STATISTICS = {
  normalCdf: distributions.normalCdf,
  normalQuantile: distributions.normalQuantile,
  studentTCdf: distributions.studentTCdf,
  studentTQuantile: distributions.studentTQuantile,
  noncentralTCdf: distributions.noncentralTCdf,
  betaCdf: distributions.betaCdf,
  betaQuantile: distributions.betaQuantile,
  binomialCdf: distributions.binomialCdf,
  binomialPmf: distributions.binomialPmf,
  binomialQuantile: distributions.binomialQuantile,
  chiSquareCdf: distributions.chiSquareCdf,
  chiSquareSurvival: distributions.chiSquareSurvival,
  chiSquareQuantile: distributions.chiSquareQuantile,
  wilsonInterval: (successes: number, n: number, alpha: number) => statistics.wilsonInterval({ successes, n }, alpha),
  clopperPearsonInterval: (successes: number, n: number, alpha: number) =>
    statistics.clopperPearsonInterval({ successes, n }, alpha),
  newcombeInterval: (...[k, n, j, m, alpha]: [...Counts, number]) =>
    statistics.newcombeInterval({ base: { successes: k, n }, head: { successes: j, n: m } }, alpha),
  newcombePairedInterval: (...[both, baseOnly, headOnly, neither, alpha]: [...Counts, number]) =>
    statistics.newcombePairedInterval({ both, baseOnly, headOnly, neither }, alpha),
  estimateMean: (values: number[], alpha: number) => known(statistics.estimateMean(values, alpha)).interval,
  estimateClusteredMean: (values: number[], clusters: number[]) => {
    const { mean, standardError } = known(statistics.estimateClusteredMean(values, clusters));
    return [mean, standardError];
  },
  mcnemarExact: (baseOnly: number, headOnly: number) => statistics.mcnemarExact({ baseOnly, headOnly }),
  mcnemarCorrected: (baseOnly: number, headOnly: number) => {
    const { statistic, pValue } = known(statistics.mcnemarCorrected({ baseOnly, headOnly }));
    return [statistic, pValue];
  },
  wilcoxonTest: (differences: number[]) => {
    const { statistic, pValue } = known(statistics.wilcoxonTest(differences));
    return [statistic, pValue];
  },
  signFlipExact: (differences: number[]) => known(statistics.signFlipTest(differences)).pValue,
  hodgesLehmann: (differences: number[], alpha: number) => {
    const { estimate, interval } = known(statistics.hodgesLehmann(differences, alpha));
    return [estimate, ...interval];
  },
  holm: statistics.holm,
  benjaminiHochberg: statistics.benjaminiHochberg,
  pairedMeanPower: (...[n, difference, sd, alpha]: Counts) => statistics.pairedMeanPower(n, { difference, sd, alpha }),
  pairedRatePower: (...[n, difference, changed, alpha]: Counts) =>
    statistics.pairedRatePower(n, { difference, changed, alpha }),
  equivalence: (values: number[], margin: number) => {
    const { mean, standardError } = known(statistics.estimateMean(values));
    const freedom = values.length - 1;
    const { pValue } = statistics.equivalence({ difference: mean, standardError, freedom, margin });
    return [pValue, pValue];
  },
  sampleRatioMismatch: (counts: number[], weights: number[]) => {
    const { statistic, pValue } = known(statistics.sampleRatioMismatch(counts, weights));
    return [statistic, pValue];
  },
  fisherExact: (...[k, n, j, m]: Counts) => statistics.fisherExact({ successes: k, n }, { successes: j, n: m }),
  probabilityWorse: (...[k, n, j, m]: Counts) =>
    known(statistics.judgeRateChange({ base: { successes: k, n }, head: { successes: j, n: m } })).probabilityWorse,
  alwaysValid: (...[n, mean, variance, alpha, tunedFor]: [...Counts, number]) => {
    const { interval, eValue } = known(statistics.alwaysValid({ n, mean, variance }, { alpha, tunedFor }));
    return [...interval, eValue];
  },
  asymptoticSequence: (...[n, mean, variance, alpha]: Counts) =>
    statistics.asymptoticSequence({ n, mean, variance }, alpha),
  betaBinomialEValue: (...[successes, n, rate, a, b]: [...Counts, number]) =>
    statistics.betaBinomialEValue({ successes, n }, rate, { a, b }),
  bettingEValues: (values: number[], mean: number, alpha: number) => [
    ...statistics.bettingEValues(values, mean, alpha),
  ],
  /** The resamples come last, so that the reference can start from them. */
  bootstrapIntervals: (values: number[], seed: number) => {
    const drawn = known(statistics.bootstrapMean(values, { resamples: 400, seed }));
    const both: Interval[] = [
      known(statistics.bootstrapInterval(drawn, { method: "percentile" })),
      known(statistics.bootstrapInterval(drawn, { method: "bca" })),
    ];
    return [...both.flat(), ...drawn.resampled];
  },
  rankByMatches: (pairs: Interval[], outcomes: number[], lengths: Interval[]) => {
    const matches = pairs.map(([a, b], match) => ({
      a: String(a),
      b: String(b),
      outcome: outcomes[match] ?? 0,
      lengths: lengths[match],
    }));
    const { ratings, lengthPoints } = ranking.rankByMatches(matches, { controlLength: true, resamples: 0 });
    const byName = ratings.toSorted((one, other) => one.name.localeCompare(other.name));
    return [...byName.map(({ rating }) => rating), lengthPoints];
  },
  splitNoise: (base: number[][], head: number[][]) => {
    const { sdBetween, sdWithin } = known(statistics.splitNoise(base, head));
    return [sdBetween, sdWithin];
  },
};
