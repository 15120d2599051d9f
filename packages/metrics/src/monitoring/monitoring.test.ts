import { describe, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import {
  anscombe,
  answerDiscrepancy,
  aucInterval,
  aucStandardError,
  badShareAt,
  burnRate,
  countFactor,
  distinctiveWords,
  fewestBad,
  isShareAbove,
  nextEvidence,
  rateFactor,
  robustBaseline,
  robustScore,
  shrinkBaseline,
} from "./index.ts";

describe("the detector of changes", () => {
  const factors = [1, 0, 1, 1, 0, 0, 1, 1, 1].map((x) => (x === 1 ? 0.15 / 0.05 : 0.85 / 0.95));

  test("combines the factors of windows as in the reference", () => {
    const seen: number[] = [];
    for (const factor of factors) seen.push(nextEvidence(seen.at(-1) ?? 0, factor));
    const expected = [3, 2.684210526315789, 8.052631578947366, 24.157894736842096, 21.614958448753455];
    const rest = [19.339699664674143, 58.01909899402242, 174.05729698206724, 522.1718909462016];
    for (const [place, value] of [...expected, ...rest].entries()) expect(seen[place]).toBeCloseTo(value, 9);
  });

  test("adds a beginning in each window in the form of Shiryaev and Roberts", () => {
    let evidence = 0;
    for (const factor of [2, 3]) evidence = nextEvidence(evidence, factor, "shiryaev-roberts");
    expect(evidence).toBe(9);
  });

  test("never overflows, and refuses what is no e-value", () => {
    expect(nextEvidence(Number.MAX_VALUE, 9)).toBe(Number.MAX_VALUE);
    expect(() => nextEvidence(0, -1)).toThrow(/e-value/);
    expect(() => nextEvidence(Number.NaN, 1)).toThrow(/begin with 0/);
  });

  test("has a factor that is 1 on average without a change, and less with fewer bad requests", () => {
    const meanFactor = (rate: number) => {
      const n = 20;
      let mean = 0;
      for (let bad = 0; bad <= n; bad++) mean += binomial(n, bad, rate) * rateFactor({ successes: bad, n }, 0.05);
      return mean;
    };
    expect(meanFactor(0.05)).toBeCloseTo(1, 12);
    expect(meanFactor(0.02)).toBeLessThan(1);
    expect(meanFactor(0.1)).toBeGreaterThan(1.2);
  });

  test("alarms falsely at most as often as stated, and soon after a rate doubled", () => {
    const random = createRandom(24);
    const until = (rate: number, bound: number) => {
      let evidence = 0;
      for (let window = 1; window <= 20_000; window++) {
        const bad = Array.from({ length: 50 }, () => random.next()).filter((draw) => draw < rate).length;
        evidence = nextEvidence(evidence, rateFactor({ successes: bad, n: 50 }, 0.05));
        if (evidence >= bound) return window;
      }
      return 20_000;
    };
    const meanOf = (rate: number) => Array.from({ length: 40 }, () => until(rate, 200)).reduce((a, b) => a + b, 0) / 40;
    expect(meanOf(0.05)).toBeGreaterThan(200);
    expect(meanOf(0.1)).toBeLessThan(8);
  });

  test("refuses a rate of 0, of 1 and more bad requests than there are", () => {
    expect(() => rateFactor({ successes: 1, n: 2 }, 0)).toThrow(/between 0 and 1/);
    expect(() => rateFactor({ successes: 3, n: 2 }, 0.1)).toThrow(/successes/);
    expect(rateFactor({ successes: 3, n: 3 }, 0.6)).toBeGreaterThan(1);
  });
});

const binomial = (n: number, k: number, p: number): number => {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return ways * p ** k * (1 - p) ** (n - k);
};

describe("burn rates", () => {
  test("are the bad share over the error budget", () => {
    expect(burnRate(0.144, 0.99)).toBeCloseTo(14.4, 12);
    expect(badShareAt(14.4, 0.93)).toBeGreaterThan(1);
    expect(() => burnRate(0.1, 1)).toThrow(/objective/);
  });

  test.each([
    [0.144, [6, 13, 22, 88]],
    [0.3, [11, 22, 39, 171]],
    [0.6, [17, 37, 70, 322]],
    [0.0144, [2, 3, 4, 13]],
  ])("a share above %d for certain needs as many bad requests as in the reference", (threshold, expected) => {
    expect([20, 50, 100, 500].map((n) => fewestBad(n, threshold))).toEqual(expected);
  });

  test("nothing is certain without requests, or above 1", () => {
    expect(isShareAbove({ successes: 0, n: 0 }, 0)).toBe(false);
    expect(fewestBad(10, 1)).toBeNull();
    expect(fewestBad(3, 0.9)).toBeNull();
  });
});

describe("a robust baseline", () => {
  const past = [12, 11, 13, 12, 40, 12, 10, 14];

  test("is not moved by an outlier, as in the reference", () => {
    const baseline = robustBaseline(past);
    expect(baseline).toEqual({ median: 12, scale: 1.4826, n: 8 });
    expect(robustScore(25, baseline ?? { median: 0, scale: 0, n: 0 })).toBeCloseTo(8.768379873195737, 12);
  });

  test("has a least spread, for values that hardly differ", () => {
    const same = robustBaseline([5, 5, 5]) ?? { median: 0, scale: 1, n: 0 };
    expect(robustScore(6, same)).toBe(Number.POSITIVE_INFINITY);
    expect(robustScore(5, same)).toBe(0);
    expect(robustScore(6, same, 0.5)).toBe(2);
    expect(robustBaseline([])).toBeNull();
    expect(() => robustBaseline([1, Number.NaN])).toThrow();
  });

  test("of an hour with few weeks is moved towards that of all such hours", () => {
    const general = { median: 10, scale: 2, n: 100 };
    expect(shrinkBaseline({ median: 20, scale: 4, n: 4 }, general)).toEqual({ median: 15, scale: 3, n: 4 });
    expect(shrinkBaseline(null, general)).toBe(general);
  });

  test("of counts is taken after a transform that makes their spread 1", () => {
    expect(anscombe(0)).toBeCloseTo(1.224744871391589, 12);
    expect(anscombe(100) - anscombe(90)).toBeCloseTo(1.026, 2);
  });
});

describe("distinctive words", () => {
  const counts = (values: Record<string, number>) => new Map(Object.entries(values));
  const current = counts({ refund: 30, card: 10, hello: 20, order: 40 });
  const reference = counts({ refund: 8, card: 12, hello: 25, order: 55 });

  test("are those of the reference, with the prior of both sides together", () => {
    const found = distinctiveWords(current, reference, { priorWeight: 100 });
    const of = (word: string) => found.find((one) => one.word === word);
    expect(found.map(({ word }) => word)).toEqual(
      ["refund", "card", "hello", "order"].sort((a, b) => (of(b)?.z ?? 0) - (of(a)?.z ?? 0)),
    );
    expect(of("refund")?.difference).toBeCloseTo(0.7319951897891521, 12);
    expect(of("refund")?.z).toBeCloseTo(3.054086639388854, 12);
    expect(of("order")?.difference).toBeCloseTo(-0.3013248488555675, 12);
    expect(of("order")?.z).toBeCloseTo(-2.070256258068536, 12);
    expect(of("hello")?.z).toBeCloseTo(-0.6795650721915167, 12);
    expect(of("card")?.z).toBeCloseTo(-0.33863472167939346, 12);
    expect(of("refund")?.pValue).toBeCloseTo(4 * 0.002257, 4);
  });

  test("do not exist for a side without words, and counts are whole numbers", () => {
    expect(distinctiveWords(current, new Map())).toEqual([]);
    expect(() => distinctiveWords(counts({ a: 0.5 }), reference)).toThrow(/"a" is 0.5/);
  });
});

describe("the interval of an area", () => {
  test("is that of the reference", () => {
    const area = { auc: 0.6, positives: 200, negatives: 200 };
    expect(aucStandardError(area)).toBeCloseTo(0.028194, 6);
    const [low, high] = aucInterval(area);
    expect([low, high].map((end) => Math.round(end * 1_000))).toEqual([545, 655]);
  });

  test("lies within 0 and 1, and needs both classes", () => {
    expect(aucInterval({ auc: 1, positives: 3, negatives: 3 })).toEqual([1, 1]);
    expect(() => aucInterval({ auc: 0.5, positives: 0, negatives: 3 })).toThrow(/each class/);
  });
});

describe("the discrepancy of answers", () => {
  test("is that of the reference", () => {
    const pair = { reference: ["abcd", "abce", "abff"], current: ["abxx", "acxx", "abxy"] };
    const found = answerDiscrepancy([pair], { random: createRandom(1) });
    expect(found?.value).toBeCloseTo(1.6666666666666665, 12);
    expect(found?.pValue).toBeLessThan(0.2);
  });

  test("is small for answers of one source, and needs two answers on each side", () => {
    const random = createRandom(5);
    const draw = () => Array.from({ length: 8 }, () => String(1_000 + random.below(9_000)));
    const prompts = Array.from({ length: 10 }, () => ({ reference: draw(), current: draw() }));
    expect(answerDiscrepancy(prompts, { random, permutations: 200 })?.pValue).toBeGreaterThan(0.01);
    expect(answerDiscrepancy([{ reference: ["a"], current: ["b", "c"] }], { random })).toBeNull();
  });
});

describe("the factor of counts", () => {
  test("is 1 on average over all divisions of the same answers", () => {
    const totals = [4, 3, 2];
    const drawn = 4;
    let mean = 0;
    for (let a = 0; a <= 4; a++)
      for (let b = 0; b <= 3; b++) {
        const current = [a, b, drawn - a - b];
        if ((current[2] ?? -1) < 0 || (current[2] ?? 9) > 2) continue;
        const ways = current.reduce((all, count, place) => all * choose(totals[place] ?? 0, count), 1);
        const reference = totals.map((total, place) => total - (current[place] ?? 0));
        mean += (ways / choose(9, drawn)) * countFactor({ reference, current });
      }
    expect(mean).toBeCloseTo(1, 10);
  });

  test("rises with a flipped answer, and falls with the same shares", () => {
    expect(countFactor({ reference: [50, 50], current: [5, 0] })).toBeGreaterThan(1.5);
    expect(countFactor({ reference: [100, 0], current: [0, 5] })).toBeGreaterThan(1e4);
    expect(countFactor({ reference: [50, 50], current: [3, 2] })).toBeLessThan(1);
    expect(countFactor({ reference: [3, 1], current: [0, 0] })).toBeCloseTo(1, 12);
  });

  test("needs counts of the same answers", () => {
    expect(() => countFactor({ reference: [1], current: [1, 2] })).toThrow(/same answers/);
    expect(() => countFactor({ reference: [1.5], current: [1] })).toThrow(/no count/);
  });
});

const choose = (n: number, k: number): number => {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return ways;
};
