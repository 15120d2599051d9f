import fc from "fast-check";
import { expect, test } from "vitest";
import { meanPassAtK, meanPassHatK, passAtK, passHatK } from "./pass.ts";
import { bitsPerByte, likelihoodStats, perplexity } from "./perplexity.ts";

const task = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([samples, passed]) => ({ samples, passed: Math.min(samples, passed) }));

test("one passing sample is likelier to be among more, and all passing less likely; with one they are the pass rate", () => {
  fc.assert(
    fc.property(task, ({ samples, passed }) => {
      expect(passAtK({ samples, passed }, 1).value).toBeCloseTo(passed / samples, 12);
      expect(passHatK({ samples, passed }, 1).value).toBeCloseTo(passed / samples, 12);
      for (let k = 2; k <= samples; k += 1) {
        const [any, all] = [passAtK, passHatK].map((metric) => metric({ samples, passed }, k).value ?? Number.NaN);
        expect(any).toBeGreaterThanOrEqual((passAtK({ samples, passed }, k - 1).value ?? 2) - 1e-12);
        expect(all).toBeLessThanOrEqual((passHatK({ samples, passed }, k - 1).value ?? -1) + 1e-12);
      }
    }),
    { seed: 41 },
  );
});

test("fewer samples than are drawn leave it open, for a task and for the mean over tasks", () => {
  expect(passAtK({ samples: 3, passed: 0 }, 5)).toMatchObject({
    value: null,
    signature: "pass@5|estimate:unbiased|version:1",
  });
  const tasks = [
    { samples: 5, passed: 5 },
    { samples: 3, passed: 0 },
  ];
  expect(meanPassAtK(tasks, 5).reason).toBe("Task 1: There are 3 samples, and 5 are drawn of them.");
  expect(meanPassAtK(tasks, 3).value).toBe(0.5);
  expect(meanPassHatK([], 3).reason).toBe("There is no task.");
});

test("what cannot be is refused", () => {
  expect(() => passAtK({ samples: 3, passed: 4 }, 1)).toThrow("4 of 3 samples pass");
  expect(() => passHatK({ samples: 3, passed: 1 }, 0)).toThrow("It must be a whole number from 1");
  expect(() => likelihoodStats({ text: "a", logProbabilities: [0.1] })).toThrow("0.1 is no logarithm");
});

test("perplexity is over all tokens together and knows words and bytes as lm-evaluation-harness counts them", () => {
  const texts = [
    { text: "naïve 😀", logProbabilities: [-1, -3] },
    { text: "a", logProbabilities: [-2] },
  ];
  expect(likelihoodStats({ text: "naïve 😀", logProbabilities: [-1, -3] })).toEqual([-4, 2, 2, 11]);
  expect(perplexity(texts, "token").value).toBeCloseTo(Math.exp(2), 12);
  expect(perplexity(texts, "word").value).toBeCloseTo(Math.exp(2), 12);
  expect(perplexity(texts, "byte").value).toBeCloseTo(Math.exp(0.5), 12);
  expect(bitsPerByte(texts).value).toBeCloseTo(0.5 / Math.LN2, 12);
});

test("no token, and a token that cannot be, have no perplexity", () => {
  expect(perplexity([], "token")).toMatchObject({ value: null, reason: "There is no token." });
  expect(bitsPerByte([{ text: "", logProbabilities: [] }]).reason).toBe("There is no byte.");
  const never = [{ text: "a", logProbabilities: [Number.NEGATIVE_INFINITY] }];
  expect(perplexity(never, "byte").reason).toContain("the probability 0");
});
