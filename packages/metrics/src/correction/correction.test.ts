import { expect, test } from "vitest";
import { correctionCoverage } from "../../simulations/correction-coverage.ts";
import { createRandom, type Random } from "../random.ts";
import { predictionPoweredMean } from "./prediction-powered.ts";
import { correctedRate } from "./rogan-gladen.ts";

const TRUTHS = 1000;

test("the interval of a corrected rate holds at least 93 of 100 true rates, where the raw one misses nearly all", () => {
  const random = createRandom(71);
  let [held, rawHeld] = [0, 0];
  for (let round = 0; round < TRUTHS; round += 1) {
    const rate = 0.1 + 0.8 * random.next();
    const sensitivity = 0.7 + 0.28 * random.next();
    const specificity = 0.6 + 0.35 * random.next();
    const truePositives = successes(random, 60, sensitivity);
    const trueNegatives = successes(random, 50, specificity);
    const positives = successes(random, 1000, rate * sensitivity + (1 - rate) * (1 - specificity));
    const calibration = {
      truePositives,
      falseNegatives: 60 - truePositives,
      trueNegatives,
      falsePositives: 50 - trueNegatives,
    };
    const { raw, corrected } = correctedRate({ positives, judged: 1000 }, calibration);
    if (holds(corrected?.interval, rate)) held += 1;
    if (holds(raw?.interval, rate)) rawHeld += 1;
  }
  expect(held / TRUTHS).toBeGreaterThanOrEqual(0.93);
  expect(rawHeld / TRUTHS).toBeLessThan(0.5);
});

test.each(["ppi", "ppi++"] as const)(
  "%s intervals hold at least 93 of 100 true means of scores and of rates",
  (tuning) => {
    const random = createRandom(72);
    let covered = 0;
    for (let round = 0; round < TRUTHS; round += 1) {
      const rate = 0.2 + 0.6 * random.next();
      const bias = 0.15 * random.next();
      const isRate = round % 2 === 0;
      const draw = () => {
        const truth = isRate ? Number(random.next() < rate) : 4 * rate + random.normal();
        const judged = isRate ? Number(random.next() < 0.2 + bias + 0.6 * truth) : truth + bias + 0.5 * random.normal();
        return { truth, judged };
      };
      const [known, rest] = [Array.from({ length: 120 }, draw), Array.from({ length: 600 }, draw)];
      const scores = {
        labels: known.map(({ truth }) => truth),
        judgedLabelled: known.map(({ judged }) => judged),
        judgedOnly: rest.map(({ judged }) => judged),
      };
      if (holds(predictionPoweredMean(scores, { tuning }).corrected?.interval, isRate ? rate : 4 * rate)) covered += 1;
    }
    expect(covered / TRUTHS).toBeGreaterThanOrEqual(0.93);
  },
);

test("tuned reliance is never wider than the labels alone by much, and a useless judge is left aside", () => {
  const random = createRandom(73);
  const labels = Array.from({ length: 200 }, () => random.normal());
  const good = labels.map((label) => label + 0.2 * random.normal());
  const noise = labels.map(() => random.normal());
  const more = Array.from({ length: 5000 }, () => random.normal());
  const width = (interval: readonly [number, number] | undefined) =>
    interval ? interval[1] - interval[0] : Number.NaN;
  const helped = predictionPoweredMean({ labels, judgedLabelled: good, judgedOnly: more });
  expect(width(helped.corrected?.interval)).toBeLessThan(0.4 * width(helped.labelled?.interval));
  const alone = predictionPoweredMean({ labels, judgedLabelled: noise, judgedOnly: more });
  expect(alone.reliance).toBeLessThan(0.2);
  expect(width(alone.corrected?.interval)).toBeLessThan(1.02 * width(alone.labelled?.interval));
});

test("a judge that always says the same corrects nothing: the labels alone speak", () => {
  const scores = { labels: [0, 1, 1], judgedLabelled: [1, 1, 1], judgedOnly: [1, 1, 1, 1] };
  const { corrected, labelled, reliance } = predictionPoweredMean(scores, { interval: "normal" });
  expect(reliance).toBe(0);
  expect(corrected).toEqual(labelled);
});

test("without labels, or with no other judged items, there is a raw mean but no corrected mean", () => {
  expect(predictionPoweredMean({ labels: [1], judgedLabelled: [1], judgedOnly: [0, 1, 1] })).toMatchObject({
    corrected: null,
    labelled: { value: 1 },
    raw: { value: 0.75 },
    reason: "The correction needs 20 labelled items or more, and there are 1.",
  });
  const short = predictionPoweredMean(
    { labels: [1, 0], judgedLabelled: [1, 1], judgedOnly: [] },
    { interval: "normal" },
  );
  expect(short.reason).toBe("There are fewer than two items that only the judge scored.");
  expect(() => predictionPoweredMean({ labels: [1], judgedLabelled: [], judgedOnly: [] })).toThrow("differ in length");
  expect(() => predictionPoweredMean({ labels: [], judgedLabelled: [], judgedOnly: [Number.NaN] })).toThrow(
    "NaN is no score",
  );
});

test("the corrected interval holds at least 93 of 100 true rates from 20 labels on, and a judge that made no mistake is not taken for perfect", () => {
  for (const labels of [20, 50]) {
    const { average, worst } = correctionCoverage({ labels, draws: 60, interval: "adjusted" });
    expect(average).toBeGreaterThanOrEqual(0.93);
    expect(worst).toBeGreaterThanOrEqual(0.85);
  }
  expect(correctionCoverage({ labels: 20, draws: 60, interval: "normal" }).average).toBeLessThan(0.9);
  const labels = Array.from({ length: 20 }, (_, at) => at % 2);
  const judgedOnly = Array.from({ length: 1_000 }, (_, at) => at % 2);
  const { corrected } = predictionPoweredMean({ labels, judgedLabelled: labels, judgedOnly });
  expect(corrected?.value).toBeCloseTo(0.5, 2);
  expect((corrected?.interval[1] ?? 0) - (corrected?.interval[0] ?? 0)).toBeGreaterThan(0.15);
});

test("a rate is corrected only by a judge that is better than chance and was tried on both kinds", () => {
  const judged = { positives: 70, judged: 100 };
  const by = { truePositives: 45, falseNegatives: 5, trueNegatives: 40, falsePositives: 10 };
  const { raw, corrected, signature } = correctedRate(judged, by);
  expect(raw?.value).toBe(0.7);
  expect(corrected?.value).toBeCloseTo((0.7 + 0.8 - 1) / (0.9 + 0.8 - 1), 12);
  expect(signature).toBe("rogan_gladen|interval:lang-reiczigel|alpha:0.05|version:1");
  const open = (change: object) => correctedRate(judged, { ...by, ...change });
  expect(open({ truePositives: 5, falseNegatives: 45 })).toMatchObject({
    corrected: null,
    sensitivity: { value: 0.1 },
  });
  expect(open({ truePositives: 5, falseNegatives: 45 }).reason).toContain("no better than chance");
  expect(open({ truePositives: 0, falseNegatives: 0 }).reason).toContain("sensitivity is not known");
  expect(open({ trueNegatives: 0, falsePositives: 0 }).reason).toContain("specificity is not known");
  expect(correctedRate({ positives: 0, judged: 0 }, by)).toMatchObject({ raw: null, reason: "Nothing was judged." });
  expect(correctedRate({ positives: 5, judged: 100 }, by).corrected?.value).toBe(0);
  expect(() => correctedRate({ positives: 5, judged: 3 }, by)).toThrow("5 of 3 items pass");
  expect(() => open({ trueNegatives: -1 })).toThrow("trueNegatives is -1");
});

test("a judge that few items show to be better than chance corrects nothing", () => {
  const by = { truePositives: 1, falseNegatives: 0, trueNegatives: 1, falsePositives: 99 };
  expect(correctedRate({ positives: 70, judged: 100 }, by)).toMatchObject({
    corrected: null,
    reason: "There are too few calibration items to show that the judge is better than chance.",
  });
});

test("the counts of a weighted sample need not be whole", () => {
  const by = { truePositives: 45, falseNegatives: 5, trueNegatives: 40, falsePositives: 10 };
  const widthAt = (judged: number) => {
    const { interval = [0, 0] } = correctedRate({ positives: 0.7 * judged, judged }, by).corrected ?? {};
    return interval[1] - interval[0];
  };
  expect(correctedRate({ positives: 30.8, judged: 44 }, by).corrected?.value).toBeCloseTo(0.5 / 0.7, 12);
  expect(widthAt(44.4)).toBeLessThan(widthAt(44));
  expect(widthAt(44.4)).toBeGreaterThan(widthAt(45));
  expect(() => correctedRate({ positives: 1, judged: Number.NaN }, by)).toThrow("judged is NaN");
});

function successes(random: Random, trials: number, probability: number): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial += 1) if (random.next() < probability) count += 1;
  return count;
}

const holds = (interval: readonly [number, number] | undefined, truth: number): boolean =>
  interval !== undefined && interval[0] <= truth && truth <= interval[1];
